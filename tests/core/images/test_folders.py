import os
from pathlib import Path

import pytest

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, UnreadableImage
from desktop_app.core.foundation.text import natural_key
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.left_out import LeftOut
from tests.core.images.samples import valid_files

PHOTO = valid_files()["JPEG"]


def make(folder, *names, data=PHOTO):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def found(folder, **options):
    return [path.relative_to(folder).as_posix() for path in find_pictures(folder, **options)]


def test_pictures_come_in_natural_order_then_those_of_sub_folders(tmp_path):
    make(tmp_path, "img10.jpg", "img2.JPG", "Img1.png", "c.gif")
    make(tmp_path, "b/2.png", "b/10.png", "a/z.png", "a/deep/x.webp")

    assert found(tmp_path) == [
        *("c.gif", "Img1.png", "img2.JPG", "img10.jpg"),
        *("a/z.png", "a/deep/x.webp", "b/2.png", "b/10.png"),
    ]


def test_a_picture_is_found_by_its_content_whatever_its_name(tmp_path):
    for number, name in enumerate(valid_files()):
        make(tmp_path, f"{number}", f"{number}.dat", data=valid_files()[name])

    assert len(found(tmp_path)) == 2 * len(valid_files())


def test_other_files_are_passed_over(tmp_path):
    make(tmp_path, "notes.txt", "report.pdf", "noext", "run.py", data=b"print('no picture')")
    make(tmp_path, "LICENSE", data="Übung macht den Meister.\n".encode() * 1000)
    make(tmp_path, ".hidden.jpg", "._photo.jpg", ".git/x.jpg", "Thumbs.db", "desktop.ini")

    assert found(tmp_path) == []


def test_what_is_passed_over_is_counted_but_not_the_systems_own(tmp_path):
    make(tmp_path, "a.jpg", "Thumbs.db", ".DS_Store", "._a.jpg")
    make(tmp_path, "notes.txt", "sub/b.pdf", "sub/c.mp4", "sub/d.MOV", data=b"no picture")
    make(tmp_path, "sub/clip", data=b"\0\0\0\x18ftypisom\0\0\0\0isom")
    left_out = LeftOut()

    assert found(tmp_path, left_out=left_out) == ["a.jpg", "sub/clip"]
    assert left_out.words == "2 videos, 1 PDF, 1 text file"


@pytest.mark.parametrize(
    "name",
    [
        *("@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found", ".thumbnails", "__MACOSX"),
        *("System Volume Information", "@Recycle", "LOST.DIR"),
    ],
)
def test_folders_of_systems_and_storage_devices_are_skipped(tmp_path, name):
    make(tmp_path, f"{name}/x.jpg", f"cats/{name}/1.jpg/thumb.jpg", f"{name}.jpg", "cats/1.jpg")
    left_out = LeftOut()

    assert f"{name}.jpg" in found(tmp_path, left_out=left_out) or name.startswith(".")
    assert [path for path in found(tmp_path) if "/" in path] == ["cats/1.jpg"]
    assert not left_out


def test_a_folder_of_a_storage_device_is_read_where_it_is_chosen(tmp_path):
    make(tmp_path, "#recycle/x.jpg")

    assert found(tmp_path / "#recycle") == ["x.jpg"]


def test_a_file_without_an_extension_is_listed_unless_it_is_text(tmp_path):
    make(tmp_path, "damaged", data=b"RIFF\xb2\x01\x00\x00")
    make(tmp_path, "empty", data=b"")
    make(tmp_path, "data.bin", data=b"\x00\x01\x02")

    assert found(tmp_path) == ["damaged", "empty"]


def test_a_damaged_picture_is_listed(tmp_path):
    make(tmp_path, "text.jpg", "drawing.svg", data=b"no picture")
    make(tmp_path, "empty.png", data=b"")
    (tmp_path / "dangling.jpg").symlink_to("gone")

    assert found(tmp_path) == ["dangling.jpg", "drawing.svg", "empty.png", "text.jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_do_not_stop_the_walk(tmp_path):
    make(tmp_path, "photo.jpg")
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.png")

    assert found(tmp_path) == ["photo.jpg", "pipe.png"]


def test_links_in_a_circle_are_harmless(tmp_path):
    make(tmp_path, "a/photo.jpg")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "loop").symlink_to("loop")
    (tmp_path / "again").symlink_to(tmp_path / "a")

    assert found(tmp_path) == ["a/photo.jpg"]


def test_a_link_to_another_folder_is_followed(tmp_path):
    make(tmp_path, "elsewhere/photo.jpg")
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "link").symlink_to(tmp_path / "elsewhere")

    assert found(tmp_path / "album") == ["link/photo.jpg"]


def test_a_folder_with_a_pictures_name_is_a_folder(tmp_path):
    make(tmp_path, "photos.jpg/a.png")

    assert found(tmp_path) == ["photos.jpg/a.png"]


def test_an_unreadable_sub_folder_is_skipped_and_told(tmp_path, monkeypatch):
    make(tmp_path, "a/1.jpg", "closed/2.jpg", "z/3.jpg")
    really_scan = os.scandir

    def scandir(path):
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    told = []

    assert found(tmp_path, on_unreadable=lambda path, problem: told.append((path.name, str(problem)))) == [
        "a/1.jpg",
        "z/3.jpg",
    ]
    assert found(tmp_path) == ["a/1.jpg", "z/3.jpg"]
    assert told == [("closed", "You do not have permission to read the folder.")]


@pytest.mark.parametrize("name", ["gone", "photo.jpg", "a\0b"])
def test_what_is_no_folder_is_refused(tmp_path, name):
    make(tmp_path, "photo.jpg")

    with pytest.raises(UnreadableImage, match="folder") as caught:
        found(tmp_path / name)

    assert caught.value.advice


def test_cancelling_ends_the_walk(tmp_path):
    make(tmp_path, "1.jpg", "2.jpg")
    cancel = CancelSource()
    walk = find_pictures(tmp_path, cancel.token)

    assert next(walk).name == "1.jpg"
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(walk)


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_names_that_are_not_unicode(tmp_path):
    name = os.fsdecode(b"caf\xe9 \xff.jpg")
    make(tmp_path, name, "new\nline.png", "\N{CAT FACE}.webp", f"{'x' * 251}.gif")

    assert set(found(tmp_path)) == {name, "new\nline.png", "\N{CAT FACE}.webp", f"{'x' * 251}.gif"}


def test_natural_key():
    names = ["", "\u0663", "7", "10", "a", "A2", "a02", "a2", "a10", "b1", "\u00b2", "\u00e4"]

    keys = [natural_key(name) for name in names]

    assert keys == sorted(keys)


def test_the_copies_that_photo_programs_make_are_skipped(tmp_path):
    make(tmp_path, "Photos Library.photoslibrary/originals/0/a.jpg", "Catalog Previews.lrdata/0/b.jpg")
    make(tmp_path, "Photos Library.photoslibrary/resources/derivatives/0/a.jpg")

    assert found(tmp_path) == ["Photos Library.photoslibrary/originals/0/a.jpg"]
