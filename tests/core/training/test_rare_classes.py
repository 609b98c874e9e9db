"""A class with few pictures: a model that never finds it is not the best, and not praised."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.confusion import OUT_OF_BALANCE
from desktop_app.core.training.loop import epochs
from desktop_app.core.training.records.events import EpochEnded, Started, Warned
from tests.core.training.tiny import SIDE, make_data, tiny_config
from tests.core.training.watched import Run, stop_at

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def make_parts(folder, counts):
    """Write grey noise: ``(part, class)`` and how many pictures of it."""
    random = np.random.default_rng(0)
    for (part, name), count in counts.items():
        place = folder / part / name
        place.mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
            Image.fromarray(pixels).save(place / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def rare(tmp_path_factory):
    """Forty good parts and eight with a scratch, which look the same to a network this small."""
    return make_parts(tmp_path_factory.mktemp("rare"), {("", "ok"): 40, ("", "scratch"): 8})


def always_ok(monkeypatch):
    """Let every epoch end with a network that always predicts the first class."""
    finish = epochs._Loop._finish_epoch

    def bend(loop, training, metrics):
        bias = training.phase.model.variables[-1]
        bias.assign(np.array([100.0, -100.0], np.float32)[: bias.shape[0]])
        finish(loop, training, metrics)

    monkeypatch.setattr(epochs._Loop, "_finish_epoch", bend)


def test_the_balanced_accuracy_chooses_the_epoch_and_it_is_said(rare, tmp_path):
    run = Run(tmp_path, tiny_config(rare, epochs=3, class_weights=True))
    assert run.result.status == "finished", run.result
    [started] = run.of(Started)
    assert started.unbalanced
    warning = next(event.message for event in run.of(Warned) if "out of balance" in event.message)
    assert warning == (
        "The classes are out of balance: ok has 20 training pictures, scratch 4. The epoch with the highest "
        "balanced accuracy is kept: in it every class counts the same."
    )
    rows = [event.metrics.figures for event in run.of(EpochEnded)]
    assert all({"balanced_accuracy", "val_balanced_accuracy"} <= row.keys() for row in rows)
    best = rows[run.result.best_epoch - 1]
    assert best["val_balanced_accuracy"] == max(row["val_balanced_accuracy"] for row in rows)
    record = run.entry.record
    assert record.unbalanced
    assert run.entry.task.headline == "balanced_accuracy"
    assert run.entry.tested == record.metrics["test_balanced_accuracy"]
    assert {"test_accuracy", "test_macro_f1"} <= record.metrics.keys()


def test_the_choice_is_kept_when_the_run_is_resumed(rare, tmp_path):
    run = Run(tmp_path, tiny_config(rare, epochs=3), stop_at(EpochEnded, "interrupt"))
    assert run.result.status == "interrupted"
    again = run.resume()
    assert (again.status, again.epochs) == ("finished", 3)
    assert all("val_balanced_accuracy" in epoch.figures for epoch in run.entry.history)
    assert [event.unbalanced for event in run.of(Started)] == [True, True]


def test_a_run_that_was_begun_by_the_accuracy_goes_on_by_it(rare, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("desktop_app.core.training.loop.balance.out_of_balance", lambda _counts: False)
        run = Run(tmp_path, tiny_config(rare, epochs=3), stop_at(EpochEnded, "interrupt"))
    again = run.resume()
    assert (again.status, again.epochs) == ("finished", 3)
    assert not run.entry.record.unbalanced
    assert not any("balanced_accuracy" in epoch.figures for epoch in run.entry.history)


def test_balanced_runs_measure_no_balanced_accuracy_in_their_epochs(tmp_path):
    run = Run(tmp_path, tiny_config(make_data(tmp_path / "data"), epochs=1))
    [ended] = run.of(EpochEnded)
    assert set(ended.metrics.figures) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert not run.of(Started)[0].unbalanced
    assert run.result.evaluation.metrics.keys() == {"accuracy", "balanced_accuracy", "macro_f1"}


@pytest.mark.parametrize("class_weights", [False, True])
def test_a_model_that_always_says_ok_is_called_so(rare, tmp_path, monkeypatch, class_weights):
    always_ok(monkeypatch)
    run = Run(tmp_path, tiny_config(rare, epochs=2, class_weights=class_weights))
    evaluation = run.result.evaluation
    assert run.result.reason.text.startswith(
        "Done. Always predicts ok, on all 12 test pictures (kept: epoch "
    )
    assert "The model predicts ok for all 12 test pictures" in evaluation.shortcomings[0]
    assert evaluation.shortcomings[1] == "It finds none of scratch (2 of 2 missed)."
    card = run.library.get(run.result.model_id).card
    assert (card.metrics["balanced_accuracy"], card.metrics["macro_f1"]) == (0.5, 0.4545)


def test_the_threshold_is_this():
    assert OUT_OF_BALANCE == 3


def test_pictures_without_a_learnt_class_are_not_scored(tmp_path):
    data = make_parts(
        tmp_path / "data",
        {
            ("train", "cats"): 12,
            ("train", "dogs"): 12,
            ("test", "cats"): 4,
            ("test", "dogs"): 4,
            ("test", "owls"): 6,
        },
    )
    run = Run(tmp_path / "run", tiny_config(data, epochs=1))
    [started] = run.of(Started)
    assert (started.classes, started.test, started.validation) == (("cats", "dogs"), 8, 6)
    assert any("not scored: owls (6 pictures)" in event.message for event in run.of(Warned))
    assert (run.result.evaluation.part, run.result.evaluation.pictures) == ("test", 8)
    assert len(run.library.get(run.result.model_id).card.classes) == 2


def test_a_class_whose_training_pictures_all_vanish_is_not_scored(tmp_path, monkeypatch):
    from desktop_app.core.training.loop import pictures

    data = make_parts(
        tmp_path / "data",
        {(part, name): count for name in "abc" for part, count in (("train", 6), ("val", 2), ("test", 2))},
    )
    write_split = pictures.write_split

    def remove(split, path):
        write_split(split, path)
        for row in split.rows:
            if row.part == "train" and row.label == 2:
                row.path.unlink()

    monkeypatch.setattr(pictures, "write_split", remove)
    run = Run(tmp_path / "run", tiny_config(data, epochs=1))
    [started] = run.of(Started)
    assert (started.train, started.validation, started.test) == (12, 4, 4)
    assert run.result.evaluation.confusion.pictures.tolist() == [2, 2, 0]
