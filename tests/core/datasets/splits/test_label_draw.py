"""Splits of pictures with several labels at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.report import ClassSummary, DatasetError, Example
from desktop_app.core.datasets.splits.split import positive_weights, split_examples
from desktop_app.core.datasets.splits.split_file import read_split, write_split
from tests.core.datasets.splits.test_split import FOLDER, report_of

NAMES = ("bird", "cat, big", "dog")


def report(sets, parts=None, folder="p"):
    """A report about pictures with these labels."""
    combinations = tuple(dict.fromkeys(tuple(sorted(own)) for own in sets))
    parts = parts or [None] * len(sets)
    rows = tuple(
        Example(
            FOLDER / folder.format(number) / f"{number:04}.png", combinations.index(tuple(sorted(own))), part
        )
        for number, (own, part) in enumerate(zip(sets, parts, strict=True))
    )
    base = report_of([("a/1.png", "a", None)])
    summaries = tuple(ClassSummary(name, 1, 0, 0, 0, ()) for name in NAMES)
    return replace(base, classes=summaries, examples=rows, combinations=combinations)


def labels_in(split, part):
    return Counter(
        split.classes[label]
        for row in split.rows
        if row.part == part
        for label in split.combinations[row.label]
    )


@pytest.fixture(scope="module")
def sets():
    """Two hundred pictures; the third label is rare, and always with another."""
    random = np.random.default_rng(0)
    common = [tuple(label for label in (0, 1) if random.random() < 0.4) for _ in range(180)]
    return common + [(0, 2)] * 12 + [(1, 2)] * 8


@pytest.mark.parametrize("seed", range(4))
def test_every_label_is_in_proportion(sets, seed):
    split = split_examples(report(sets), validation=0.2, test=0.1, seed=seed)
    assert len(split.rows) == 200
    totals = Counter(NAMES[label] for own in sets for label in own)
    for part, share in (("validation", 0.2), ("test", 0.1), ("train", 0.7)):
        found = labels_in(split, part)
        for name, total in totals.items():
            assert abs(found[name] - share * total) <= max(2, 0.03 * total), (part, name)
        size = sum(row.part == part for row in split.rows)
        assert abs(size - share * 200) <= 8


def test_a_label_of_three_pictures_is_learned():
    few = [(0,)] * 40 + [(1,)] * 40 + [(0, 2)] * 3
    split = split_examples(report(few), validation=0.2, test=0.1, seed=3)
    assert labels_in(split, "train")["dog"] >= 2


def test_groups_and_the_seed_are_respected(sets):
    rule = Answers(groups=GroupRule(kind="name", pattern=r"(\d\d\d)\d"))
    grouped = replace(report(sets), answers=rule)
    split = split_examples(grouped, validation=0.2, test=0.1, seed=1)
    held = {}
    for row in split.rows:
        held.setdefault(row.path.stem[:3], set()).add(row.part)
    assert all(len(parts) == 1 for parts in held.values())
    assert {part for parts in held.values() for part in parts} == {"train", "validation", "test"}
    assert split == split_examples(grouped, validation=0.2, test=0.1, seed=1)
    assert split.rows != split_examples(grouped, validation=0.2, test=0.1, seed=2).rows


def test_a_split_file_keeps_sets_of_labels(sets, tmp_path):
    split = split_examples(report(sets), validation=0.2, test=0.1, seed=1)
    write_split(split, tmp_path / "split.csv")
    again = read_split(tmp_path / "split.csv")
    assert again.classes == NAMES
    pairs = [(row.path, row.part, own.combinations[row.label]) for own in (split, again) for row in own.rows]
    assert pairs[:200] == pairs[200:]
    assert () in again.combinations
    text = (tmp_path / "split.csv").read_text().replace('""bird""', '""worm""')
    (tmp_path / "split.csv").write_text(text)
    with pytest.raises(DatasetError, match="is not a split file"):
        read_split(tmp_path / "split.csv")


def test_labels_without_training_pictures_are_left_out_and_their_pictures_stay():
    sets = [(0,), (1,), (0, 1), (0, 2), (2,)]
    split = split_examples(
        report(sets, ["train", "train", "validation", "test", "test"]), validation=0.2, test=0, seed=0
    )
    assert split.classes == NAMES[:2]
    assert len(split.rows) == 5
    assert "No training pictures of dog: not learned." in split.notes
    assert [split.combinations[row.label] for row in split.rows if row.part == "test"] == [(0,), ()]


def test_one_label_with_training_pictures_is_too_few():
    with pytest.raises(DatasetError, match="Only the label bird has training pictures"):
        split_examples(report([(0,), (1,)], ["train", "test"]), validation=0.2, test=0, seed=0)


def test_positive_weights_balance_a_label():
    weights = positive_weights(np.array([50, 10, 0, 1, 100]), 100)
    assert weights.tolist() == pytest.approx([1, 9, 1, 99, 0.01])
