import os

import pytest

from desktop_app.core.datasets.layout.tree import scan
from tests.core.datasets.layout.layout_files import make


def test_pictures_are_counted_at_every_depth(tmp_path):
    make(tmp_path, "a/1.jpg", "a/b/2.png", "a/b/notes.txt", "c/d.txt")

    tree = scan(tmp_path)

    assert [(kid.name, kid.pictures, kid.total) for kid in tree.kids] == [("a", 1, 2), ("c", 0, 0)]
    assert tree.filled[0].kids[0].first_picture() == tmp_path / "a" / "b" / "2.png"


def test_pictures_without_an_extension_are_found_by_their_content(tmp_path):
    make(tmp_path, "a/notes")
    for name in ("x", "y"):
        (tmp_path / "a" / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))

    assert scan(tmp_path).kids[0].pictures == 2


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_links_are_followed_once_and_never_up(tmp_path):
    make(tmp_path, "data/a/1.jpg", "elsewhere/2.jpg")
    data = tmp_path / "data"
    (data / "b").symlink_to(tmp_path / "elsewhere")
    (data / "again").symlink_to(data / "a")
    (data / "a" / "up").symlink_to(tmp_path)

    tree = scan(data)

    assert [kid.name for kid in tree.kids] == ["a", "b"]
    assert tree.loops == [data / "again"]
    assert tree.kids[0].loops == [data / "a" / "up"]
    assert tree.total == 2


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_subsets_may_be_links_to_the_same_classes(tmp_path):
    make(tmp_path, "all/a/1.jpg", "all/b/2.jpg", "train/x.txt")
    for name in ("a", "b"):
        (tmp_path / "train" / name).symlink_to(tmp_path / "all" / name)

    assert [kid.total for kid in scan(tmp_path).kids] == [2, 2]


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_folders_that_link_to_each_other_end(tmp_path):
    make(tmp_path, *(f"{number}/1.jpg" for number in range(12)))
    for number in range(12):
        for other in range(12):
            (tmp_path / str(number) / f"to {other}").symlink_to(tmp_path / str(other))

    assert scan(tmp_path).total == 12


def test_ignored_and_noise_folders_are_left_out(tmp_path):
    make(tmp_path, "a/1.jpg", "a/@eaDir/1.jpg/thumb.jpg", "b/2.jpg", ".c/3.jpg")

    tree = scan(tmp_path, [tmp_path / "b"])

    assert [(kid.name, kid.total) for kid in tree.kids] == [("a", 1)]


def test_a_very_deep_tree(tmp_path):
    folder = tmp_path
    for _ in range(300):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / "1.jpg").touch()

    assert scan(tmp_path).total == 1
