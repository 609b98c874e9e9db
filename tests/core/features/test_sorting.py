"""Sorting pictures into classes by hand, with undo."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.features.sorting import Sorting

A, B, C, D = (Path(name) for name in "abcd")


@pytest.fixture
def sorting():
    return Sorting([A, B, C, D])


def test_pictures_go_into_classes_and_back(sorting):
    sorting.add("cats")
    sorting.add("dogs")
    assert sorting.move([C, A], "cats") == 2
    assert sorting.move([A], "dogs") == 1
    assert sorting.classes == {"cats": (C,), "dogs": (A,)}
    assert (sorting.unsorted, sorting.class_of(A), sorting.class_of(B)) == (2, "dogs", None)
    assert sorting.move([A], None) == 1
    assert sorting.classes == {"cats": (C,)}


def test_a_class_made_for_pictures_is_one_step(sorting):
    assert sorting.add("cats", [A, B, Path("elsewhere")]) == "cats"
    assert sorting.classes == {"cats": (A, B)}
    sorting.undo()
    assert (sorting.names, sorting.unsorted) == ((), 4)


def test_what_changes_nothing_is_no_step(sorting):
    sorting.add("cats")
    sorting.move([A], "cats")
    assert sorting.move([A], "cats") == 0
    assert sorting.move([Path("elsewhere")], "cats") == 0
    assert sorting.move([A], "unknown") == 0
    sorting.undo()
    assert sorting.classes == {}


def test_names_are_free_whatever_the_case(sorting):
    assert [sorting.add("Cats"), sorting.add(" cats "), sorting.add("")] == ["Cats", "cats 2", "class"]
    assert not sorting.rename("Cats", "CLASS")
    assert not sorting.rename("Cats", " ")
    assert not sorting.rename("unknown", "new")
    assert sorting.rename("Cats", "cats")
    assert sorting.names == ("cats", "cats 2", "class")


def test_a_renamed_class_keeps_its_pictures_and_a_removed_one_frees_them(sorting):
    sorting.add("cats")
    sorting.move([A, B], "cats")
    sorting.rename("cats", "felines")
    assert sorting.classes == {"felines": (A, B)}
    sorting.remove("felines")
    assert (sorting.names, sorting.unsorted) == ((), 4)


def test_everything_can_be_undone_in_turn(sorting):
    states = []

    def note():
        states.append((sorting.names, dict(sorting.classes)))

    for change in (
        lambda: sorting.add("cats"),
        lambda: sorting.move([A, B], "cats"),
        lambda: sorting.add("dogs"),
        lambda: sorting.move([B, C], "dogs"),
        lambda: sorting.rename("cats", "felines"),
        lambda: sorting.remove("dogs"),
        lambda: sorting.move([A], None),
    ):
        note()
        change()
    for state in reversed(states):
        assert sorting.can_undo
        sorting.undo()
        assert (sorting.names, dict(sorting.classes)) == state
    assert not sorting.can_undo
    sorting.undo()
