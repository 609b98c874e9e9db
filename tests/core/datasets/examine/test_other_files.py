"""Files beside the pictures of a data set are counted."""

import pytest

from desktop_app.core.datasets.answers import Answers
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import DatasetError
from tests.core.datasets.labeling.label_sets import pictures


@pytest.fixture
def data(tmp_path):
    """A folder apart from that of the program."""
    folder = tmp_path / "data set"
    folder.mkdir()
    return folder


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x00\x01 no picture")


def classes(folder):
    pictures(folder, *(f"{name}/{name}{number}.png" for name in ("cat", "dog") for number in range(6)))


def test_files_anywhere_in_the_data_are_counted_by_kind(data):
    classes(data)
    put(data, "cat/a.mp4", "dog/b.MOV", "videos/c.avi", "bird.zip", "paper.pdf")

    report = examine(data)

    assert report.left_out == "3 videos, 1 PDF, 1 archive"
    assert report.remarks[-1] == "Left out: 3 videos, 1 PDF, 1 archive."


def test_descriptions_and_what_systems_keep_are_not_counted(data):
    classes(data)
    put(
        data,
        "labels.json",
        "cat/cat0.xml",
        "cat/cat0.xmp",
        "cat/.hidden.mp4",
        "__MACOSX/a.mp4",
        "Thumbs.db",
    )

    assert examine(data).left_out == ""


def test_pictures_with_other_endings_are_taken_and_not_counted(data):
    classes(data)
    (data / "cat" / "cat0.png").rename(data / "cat" / "cat0.dat")

    report = examine(data)

    assert len(report.examples) == 12
    assert report.left_out == ""


def test_folders_that_are_left_out_by_an_answer_are_not_counted(data):
    classes(data)
    put(data, "clips/c.avi")

    assert examine(data, answers=Answers(folders={"clips": "ignore"})).left_out == ""


def test_data_without_pictures_says_what_is_there_instead(data):
    put(data, "cat.zip", "dog.zip")

    with pytest.raises(DatasetError, match=r"Also in it: 2 archives\.") as caught:
        examine(data)

    assert caught.value.advice.startswith("Unpack the archives first.")
