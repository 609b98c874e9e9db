"""A training uses the user's corrections of the data, and its run keeps them."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.corrections.document import Corrections
from desktop_app.core.datasets.corrections.store import CorrectionStore
from desktop_app.core.datasets.decision import EXCLUDE, relabel
from desktop_app.core.datasets.splits.split_file import read_split
from desktop_app.core.training.records.events import Warned
from tests.core.training.tiny import make_data, tiny_config
from tests.core.training.watched import Run

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def data(tmp_path):
    folder = make_data(tmp_path / "data")
    changes = {folder / "class 0/0.png": relabel("class 1"), folder / "class 0/1.png": EXCLUDE}
    CorrectionStore(folder).change(folder, changes)
    return folder


def classes_of(run):
    split = read_split(run.entry.folder / "split.csv")
    return split, {row.path: split.classes[row.label] for row in split.rows}


def test_the_split_the_record_and_the_run_show_the_corrections(data, tmp_path):
    run = Run(tmp_path / "work", tiny_config(data, epochs=1))
    assert run.result.status == "finished", run.result
    split, found = classes_of(run)
    assert found[data / "class 0/0.png"] == "class 1"
    assert data / "class 0/1.png" not in found
    sentence = "2 corrections applied: 1 relabeled, 1 excluded."
    assert sentence in split.notes
    assert sentence in [event.message for event in run.of(Warned)]
    record = run.entry.record
    assert record.corrections == 2
    assert record.train + record.validation + record.test == 23
    kept = Corrections.model_validate_json((run.entry.folder / "corrections.json").read_bytes())
    assert [entry.path for entry in kept.corrections] == ["class 0/0.png", "class 0/1.png"]


def test_a_training_can_do_without_them(data, tmp_path):
    config = tiny_config(data, epochs=1).model_copy(update={"corrections": False})
    run = Run(tmp_path / "work", config)
    split, found = classes_of(run)
    assert found[data / "class 0/0.png"] == "class 0"
    assert len(found) == 24
    assert not any("applied" in note for note in split.notes)
    assert run.entry.record.corrections == 0
    assert not (run.entry.folder / "corrections.json").exists()


def test_too_many_exclusions_end_the_run_with_a_sentence(data, tmp_path):
    CorrectionStore(data).change(data, {data / f"class 0/{number}.png": EXCLUDE for number in range(12)})
    run = Run(tmp_path / "work", tiny_config(data, epochs=1))
    assert run.result.status == "failed"
    assert "only the class class 1" in run.result.reason.text
