from pathlib import Path

import pytest

from desktop_app.core.images.left_out import LeftOut

VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def census(*names, head=None):
    counted = LeftOut()
    for name in names:
        counted.add(Path(name), head)
    return counted


def test_kinds_are_named_as_people_do_the_most_frequent_first():
    counted = census(*["a.MP4"] * 10, *["b.mov"] * 8, *["c.CR3"] * 4, "d.pdf", "e.PDF", "f.txt")

    assert counted.sentence == "18 videos, 4 CR3, 2 PDF, 1 text file left out."
    assert counted.total == 25


def test_nothing_is_said_about_nothing():
    counted = LeftOut()

    assert not counted
    assert (counted.sentence, counted.advice, counted.meant_as_pictures) == ("", "", 0)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("clip.dat", VIDEO, "1 video"),
        ("clip", VIDEO, "1 video"),
        ("data.bin", b"\0\1\2", "1 BIN"),
        ("sheet.docx", b"PK\x03\x04", "1 office document"),
        ("thing.abc", b"PK\x03\x04", "1 archive"),
        ("photo.dat", b"8BPS\0\1", "1 picture in another format"),
        ("notes.xyz", b"some notes", "1 XYZ"),
        ("notes", b"some notes", "1 text file"),
        ("scan.0001", b"\0\1", "1 other file"),
        ("name.with a very long ending", None, "1 other file"),
        ("brain.nii.gz", b"\x1f\x8b", "1 NII"),
        ("slice.dicom", None, "1 DCM"),
        ("raw.3fr", None, "1 3FR"),
        ("bad\udcff.\udcfe", None, "1 other file"),
    ],
)
def test_the_extension_says_what_a_file_is_else_its_content(name, head, kind):
    assert census(name, head=head).words == kind


def test_pictures_of_kinds_that_are_not_opened_are_told_from_what_is_no_picture():
    assert census("a.cr3", "b.dcm", "c.psd", "d.mp4", "e.txt", "f.json").meant_as_pictures == 3


def test_videos_come_with_advice_and_so_do_pictures_of_other_kinds():
    assert "save frames" in census("a.mp4").advice
    assert census("a.cr3").advice == "Export pictures in other formats as JPEG or PNG, then classify those."
    assert census("a.mp4", "a.cr3").advice == f"{census('a.mp4').advice} {census('a.cr3').advice}"
    assert census("a.pdf").advice == ""


def test_the_reason_has_both():
    assert census("a.mp4").reason.sentence == (
        "1 video left out. Videos are not read: save frames of them as JPEG files, then classify those."
    )


def test_many_kinds_are_summed_up():
    counted = census(*(f"{letter}.x{letter}" for letter in "abcdefgh"))

    assert counted.words == "1 XA, 1 XB, 1 XC, 1 XD, 1 XE, 3 other files"


def test_endings_of_all_sorts_take_a_limited_memory():
    counted = census(*(f"file.x{number}" for number in range(1000)))

    assert counted.total == 1000
    assert len(counted.counts) <= 201


def test_a_count_goes_on_where_it_ended_and_takes_in_another():
    stored = dict(census("a.mp4").counts)
    counted = LeftOut(stored)
    counted.update(census("b.mp4", "c.pdf"))

    assert counted.words == "2 videos, 1 PDF"
    assert counted.counts == census("a.mp4", "b.mp4", "c.pdf").counts
