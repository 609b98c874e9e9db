from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.inference.choice import EngineChoice
from desktop_app.core.training import fit
from desktop_app.core.training.loop import callbacks, epochs, pictures
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.outcome import assessment
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import (
    BatchEnded,
    CheckpointSaved,
    EpochEnded,
    Finished,
    PauseChanged,
    Preparing,
    Started,
    Warned,
)
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.tiny import SIDE, make_data, stores_in, tiny_config
from tests.core.training.watched import Run, stop_at

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "every_batch_told")]


@pytest.fixture
def every_batch_told(monkeypatch):
    monkeypatch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory, engine):
    config = tiny_config(data, name="My colours", tensorboard=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(callbacks, "EVENTS_PER_SECOND", 1e9)
        return Run(tmp_path_factory.mktemp("finished"), config)


def test_a_finished_run_is_a_model_that_predicts(finished, data):
    result = finished.result
    assert (result.status, result.epochs, result.name) == ("finished", 2, "My colours")
    assert result.model_id == "my-colours"
    classifier = load_classifier(result.model_id, finished.library)
    card = classifier.card
    assert [entry.label for entry in card.classes] == ["class 0", "class 1"]
    assert (card.origin, card.recipe, card.input.height) == ("trained", "two-block-cnn", SIDE)
    by_class = {"balanced_accuracy", "macro_f1"}
    assert {"top1", "pictures", "test_top1", "val_top1"} | by_class == set(card.metrics)
    assert card.metrics["pictures"] == 6
    assert "12 training, 6 validation and 6 test pictures of 2 classes from data" in card.data
    assert {"Keras", "TensorFlow"} <= set(card.versions)
    with Image.open(data / "class 1" / "0.png") as picture:
        [answer] = classifier.predict([np.asarray(picture)])
    assert {entry.label for entry in answer.labels} == {"class 0", "class 1"}


def test_the_events_tell_the_whole_story_in_order(finished):
    [started] = finished.of(Started)
    assert (started.train, started.validation, started.test, started.steps) == (12, 6, 6, 3)
    assert (started.epochs, started.history, started.classes) == (2, (), ("class 0", "class 1"))
    assert "block1_convolution" in started.summary
    assert started.parameters > 0
    assert [(event.epoch, event.step) for event in finished.of(BatchEnded)] == [
        (epoch, step) for epoch in (1, 2) for step in (1, 2, 3)
    ]
    assert [event.metrics.epoch for event in finished.of(EpochEnded)] == [1, 2]
    assert [(event.epoch, event.step) for event in finished.of(CheckpointSaved)] == [(1, 0), (2, 0)]
    assert finished.of(Preparing)
    first = next(number for number, event in enumerate(finished.events) if isinstance(event, BatchEnded))
    assert finished.events[first - 1] == Preparing("Preparing the network", 0, None)
    assert finished.events[-1] == Finished(finished.result)
    assert pickle.loads(pickle.dumps(finished.events)) == finished.events


def test_the_run_folder_has_all_of_it(finished):
    entry = finished.entry
    names = {path.name for path in entry.folder.iterdir()}
    assert names >= {
        "run.json",
        "split.csv",
        "metrics.csv",
        "checkpoints",
        "log.txt",
        "tensorboard",
        "evaluation.json",
    }
    assert "run.lock" not in names
    record = entry.record
    assert (record.state, record.model_id, record.epochs_done) == ("finished", "my-colours", 2)
    assert (record.train, record.validation, record.test) == (12, 6, 6)
    assert {"val_accuracy", "test_accuracy"} <= set(record.metrics)
    assert record.device.startswith(("CPU", "GPU"))
    assert [row.epoch for row in entry.history] == [1, 2]
    log = (entry.folder / "log.txt").read_text()
    assert "Epoch 2: loss" in log
    assert "Ended (finished)" in log
    assert len(list((entry.folder / "tensorboard").rglob("*tfevents*"))) == 2
    assert list(finished.runs.scratch.glob("*")) == []


def test_the_evaluation_is_of_the_test_split_and_is_kept(finished):
    evaluation = finished.result.evaluation
    assert (evaluation.part, evaluation.pictures) == ("test", 6)
    assert evaluation.confusion.total == 6
    assert evaluation.top_k is None
    assert finished.runs.open(finished.result.run_id).read_evaluation() == evaluation
    share = f"{100 * evaluation.accuracy:.1f}%"
    assert f"Done. {share} accurate on 6 test pictures (best: epoch " in finished.result.reason.text


def test_many_classes_have_top_k_figures(tmp_path):
    run = Run(tmp_path, tiny_config(make_data(tmp_path / "data", classes=4), epochs=1, class_weights=True))
    [started] = run.of(Started)
    assert [metric.label for metric in CLASSIFICATION.metrics_for(len(started.classes))] == [
        "loss",
        "accuracy",
        "balanced accuracy",
        "macro F1",
        "top-3",
    ]
    assert run.result.evaluation.k == 3
    assert 0 <= run.result.evaluation.top_k <= 1
    assert "val_top_k" in run.entry.record.metrics


def test_stop_keeps_the_best_epoch(data, tmp_path):
    def stop(control, event):
        if isinstance(event, BatchEnded) and (event.epoch, event.step) in {(2, 1), (4, 2)}:
            control.stop()

    run = Run(tmp_path, tiny_config(data, epochs=50), stop)
    assert (run.result.status, run.result.epochs, run.result.best_epoch) == ("stopped", 1, 1)
    assert len(run.of(BatchEnded)) == 4
    assert load_classifier(run.result.model_id, run.library)
    assert run.result.evaluation is not None
    assert (run.entry.record.state, run.entry.resumable) == ("stopped", True)
    again = run.resume()
    assert (again.status, again.epochs) == ("stopped", 3)
    assert again.model_id == run.result.model_id, "the run's model is replaced"


def test_stop_within_the_first_epoch_keeps_the_present_weights(data, tmp_path):
    run = Run(tmp_path, tiny_config(data), stop_at(BatchEnded))
    assert (run.result.status, run.result.epochs, run.result.best_epoch) == ("stopped", 0, None)
    assert "within the first epoch" in run.result.reason.text
    assert load_classifier(run.result.model_id, run.library)


@pytest.mark.parametrize("kind", [Preparing, Started])
def test_stop_before_the_first_batch_keeps_nothing(data, tmp_path, kind):
    number = 1 if kind is Started else 2
    run = Run(tmp_path, tiny_config(data), stop_at(kind, number=number))
    assert run.result.status == "stopped"
    if kind is Preparing:
        assert run.result.model_id is None
        assert "nothing to keep" in run.result.reason.text
        assert run.runs.list() == ()


def test_without_a_test_split_the_accuracy_on_the_validation_split_has_one_name(data, tmp_path):
    run = Run(tmp_path, tiny_config(data, test_split=0.0, epochs=1))
    assert run.result.evaluation.part == "validation"
    of_epoch = {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert set(run.entry.record.metrics) == of_epoch | {"val_balanced_accuracy", "val_macro_f1"}


def test_what_a_recipe_lacks_is_reported_before_there_is_a_run(data, tmp_path):
    run = Run(tmp_path, tiny_config(data, recipe="vgg19-transfer", input_size=32))
    assert run.result.status == "failed"
    assert "VGG19's weights need a one-time download" in run.result.reason.text
    assert run.runs.list() == ()


@pytest.mark.parametrize("moment", [(1, 2), (3, 1)], ids=["within the first epoch", "after two epochs"])
def test_stop_before_a_resumed_run_learns_more_keeps_what_it_had_learned(data, tmp_path, moment):
    orders = ["interrupt", "stop"]

    def watch(control, event):
        reading = isinstance(event, Preparing) and event.message == "Reading pictures"
        at_batch = isinstance(event, BatchEnded) and (event.epoch, event.step) == moment
        if (at_batch and len(orders) == 2) or (reading and len(orders) == 1):
            getattr(control, orders.pop(0))()

    run = Run(tmp_path, tiny_config(data, epochs=50), watch)
    assert run.result.status == "interrupted", run.result
    del run.events[:]
    again = run.resume()
    assert not run.of(BatchEnded)
    assert (again.status, again.epochs) == ("stopped", moment[0] - 1)
    assert (again.best_epoch in {1, 2}) is (moment[0] == 3)
    assert again.evaluation.pictures == 6
    assert "before the first batch" not in again.reason.text
    assert ("best: epoch" if again.epochs else "weights of the unfinished epoch") in again.reason.text
    assert load_classifier(again.model_id, run.library)


@pytest.mark.parametrize("kind", [Preparing, Started, BatchEnded, EpochEnded])
def test_cancel_leaves_nothing(data, tmp_path, kind):
    run = Run(tmp_path, tiny_config(data), stop_at(kind, "cancel"))
    assert run.result.status == "cancelled"
    assert run.result.model_id is None
    assert len(run.of(BatchEnded)) <= 4
    assert list(run.runs.folder.iterdir()) == []
    assert list(run.runs.scratch.glob("*")) == []
    assert not run.library.installed.exists()


def test_cancel_ends_a_validation(data, tmp_path, monkeypatch):
    control = TrainingControl()
    batches = []
    validated = callbacks.BatchWatch.validation_batch_ended

    def cancel(watch):
        batches.append(1)
        control.cancel()
        validated(watch)

    monkeypatch.setattr(callbacks.BatchWatch, "validation_batch_ended", cancel)
    runs, library = stores_in(tmp_path)
    result = fit.train(tiny_config(data), lambda event: None, control.token, runs=runs, library=library)
    assert result.status == "cancelled"
    assert len(batches) == 1


def test_pause_holds_between_batches_until_it_is_lifted(data, tmp_path):
    def watch(control, event):
        if isinstance(event, BatchEnded) and event.epoch == 1 and event.step == 2:
            control.pause()
        if event == PauseChanged(paused=True):
            control.unpause()

    run = Run(tmp_path, tiny_config(data), watch)
    names = [event for event in run.events if isinstance(event, BatchEnded | PauseChanged)]
    assert names[2:4] == [PauseChanged(paused=True), PauseChanged(paused=False)]
    assert run.result.status == "finished"


def test_a_paused_run_can_be_cancelled(data, tmp_path):
    def watch(control, event):
        if isinstance(event, BatchEnded):
            control.pause()
        if event == PauseChanged(paused=True):
            control.cancel()

    assert Run(tmp_path, tiny_config(data), watch).result.status == "cancelled"


def test_early_stopping_ends_the_run_in_good_order(data, tmp_path, monkeypatch):
    monkeypatch.setattr(epochs, "epochs_without_progress", lambda history: len(history) - 1)
    run = Run(tmp_path, tiny_config(data, epochs=40, early_stopping=1))
    assert (run.result.status, run.result.epochs) == ("finished", 2)
    assert "Done early: no further improvement. " in run.result.reason.text


def test_an_unknown_recipe_and_an_unusable_folder_fail_with_a_sentence(data, tmp_path):
    unknown = Run(tmp_path, tiny_config(data, recipe="magic"))
    assert unknown.result.status == "failed"
    assert "magic" in unknown.result.reason.text
    assert unknown.of(Finished)
    (tmp_path / "empty").mkdir()
    empty = Run(tmp_path, tiny_config(tmp_path / "empty"))
    assert empty.result.status == "failed"
    assert "empty" in empty.result.reason.text
    assert empty.entry.record.message == empty.result.reason.text


def test_a_value_out_of_the_recipes_range_fails_before_a_run_is_made(data, tmp_path):
    run = Run(tmp_path, tiny_config(data, input_size=512))
    assert run.result.status == "failed"
    assert not run.runs.folder.exists()


def test_without_a_validation_set_there_is_a_warning(data, tmp_path):
    run = Run(tmp_path, tiny_config(data, validation_split=0.0, test_split=0.0, epochs=1))
    assert run.result.status == "finished"
    assert run.result.evaluation is None
    assert any("no validation set" in warning.message for warning in run.of(Warned))


def test_mixed_precision_leaves_a_32_bit_model_and_the_policy_as_it_was(data, tmp_path):
    import keras

    before = keras.config.dtype_policy().name
    run = Run(tmp_path, tiny_config(data, mixed_precision=True, epochs=1))
    assert run.result.status == "finished", run.result
    assert keras.config.dtype_policy().name == before
    by = load_classifier(run.result.model_id, run.library, EngineChoice(engine="tensorflow")).by
    assert by.precision == "float32"


def test_a_backbone_is_trained_in_two_phases(tmp_path):
    data = make_data(tmp_path / "data", count=8)
    config = tiny_config(
        data, recipe="vgg19-transfer", input_size=32, random_weights=True, epochs=1, fine_tune_epochs=1,
        fine_tune_learning_rate=1e-4, units=4,
    )  # fmt: skip
    run = Run(tmp_path, config, stop_at(EpochEnded, "interrupt"))
    assert run.result.status == "interrupted", run.result
    again = run.resume()
    assert (again.status, again.epochs) == ("finished", 2)
    told = [(event.done, event.total) for event in run.of(Preparing) if event.message == "Evaluating"]
    assert told[-1] == (8, 8)
    assert [row.learning_rate for row in run.entry.history][1] == 1e-4
    assert load_classifier(again.model_id, run.library)


def test_a_head_is_evaluated_on_the_features_that_are_there(tmp_path, monkeypatch):
    data = make_data(tmp_path / "data", count=8)
    config = tiny_config(
        data, recipe="vgg19-transfer", input_size=32, random_weights=True, epochs=2, units=4, seed=3
    )
    asked = []
    answer = assessment.outputs_of

    def watch(model, batches, **options):
        outputs = list(answer(model, batches, **options))
        asked.append((model.name, np.concatenate(outputs)))
        return iter(outputs)

    monkeypatch.setattr(assessment, "outputs_of", watch)
    run = Run(tmp_path, config)
    assert run.result.status == "finished", run.result
    assert [name for name, _answers in asked] == ["pretrained_head", "pretrained_head"]
    classifier = load_classifier(run.result.model_id, run.library)
    rows = [row for row in pictures.read_split(run.entry.folder / "split.csv").rows if row.part == "test"]
    images = [np.asarray(Image.open(row.path)) for row in rows]
    given = [[label.probability for label in found.labels] for found in classifier.predict(images)]
    best = CLASSIFICATION.predictions(asked[1][1]).max(axis=1)
    assert [max(row) for row in given] == pytest.approx(best.tolist(), abs=1e-4)


def test_a_recipe_decides_what_of_a_picture_is_trained_on_and_predicted_from(tmp_path, monkeypatch):
    data = make_data(tmp_path / "data", side=(40, 24))
    cropping = replace(catalogue.get("two-block-cnn"), fit="crop", crop_share=0.5)
    monkeypatch.setattr(catalogue, "get", lambda _recipe_id: cropping)
    asked = []
    answer = assessment.outputs_of

    def watch(*arguments, **options):
        batches = list(answer(*arguments, **options))
        asked.append(np.concatenate(batches))
        return iter(batches)

    monkeypatch.setattr(assessment, "outputs_of", watch)
    run = Run(tmp_path, tiny_config(data))
    assert run.result.status == "finished", run.result
    classifier = load_classifier(run.result.model_id, run.library)
    assert (classifier.card.input.fit, classifier.card.input.crop_share) == ("crop", 0.5)
    rows = [row for row in pictures.read_split(run.entry.folder / "split.csv").rows if row.part == "test"]
    images = [np.asarray(Image.open(row.path)) for row in rows]
    assert images[0].shape == (24, 40, 3)
    given = [found.labels[0].probability for found in classifier.predict(images)]
    temperature = classifier.card.calibration.temperature
    trained = [classifier.probabilities(outputs, temperature).max(axis=1) for outputs in asked]
    assert any(pytest.approx(given, abs=1e-4) == values.tolist() for values in trained)
