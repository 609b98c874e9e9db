from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from benchmarks.fit_ways import Score, Way, mcnemar, measured, table, ways_for
from benchmarks.frame.labelled import labelled
from desktop_app.core.library.card import ClassLabel
from tests.tiny_model import colour_card, colour_network

CLASSES = [
    ClassLabel(class_id="n01", label="red_fox"),
    ClassLabel(class_id="n02", label="cat"),
    ClassLabel(class_id="n03", label="crane"),
]


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("n02/1.png", 1),
        ("cats/1.png", 1),
        ("test/Cat/1.png", 1),
        ("red fox/1.png", 0),
        ("red_fox/deep/1.png", 0),
        ("n03_crane.png", 2),
        ("n03_1234.png", 2),
        ("cats/n03_1.png", 2),
        ("dogs/1.png", None),
        ("cat.1.png", None),
    ],
)
def test_a_picture_is_known_by_its_folders_or_by_its_own_name(tmp_path, name, index):
    save(tmp_path / name, np.zeros((2, 2, 3), np.uint8))
    assert labelled(tmp_path, CLASSES) == ([] if index is None else [(index, tmp_path / name)])


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_each_way_is_scored_as_its_fit_says(tmp_path):
    from desktop_app.core.classify.classifier import Classifier

    wide = np.full((40, 160, 3), (200, 0, 0), np.uint8)
    wide[:, 60:100] = (0, 250, 0)
    save(tmp_path / "reds" / "1.png", wide)
    save(tmp_path / "greens" / "1.png", wide)
    (tmp_path / "greens" / "2.png").write_text("no picture")
    classifier = Classifier.of_keras(colour_card(), colour_network(), "CPU")
    found = measured(classifier, labelled(tmp_path, classifier.card.classes), list(ways_for(0.5)))
    first = {way.words: score.first.tolist() for way, score in found.items()}
    assert first["squash"] == [False, True]
    assert first["crop 0.5"] == first["crop 1"] == first["both 0.5"] == [True, False]
    assert all(score.five.all() for score in found.values())


def test_the_table_compares_with_squashing():
    right = np.array([True] * 3 + [False])
    all_right = np.ones(4, bool)
    scores = {
        Way("squash", 1.0): Score(right, all_right, 0.4),
        Way("crop", 0.875): Score(~right, all_right, 0.8),
    }
    _head, squash, crop = table(scores)
    assert squash.split()[:2] == ["squash", "75.0%"]
    assert crop.split()[:3] == ["crop", "0.875", "25.0%"]
    assert crop.endswith("+1 -3, p = 0.625")


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(0, 0, 1), (5, 5, 1), (0, 5, 0.0625), (10, 1, 0.01171875)]
)
def test_mcnemars_test_is_exact(better, worse, p):
    assert mcnemar(better, worse) == pytest.approx(p)
