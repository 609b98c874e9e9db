from dataclasses import replace

from desktop_app.core.training.recipes.pretrained import RECIPE
from desktop_app.core.training.recipes.shortage import caution, shortage
from tests.ui.fake_training import report


def with_counts(*counts, test=0):
    """A report on classes with so many pictures, of which some are in a test set."""
    made = report(classes=tuple(f"c{number}" for number in range(len(counts))))
    classes = tuple(
        replace(entry, train=count - test, test=test)
        for entry, count in zip(made.classes, counts, strict=True)
    )
    return replace(made, classes=classes)


def test_five_pictures_of_a_class_are_enough():
    assert shortage(RECIPE, with_counts(5, 90)) is None


def test_what_is_missing_is_said_for_each_class():
    reason = shortage(RECIPE, with_counts(4, 9, 1))
    assert (
        reason.text == "Too few pictures: c0 needs 1 more picture (has 4); c2 needs 4 more pictures (has 1)."
    )
    assert reason.advice == "Pretrained network trains from 5 pictures per class on."


def test_a_test_set_does_not_count_and_long_lists_end():
    reason = shortage(RECIPE, with_counts(*[6] * 7, test=2))
    assert reason.text.startswith("Too few pictures: c0 needs 1 more picture (has 4); ")
    assert reason.text.endswith("; and 2 other classes.")


def test_few_pictures_are_cautioned_about():
    assert caution(with_counts(20, 30)) == ""
    assert caution(with_counts(7, 30)).startswith("Only 7 pictures in the smallest class: this works")


def test_a_class_without_training_pictures_is_not_learnt_and_needs_none():
    made = with_counts(20, 30, 12)
    unlearnt = replace(made.classes[2], train=0, test=12)
    data = replace(made, classes=(*made.classes[:2], unlearnt))
    assert [entry.name for entry in data.learnt] == ["c0", "c1"]
    assert shortage(RECIPE, data) is None
    assert caution(data) == ""
