"""Splits of data sets whose pictures belong together in groups."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.splits.split import split_examples
from tests.core.datasets.splits.test_split import FOLDER, per_class, report_of, rows_of

BY_FOLDER = Answers(groups=GroupRule(kind="folder"))


def patients(counts, part=None, first=0):
    """``(path, class, subset)`` of patients with six pictures each."""
    top = f"{part}/" if part else ""
    return [
        (f"{top}{name}/p{patient}/{number}.jpg", name, part)
        for name, count in counts.items()
        for patient in range(first, first + count)
        for number in range(6)
    ]


def split_of(rows, answers=BY_FOLDER, duplicates=(), **values):
    folders = {FOLDER / Path(*Path(path).parts[:-2]) for path, _name, _part in rows}
    report = replace(report_of(rows, duplicates), answers=answers, class_folders=tuple(sorted(folders)))
    return split_examples(report, **({"validation": 0.2, "test": 0.1, "seed": 1} | values))


def subsets_of_patients(split):
    held = defaultdict(set)
    for row in split.rows:
        held[row.path.parent.name].add(row.part)
    return held


@pytest.mark.parametrize("seed", range(5))
def test_no_group_is_on_two_sides(seed):
    split = split_of(patients({"a": 20, "b": 10}), seed=seed)
    assert all(len(parts) == 1 for parts in subsets_of_patients(split).values())
    assert len(split.rows) == 180
    counts = per_class(split)
    assert counts["a", "test"] >= 6
    assert counts["b", "validation"] >= 6
    assert sum(split.notes[0].count(part) for part in ("training", "validation", "test")) == 3
    assert split.notes[0].startswith("20 groups kept together: ")


def test_the_same_seed_gives_the_same_groups():
    rows = patients({"a": 20, "b": 20})
    assert split_of(rows) == split_of(rows)
    assert split_of(rows) == split_of(rows[::-1])
    assert split_of(rows) != split_of(rows, seed=2)


def test_copies_join_groups():
    twins = ("a/p0/0.jpg", "a/p1/0.jpg")
    for seed in range(20):
        held = subsets_of_patients(split_of(patients({"a": 10, "b": 10}), duplicates=[twins], seed=seed))
        assert held["p0"] == held["p1"]


def test_validation_is_drawn_by_group_and_torn_groups_are_said():
    rows = patients({"a": 10, "b": 10}, "train") + patients({"a": 4, "b": 4}, "test", first=7)
    split = split_of(rows)
    for parts in subsets_of_patients(split).values():
        assert not {"train", "validation"} <= parts
    assert rows_of(split, "validation")
    (torn,) = (note for note in split.notes if "groups are in" in note)
    assert torn.startswith("3 of 11 groups are in training")


def test_a_class_with_one_group_keeps_it_in_training():
    split = split_of(patients({"a": 12, "b": 0}) + patients({"b": 1}, first=50))
    assert {row.part for row in rows_of(split, "train") if split.classes[row.label] == "b"} == {"train"}
    assert per_class(split)["b", "train"] == 6
    assert "All pictures of b are in one group, which cannot be divided." in split.notes


def test_few_groups_in_a_subset_are_said():
    split = split_of(patients({"a": 10, "b": 10}))
    assert any(note.startswith("Only 1 group in test: ") for note in split.notes)
    many = split_of(patients({"a": 60, "b": 60}))
    assert not any("Only" in note for note in many.notes)


def test_a_rule_that_fits_nothing_splits_as_without_one():
    rows = patients({"a": 10, "b": 10})
    without = split_of(rows, Answers(groups=GroupRule()))
    nothing = split_of(rows, Answers(groups=GroupRule(kind="name", pattern="subject")))
    assert without.notes == ()
    assert without == split_of(rows, None)
    assert nothing.notes == (
        "No pictures belong together by the rule for groups: they are split one by one.",
    )
    assert per_class(nothing) == per_class(without)


def test_duplicates_alone_are_skipped_where_the_folders_tear_groups():
    rows = patients({"a": 4, "b": 4}, "train") + patients({"a": 4, "b": 4}, "test")
    twins = ("train/a/p0/0.jpg", "test/a/p0/0.jpg")
    split = split_of(rows, duplicates=[twins])
    assert len(split.rows) == len(rows) - 1
