"""A corrected report is the one that folders sorted by the user would give."""

from __future__ import annotations

import shutil

import pytest

from desktop_app.core.datasets.corrections.applying import corrected
from desktop_app.core.datasets.decision import EXCLUDE, KEEP, relabel
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.datasets.splits.split import split_examples


def counts(report):
    return {entry.name: entry.total for entry in report.classes}


def labels(report):
    return {
        example.path.relative_to(report.folder).as_posix(): report.class_names[example.label]
        for example in report.examples
    }


def test_counts_labels_and_the_sentence_follow(data):
    base = examine(data)
    report = corrected(
        base,
        {
            data / "cats/0.png": relabel("dogs"),
            data / "cats/1.png": EXCLUDE,
            data / "dogs/0.png": KEEP,
            data / "nowhere.png": EXCLUDE,
        },
    )
    assert counts(report) == {"cats": 2, "dogs": 5}
    assert labels(report)["cats/0.png"] == "dogs"
    assert "cats/1.png" not in labels(report)
    assert [example.label for example in report.examples] == [0] * 2 + [1] * 5
    assert base.sentence == "8 pictures; 2 classes, no split yet"
    assert report.sentence == "7 pictures, 3 corrected; 2 classes, no split yet"


def test_later_decisions_replace_earlier_ones_and_none_leads_back(data):
    base = examine(data)
    first = corrected(base, {data / "cats/0.png": EXCLUDE})
    second = corrected(first, {data / "cats/1.png": relabel("dogs")})
    assert counts(second) == {"cats": 3, "dogs": 5}
    assert corrected(second, {}) is base


def test_a_picture_in_two_classes_is_no_warning_once_it_is_relabeled(data):
    shutil.copy(data / "cats/0.png", data / "dogs/copy.png")
    base = examine(data)
    assert any("mislabeled" in warning for warning in base.warnings)
    report = corrected(base, {data / "dogs/copy.png": relabel("cats")})
    assert not any("mislabeled" in warning for warning in report.warnings)
    assert [group.classes for group in report.duplicates] == [("cats",)]
    assert corrected(base, {data / "dogs/copy.png": EXCLUDE}).duplicates == ()


def test_it_equals_the_report_of_folders_that_were_sorted_by_hand(data, tmp_path):
    for part in ("train", "test"):
        shutil.copytree(data, tmp_path / "split" / part)
    (tmp_path / "split/test/cats/0.png").unlink()
    shutil.copytree(tmp_path / "split", tmp_path / "sorted")
    (tmp_path / "sorted/train/cats/0.png").rename(tmp_path / "sorted/train/dogs/9.png")
    wanted = examine(tmp_path / "sorted")
    report = corrected(examine(tmp_path / "split"), {tmp_path / "split/train/cats/0.png": relabel("dogs")})
    facts = ("name", "train", "validation", "test", "copies", "left_out")
    assert [[getattr(entry, fact) for fact in facts] for entry in report.classes] == [
        [getattr(entry, fact) for fact in facts] for entry in wanted.classes
    ]
    assert report.warnings == wanted.warnings
    assert len(report.duplicates) == len(wanted.duplicates)
    assert report.layout == wanted.layout


def test_a_class_without_pictures_is_gone_and_one_class_cannot_be_trained_on(data):
    report = corrected(examine(data), {data / f"cats/{number}.png": EXCLUDE for number in range(4)})
    assert report.class_names == ("dogs",)
    with pytest.raises(DatasetError, match="only the class dogs"):
        split_examples(report, validation=0.2, test=0.1, seed=0)
    none = corrected(report, dict.fromkeys(data.rglob("*.png"), EXCLUDE))
    assert none.classes == ()
    with pytest.raises(DatasetError, match="leave no pictures"):
        split_examples(none, validation=0.2, test=0.1, seed=0)


def test_the_split_has_the_labels_and_says_how_many(data):
    report = corrected(examine(data), {data / "cats/0.png": relabel("dogs"), data / "cats/1.png": EXCLUDE})
    split = split_examples(report, validation=0.2, test=0.1, seed=0)
    assert split.notes[0] == "2 corrections applied: 1 relabeled, 1 excluded."
    found = {row.path: split.classes[row.label] for row in split.rows}
    assert found[data / "cats/0.png"] == "dogs"
    assert data / "cats/1.png" not in found
    kept = corrected(examine(data), {data / "cats/0.png": KEEP})
    notes = split_examples(kept, validation=0.2, test=0.1, seed=0).notes
    assert not any("applied" in note for note in notes)


def test_skipped_files_stay_with_the_class_of_their_folder(data):
    (data / "cats/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    report = corrected(examine(data), {data / "cats/0.png": relabel("dogs")})
    assert [entry.left_out for entry in report.classes] == [1, 0]
