"""Class folders of pictures that a person has sorted: planned, made, undone."""

from __future__ import annotations

import pytest

from desktop_app.core.batch.filing.class_folders import plan_classes
from desktop_app.core.batch.filing.filing import carry_out, undo


@pytest.fixture
def pictures(tmp_path):
    paths = []
    for name in ("a/1.jpg", "a/2.jpg", "b/1.jpg", "b/3.jpg"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        paths.append(path)
    return paths


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_folder_for_each_class_and_numbers_for_taken_names(pictures, tmp_path):
    first, second, third, fourth = pictures
    planned = plan_classes({"cats": [first, third], "dogs": [second]}, tmp_path / "set", "copy")
    assert planned.sentence == "3 pictures will be copied into 2 folders; 1 of them renamed."
    carry_out(planned, tmp_path / "journal")
    assert contents(tmp_path / "set") == {
        "cats/1.jpg": b"a/1.jpg",
        "cats/1 (2).jpg": b"b/1.jpg",
        "dogs/2.jpg": b"a/2.jpg",
    }
    assert all(path.is_file() for path in pictures)
    assert fourth.is_file()


def test_files_that_are_there_stay_as_they_are(pictures, tmp_path):
    there = tmp_path / "set" / "cats" / "1.jpg"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"mine")
    carry_out(plan_classes({"cats": pictures[:1]}, tmp_path / "set", "copy"), tmp_path / "journal")
    assert contents(tmp_path / "set") == {"cats/1.jpg": b"mine", "cats/1 (2).jpg": b"a/1.jpg"}


def test_moved_pictures_come_back(pictures, tmp_path):
    before = contents(tmp_path / "photos")
    carry_out(plan_classes({"cats": pictures}, tmp_path / "set", "move"), tmp_path / "journal")
    assert not any(path.exists() for path in pictures)
    undo(tmp_path / "journal")
    assert contents(tmp_path / "photos") == before
    assert not (tmp_path / "set").exists()


def test_names_that_no_system_takes_are_changed(pictures, tmp_path):
    planned = plan_classes({"a/b": pictures[:1], "A:B": pictures[1:2]}, tmp_path / "set", "copy")
    assert [folder.path.name for folder in planned.folders] == ["a-b"]
    assert planned.folders[0].pictures == 2


def test_pictures_that_are_in_place_stay(pictures, tmp_path):
    planned = plan_classes({"a": pictures[:2]}, tmp_path / "photos", "copy")
    assert (len(planned.steps), planned.in_place) == (0, 2)
