from __future__ import annotations

import pytest

from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.datasets.splits.split import split_examples
from tests.core.datasets.splits.test_split import numbered, per_class, report_of, rows_of


def split_of(*parts, validation=0.25):
    """Split pictures whose folders name subsets: ``(part, counts)`` for each."""
    examples = [example for part, counts in parts for example in numbered(counts, part)]
    return split_examples(report_of(examples), validation=validation, test=0.1, seed=0)


def test_a_test_split_without_classes_is_not_scored():
    split = split_of(("train", {"cats": 24, "dogs": 24}), ("test", {"unknown": 16}))
    assert split.classes == ("cats", "dogs")
    assert rows_of(split, "test") == []
    assert len(rows_of(split, "validation")) == 12
    (note,) = split.notes
    assert note == (
        "The test split has 1 class without training pictures, which is not scored: unknown (16 pictures). "
        "Nothing is left of it: the accuracy is that on the validation pictures."
    )


def test_a_validation_split_of_other_classes_is_drawn_from_training_instead():
    split = split_of(("train", {"n01": 20, "n02": 20}), ("validation", {"images": 8}))
    assert split.classes == ("n01", "n02")
    assert per_class(split)["n01", "validation"] == per_class(split)["n02", "validation"] == 5
    assert split.notes[0] == (
        "The validation split has 1 class without training pictures, which is not scored: "
        "images (8 pictures). "
        "Nothing is left of it: validation pictures are drawn from the training split instead."
    )


def test_the_other_classes_keep_their_pictures_and_the_labels_have_no_gap():
    split = split_of(
        ("train", {"b": 8, "d": 8}),
        ("validation", {"a": 3, "b": 2, "d": 2}),
        ("test", {"b": 1, "c": 4, "d": 1}),
    )
    assert split.classes == ("b", "d")
    assert {row.label for row in split.rows} == {0, 1}
    assert all(row.path.parent.name == split.classes[row.label] for row in split.rows)
    assert (len(rows_of(split, "validation")), len(rows_of(split, "test"))) == (4, 2)
    assert split.notes == (
        "The validation split has 1 class without training pictures, which is not scored: a (3 pictures).",
        "The test split has 1 class without training pictures, which is not scored: c (4 pictures).",
    )


def test_many_classes_are_named_up_to_a_few():
    others = {f"z{number}": 2 for number in range(9)}
    split = split_of(("train", {"b": 8, "d": 8}), ("test", {"b": 1, "d": 1} | others))
    assert split.notes[0] == (
        "The test split has 9 classes without training pictures, which are not scored: z0 (2 pictures), "
        "z1 (2 pictures), z2 (2 pictures), z3 (2 pictures), z4 (2 pictures), 4 more classes (8 pictures)."
    )


@pytest.mark.parametrize(("train", "said"), [({"cats": 5}, "Only the class cats has"), ({}, "No class has")])
def test_fewer_than_two_classes_to_learn_are_refused(train, said):
    with pytest.raises(DatasetError, match=said):
        split_of(("train", train), ("test", {"cats": 2, "dogs": 2}))


def test_data_without_own_splits_stay_as_they_are():
    split = split_of((None, {"a": 10, "b": 10, "c": 10}))
    assert split.classes == ("a", "b", "c")
    assert split.notes == ()
