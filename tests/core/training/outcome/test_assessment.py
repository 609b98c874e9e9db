"""Whatever goes wrong once the epochs are done: the model is kept, and the run says what is missing."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.training.outcome import assessment
from desktop_app.core.training.outcome.evaluation import FEWEST_SAMPLED, SAMPLED_NUMBERS, Sample
from desktop_app.core.training.records.events import EpochEnded, Preparing
from tests.core.training.tiny import make_data, tiny_config
from tests.core.training.watched import Run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"))


def failing(error):
    def fail(*_arguments, **_options):
        raise error

    return fail


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("error", "said", "advice"),
    [
        (MemoryError(), "there was not enough memory to evaluate it", "in Batch"),
        (
            StorageError("The disk is full.", "Make room."),
            "not its evaluation: The disk is full.",
            "Make room.",
        ),
        (ValueError("odd"), "evaluating it failed: log.txt says why", "in Batch"),
    ],
)
def test_an_evaluation_that_fails_leaves_a_model_and_a_sentence(
    data, tmp_path, monkeypatch, error, said, advice
):
    monkeypatch.setattr(assessment, "outputs_of", failing(error))
    run = Run(tmp_path, tiny_config(data, epochs=1))
    result = run.result
    assert (result.status, result.evaluation) == ("finished", None)
    assert result.problem.startswith("The model is kept, but")
    assert said in result.problem
    assert result.reason.text == f"Done. Not evaluated (best: epoch 1 of 1). {result.problem}"
    assert advice in result.reason.advice
    classifier = load_classifier(result.model_id, run.library)
    assert classifier.predict([np.zeros((8, 8, 3), np.uint8)])
    assert classifier.card.metrics == {}
    assert type(error).__name__ in (run.entry.folder / "log.txt").read_text()
    assert run.entry.record.state == "finished"


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_the_model_is_there_before_anything_is_evaluated(data, tmp_path):
    seen = []

    def watch(_control, event):
        if isinstance(event, Preparing) and event.message == "Evaluating":
            seen.append(sorted(path.name for path in (tmp_path / "models").glob("*/*")))

    run = Run(tmp_path, tiny_config(data, epochs=1), watch)
    assert run.result.status == "finished"
    assert seen[0] == ["card.json", "model.keras"]
    assert run.library.get(run.result.model_id).card.metrics["pictures"] == 6


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_cancelling_the_evaluation_discards_the_model_too(data, tmp_path):
    def watch(control, event):
        if isinstance(event, Preparing) and event.message == "Evaluating":
            control.cancel()

    run = Run(tmp_path, tiny_config(data, epochs=1), watch)
    assert run.result.status == "cancelled"
    assert list(run.library.installed.glob("*")) == []
    assert run.library.trashed() == []
    assert list(run.runs.folder.iterdir()) == []


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_cancelling_is_too_late_once_an_earlier_model_of_the_run_is_replaced(data, tmp_path):
    resumed = []

    def watch(control, event):
        if resumed and isinstance(event, Preparing) and event.message == "Evaluating":
            control.cancel()
        elif not resumed and isinstance(event, EpochEnded):
            control.stop()

    run = Run(tmp_path, tiny_config(data, epochs=3), watch)
    assert run.result.status == "stopped"
    resumed.append(True)
    again = run.resume()
    assert (again.status, again.model_id, again.evaluation) == ("finished", run.result.model_id, None)
    assert "too late to cancel" in again.reason.text
    assert load_classifier(again.model_id, run.library)


def test_a_sample_is_all_of_few_numbers_and_some_of_very_many():
    rows = np.arange(60.0).reshape(20, 3)
    sample = Sample.of(20, 3, seed=0)
    passed = list(sample.watch(iter([rows[:7], rows[7:]])))
    assert np.array_equal(np.concatenate(passed), rows)
    assert np.array_equal(sample.taken(), rows)
    wide = Sample.of(20_000, 20_000, seed=0)
    assert len(wide.rows) == max(SAMPLED_NUMBERS // 20_000, FEWEST_SAMPLED) == 100
    few = Sample(np.array([2, 9, 10]), [])
    list(few.watch(iter([rows[:5], rows[5:10], rows[10:]])))
    assert np.array_equal(few.taken(), rows[[2, 9, 10]])
