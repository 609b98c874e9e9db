from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.splits.split_file import Split, SplitRow, write_split
from desktop_app.core.export import held_pictures as module
from desktop_app.core.export.held_pictures import held_pictures, measured_on
from desktop_app.core.library.labels import class_labels
from tests.core.export.models import SIDE, card
from tests.core.training.tiny import stores_in, tiny_config

NAMES = ("class 0", "class 1", "class 2")


@pytest.fixture
def runs(tmp_path):
    return stores_in(tmp_path)[0]


@pytest.fixture
def run(runs, tmp_path):
    """A run with twelve validation pictures, each of its class's own grey."""
    data = tmp_path / "data"
    data.mkdir()
    rows = []
    for number in range(24):
        path = data / f"{number}.png"
        Image.new("RGB", (20, 20), (80 * (number % 3),) * 3).save(path)
        rows.append(SplitRow(path, number % 3, "validation" if number < 12 else "train"))
    folder = runs.create(tiny_config(data))
    write_split(Split(data, NAMES, tuple(rows)), folder.split_file)
    return folder


def described(run):
    """The card of the model that the run made, as it is written after a training."""
    classes = [entry.model_dump() for entry in class_labels(NAMES)]
    return card().changed(source=f"Training run {run.run_id}", classes=classes)


def test_the_validation_pictures_are_read_as_for_a_prediction(run, runs):
    held = held_pictures(described(run), runs)
    assert held.pixels.shape == (12, SIDE, SIDE, 3)
    assert list(held.labels) == [number % 3 for number in range(12)]
    assert [int(picture.max()) for picture in held.pixels] == [80 * (number % 3) for number in range(12)]


def test_of_very_many_some_are_taken_evenly(run, runs, monkeypatch):
    monkeypatch.setattr(module, "MOST", 5)
    held = held_pictures(described(run), runs)
    assert list(held.labels) == [0, 0, 0, 0]
    assert len(held.pixels) <= 5


def test_unreadable_ones_are_left_out_and_too_many_of_them_are_said(run, runs, tmp_path):
    (tmp_path / "data" / "3.png").write_bytes(b"no picture")
    assert len(held_pictures(described(run), runs).labels) == 11
    for number in range(9):
        (tmp_path / "data" / f"{number}.png").unlink()
    said = held_pictures(described(run), runs)
    assert said.startswith("The loss of accuracy is not measured: of 12 validation pictures")
    assert "only 3 can be read" in said


def test_what_is_missing_is_said(run, runs):
    of_another = described(run).changed(source="Training run 1999-01-01-mlp")
    assert "not known here" in held_pictures(of_another, runs)
    renamed = described(run)
    classes = [entry.model_dump() | {"label": "other"} for entry in renamed.classes]
    assert "have other names" in held_pictures(renamed.changed(classes=classes), runs)
    run.split_file.unlink()
    assert held_pictures(described(run), runs).startswith("The loss of accuracy is not measured: ")


def test_a_training_without_validation_pictures(run, runs, tmp_path):
    rows = (SplitRow(tmp_path / "data" / "0.png", 0, "train"),)
    write_split(Split(tmp_path / "data", NAMES, rows), run.split_file)
    assert "had no validation pictures" in held_pictures(described(run), runs)


def test_several_labels_have_no_one_accuracy(run, runs, tmp_path):
    rows = (SplitRow(tmp_path / "data" / "0.png", 0, "validation"),)
    write_split(Split(tmp_path / "data", NAMES, rows, combinations=((0, 2),)), run.split_file)
    assert "several labels at once" in held_pictures(described(run), runs)


def test_between_two_pictures_it_can_be_ended(run, runs):
    def end():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        held_pictures(described(run), runs, end)


def test_the_pictures_are_bytes(run, runs):
    assert held_pictures(described(run), runs).pixels.dtype == np.uint8


def test_what_a_loss_is_measured_on_is_said_before_the_export(run, runs, tmp_path):
    where = f"12 validation pictures of its training in {tmp_path / 'data'}"
    assert measured_on(described(run), runs) == f"The loss of accuracy is measured on {where}."
    assert measured_on(card(), runs).startswith("The loss of accuracy is not measured:")


@pytest.mark.parametrize("task", ["multi-label", "regression"])
def test_accuracy_is_measured_for_single_classes_only(run, runs, task):
    other = described(run).model_copy(update={"task": task})
    assert held_pictures(other, runs) == measured_on(other, runs)
    assert "one class only" in measured_on(other, runs)
