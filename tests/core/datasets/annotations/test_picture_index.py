"""Which picture a name means, and when it is not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.datasets.annotations.picture_index import Finder, PictureIndex

PICTURES = (
    "train/a/1.jpg",
    "train/b/1.jpg",
    "train/b/2.jpg",
    "test/3.JPG",
    "u/\u00e9.png",
    "v/004.png",
    "w/x.png",
    "w/x.jpg",
)


@pytest.fixture
def index() -> PictureIndex:
    return PictureIndex(Path("/data"), [Path("/data") / name for name in PICTURES])


@pytest.mark.parametrize(
    ("cell", "picture"),
    [
        ("train/a/1.jpg", 0),
        ("./train/b/1.jpg", 1),
        ("a/1", 0),
        ("b\\1.jpg", 1),
        ("/home/me/data/train/b/1.jpg", 1),
        ("1.jpg", "several"),
        ("1", "several"),
        ("2.jpg", 2),
        ("2", 2),
        ("3.jpg", 3),
        ("E\u0301.PNG", 4),
        ("x", "several"),
        ("x.jpg", 7),
        ("w/x", "several"),
        ("c/2.jpg", "none"),
        ("4", "none"),
        ("004.jpg", "none"),
        ("", "none"),
        ("gone.jpg", "none"),
        ("a" * 5_000, "none"),
    ],
)
def test_names_and_paths(cell: str, picture: object, index: PictureIndex) -> None:
    assert Finder(index).find(cell) == picture


@pytest.mark.parametrize(("cell", "picture"), [("4", 5), ("004.jpg", 5), ("c/2.jpg", 2), ("5", "none")])
def test_loosely(cell: str, picture: object, index: PictureIndex) -> None:
    assert Finder(index, loose=True).find(cell) == picture


def test_the_folder_of_the_file_and_its_scope(index: PictureIndex) -> None:
    finder = Finder(index, "train/b", frozenset({1, 2}))
    assert finder.find("1.jpg") == 1
    assert finder.find("3.JPG") == "none"
