"""The shipped model can be trained again by one command."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.library.store import Library

pytestmark = pytest.mark.engine


@pytest.fixture
def everyday_data(script):
    return script("everyday.data")


@pytest.fixture
def data(tmp_path):
    """Two classes that differ in colour, 24 pictures each, with noise."""
    random = np.random.default_rng(1)
    for name, colour in (("blue", (40, 60, 200)), ("red", (200, 60, 40))):
        folder = tmp_path / "data" / name
        folder.mkdir(parents=True)
        for number in range(24):
            pixels = np.clip(random.normal(colour, 30, (32, 32, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"{number:02}.png")
    return tmp_path / "data"


def test_the_held_out_part_is_stratified_and_apart(everyday_data):
    labels = np.repeat([0, 1, 2], 50)
    fitted, held = everyday_data.hold_out(labels, 5, seed=3)
    assert np.bincount(labels[held]).tolist() == [5, 5, 5]
    assert sorted([*fitted, *held]) == list(range(150))
    assert everyday_data.hold_out(labels, 5, seed=3)[1].tolist() == held.tolist()
    assert everyday_data.hold_out(labels, 5, seed=4)[1].tolist() != held.tolist()


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_augmented_pictures_keep_their_shape_and_range(strength, everyday_data):
    import tensorflow as tf

    tf.random.set_seed(1)
    pictures = np.random.default_rng(0).integers(0, 256, (16, 32, 32, 3), dtype=np.uint8)
    degraded = np.stack([everyday_data.degrade(tf.constant(picture), strength) for picture in pictures])
    assert (degraded.shape, degraded.dtype) == (pictures.shape, np.float32)
    changed = (degraded != pictures).any(axis=(1, 2, 3)).sum()
    assert changed == 0 if strength == 0 else 0 < changed < 16
    augmented = everyday_data.augment(tf.constant(degraded), strength).numpy()
    assert augmented.shape == pictures.shape
    assert augmented.min() >= 0
    assert augmented.max() <= 255


def test_without_strength_only_flips_and_shifts_remain(everyday_data):
    import tensorflow as tf

    tf.random.set_seed(2)
    column = np.zeros((8, 32, 32, 3), np.float32)
    column[:, :, 16] = 255
    moved = everyday_data.augment(tf.constant(column), 0.0).numpy()
    assert set(np.unique(moved)) == {0.0, 255.0}
    assert (moved.sum(axis=(1, 2, 3)) == column[0].sum()).all()


def test_one_command_trains_calibrates_and_writes_a_model_that_answers(
    script, data, tmp_path, monkeypatch, capsys
):
    command = script("train_everyday")
    words = [str(data), "--epochs", "3", "--batch-size", "8", "--hold-out", "4", "--learning-rate", "0.02"]
    first, second = tmp_path / "first", tmp_path / "models" / "everyday"
    earlier = str(first / "model.keras")
    for output, more in ((first, []), (second, ["--start-from", earlier, "--average-with", earlier])):
        monkeypatch.setattr("sys.argv", ["train_everyday", *words, "--output", str(output), *more])
        command.main()
    assert "40 pictures to train on, 8 held out" in capsys.readouterr().out
    with (second / "curve.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    assert float(rows[-1]["accuracy"]) > 0.8

    library = Library(tmp_path / "models", tmp_path / "none", tmp_path / "trash")
    entry = library.get("everyday")
    assert entry.problem == ""
    assert [label.label for label in entry.card.classes] == ["blue", "red"]
    assert entry.card.calibration.error_before is not None

    from desktop_app.core.classify.loader import load_classifier

    classifier = load_classifier("everyday", library)
    red = np.full((60, 90, 3), (200, 60, 40), np.uint8)
    assert classifier.predict([red])[0].top.label == "red"
