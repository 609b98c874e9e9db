"""From features to the list of a data set, and once with real pictures and the network of the box."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.decision import KEEP, relabel
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import ClassSummary, DatasetReport, DuplicateGroup, Example
from desktop_app.core.features.extract import extractor
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.label_mistakes.search import find_label_mistakes, groups_of, judge, listed, together
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import FEATURES

SIZE = (8, 8)


def data_set(labels, names=("cats", "dogs"), duplicates=()):
    examples = [Example(Path(f"/data/{row}.jpg"), label, None) for row, label in enumerate(labels)]
    classes = [ClassSummary(name, labels.count(i), 0, 0, 0, ()) for i, name in enumerate(names)]
    folder = Path("/data")
    return DatasetReport(
        folder, folder, "", tuple(classes), examples, (), duplicates, (), SIZE, SIZE, SIZE, {}, 0, 0.0
    )


def group(*rows, kind="exact", classes=("cats", "dogs")):
    return DuplicateGroup(kind, tuple(Path(f"/data/{row}.jpg") for row in rows), classes, ())


def test_improbable_labels_come_worst_first_with_what_fits_better():
    report = data_set([0, 0, 1, 1])
    predicted = np.array([[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.99, 0.01]])
    found = listed(report, tuple(report.examples), predicted).found
    assert [(mistake.path.name, mistake.given, mistake.suggested) for mistake in found] == [
        ("3.jpg", "dogs", "cats"),
        ("1.jpg", "cats", "dogs"),
    ]
    assert (found[0].probability, found[0].given_probability) == pytest.approx((0.99, 0.01))


def test_a_picture_in_two_classes_comes_first_and_the_better_class_is_suggested():
    report = data_set([0, 1, 0, 0], duplicates=(group(0, 1), group(0, 1, 2, kind="near")))
    predicted = np.array([[0.2, 0.8], [0.3, 0.7], [0.4, 0.6], [0.1, 0.9]])
    found = listed(report, tuple(report.examples), predicted).found
    assert [(mistake.path.name, mistake.kind) for mistake in found] == [
        ("0.jpg", "copy"),
        ("2.jpg", "copy"),
        ("3.jpg", "improbable"),
    ]
    assert found[0].suggested == "dogs"
    assert found[0].copies_in == ("cats", "dogs")
    assert found[0].probability == pytest.approx(0.7)


def test_copies_are_listed_even_where_no_label_can_be_judged():
    report = data_set([0, 1, 1], duplicates=(group(0, 1, 2),))
    (found,) = listed(report, tuple(report.examples), np.full((3, 2), np.nan)).found
    assert (found.path.name, found.suggested, found.probability) == ("0.jpg", "dogs", None)


def test_what_the_user_has_decided_about_is_not_listed_again():
    report = data_set([0, 0, 1], duplicates=(group(1, 2),))
    predicted = np.array([[0.1, 0.9], [0.1, 0.9], [0.1, 0.9]])
    decided = {Path("/data/0.jpg"): KEEP, Path("/data/1.jpg"): relabel("cats")}
    found = listed(replace(report, decisions=decided), tuple(report.examples), predicted)
    assert found.found == ()
    assert found.sentence == "No improbable labels found."


def test_classes_with_few_pictures_are_left_out_and_named():
    labels = [0] * 10 + [1] * 10 + [2] * 4
    report = data_set(labels, names=("cats", "dogs", "owls"))
    features = np.random.default_rng(0).normal(0, 1, (24, 6)).astype(np.float32)
    features[:10, 0] += 9
    predicted = judge(features, np.array(labels), np.arange(24), 3)
    assert np.isnan(predicted[20:]).all()
    assert (predicted[:20, 2] == 0).all()
    found = listed(report, tuple(report.examples), predicted, unreadable=1)
    assert found.checked == 20
    assert found.limits == "Not checked: owls (fewer than 5 pictures). 1 picture couldn't be read."


def test_one_large_class_alone_is_not_judged():
    predicted = judge(np.ones((9, 3), np.float32), np.array([0] * 6 + [1] * 3), np.arange(9), 2)
    assert np.isnan(predicted).all()


def test_copies_of_copies_are_one_group():
    paths = [Path(f"/data/{row}.jpg") for row in range(5)]
    assert groups_of(paths, (group(0, 2), group(2, 4, kind="near"))).tolist() == [0, 1, 0, 3, 0]


@pytest.fixture
def folder(tmp_path):
    """Red and blue pictures with some noise; two of each are in the other's folder."""
    random = np.random.default_rng(0)
    for name in ("red", "blue"):
        (tmp_path / "data" / name).mkdir(parents=True)
    for name, colour in (("red", (200, 30, 30)), ("blue", (30, 30, 200))):
        for number in range(14):
            pixels = random.normal(colour, 25, (32, 32, 3)).clip(0, 255).astype(np.uint8)
            where = {"red": "blue", "blue": "red"}[name] if number < 2 else name
            Image.fromarray(pixels).save(tmp_path / "data" / where / f"{name}{number}.png")
    return tmp_path / "data"


def first_pixels(pixels):
    """Stands for the network."""
    rows = pixels.reshape(len(pixels), -1, 3).mean(axis=1).astype(np.float32)
    return np.concatenate([rows, np.zeros((len(rows), FEATURES - 3), np.float32)], axis=1)


def test_a_folder_is_searched_with_progress(folder):
    told = []
    found = find_label_mistakes(examine(folder), make_compute=lambda: first_pixels, on_progress=told.append)
    assert sorted(mistake.path.name for mistake in found.found) == [
        "blue0.png",
        "blue1.png",
        "red0.png",
        "red1.png",
    ]
    assert found.checked == 28
    assert found.sentence == "4 labels of 28 pictures may be wrong, the least probable first."
    assert {progress.message for progress in told} == {"Looking at pictures", "Comparing labels"}
    assert (told[-1].done, told[-1].total) == (10, 10)


def test_a_search_can_be_ended(folder):
    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        find_label_mistakes(examine(folder), make_compute=lambda: first_pixels, check=stop)


def test_the_network_of_the_box_finds_them_too(engine, folder, tmp_path):
    make = partial(extractor, Library.default())
    found = find_label_mistakes(examine(folder), make_compute=make, cache=tmp_path / "features.db")
    assert {"blue0.png", "blue1.png", "red0.png", "red1.png"} <= {
        mistake.path.name for mistake in found.found
    }
    assert len(found.found) < 14


@pytest.mark.parametrize(("patients", "numbers"), [(6, 6), (4, 24)])
def test_groups_stay_in_one_fold_where_each_class_has_enough_of_them(patients, numbers):
    rows = [(kind, patient, n) for kind in (0, 1) for patient in range(patients) for n in range(3)]
    paths = [Path(f"/data/{kind}/p{patient}/{n}.jpg") for kind, patient, n in rows]
    labels = [kind for kind, _patient, _n in rows]
    report = replace(
        data_set(labels),
        answers=Answers(groups=GroupRule(kind="folder")),
        class_folders=(Path("/data/0"), Path("/data/1")),
    )
    assert len(set(together(report, paths, np.array(labels)).tolist())) == numbers
