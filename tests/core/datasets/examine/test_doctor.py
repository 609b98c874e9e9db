import errno
import io
import os
import shutil
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.datasets.splits.split import split_examples
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled
from tests.core.datasets.odd_files import (
    distinct_picture,
    low_pixel_limit,
    make_classes,
    make_odd_dataset,
    photo,
)
from tests.core.images.samples import encode, valid_files
from tests.torture import datasets as promise


def age(folder):
    """Make all files old enough to be remembered."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (1, 1))
    return folder


def summary(report):
    return [
        (entry.name, entry.train, entry.validation, entry.test, entry.left_out) for entry in report.classes
    ]


def test_the_report(tmp_path):
    make_classes(tmp_path / "train", {"cats": 6, "dogs": 5})
    make_classes(tmp_path / "test", {"cats": 2, "dogs": 1}, first=50)
    (tmp_path / "train" / "dogs" / "big.png").write_bytes(encode(distinct_picture(90, 200, 300), "PNG"))
    (tmp_path / "train" / "cats" / "broken.jpg").write_bytes(b"")

    report = examine(tmp_path)

    assert summary(report) == [("cats", 6, 0, 2, 1), ("dogs", 6, 0, 1, 0)]
    assert report.class_names == ("cats", "dogs")
    assert report.source == report.folder == tmp_path
    assert report.sentence == "15 pictures, 1 skipped; 2 classes, split into training and test"
    assert [example.path.relative_to(tmp_path).as_posix() for example in report.examples[:3]] == [
        "test/cats/0.jpg",
        "test/cats/1.jpg",
        "train/cats/0.jpg",
    ]
    assert {example.part for example in report.examples[:2]} == {"test"}
    assert (report.smallest, report.median, report.largest) == ((64, 48), (64, 48), (300, 200))
    assert report.modes == {"JPEG RGB": 14, "PNG RGB": 1}
    assert [problem.reason.text for problem in report.problems] == ["The file is empty (0 bytes)."]
    assert len(report.classes[0].samples) == 6
    assert report.warnings == ()  # the list of problems tells
    assert ", 1 skipped;" in report.sentence


def test_every_format_that_can_be_opened_is_good(tmp_path):
    for number, (name, data) in enumerate(valid_files().items()):
        path = tmp_path / ("a" if number % 2 else "b") / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    report = examine(tmp_path)

    assert report.problems == ()
    assert len(report.examples) == len(valid_files())
    known = {"JPEG CMYK", "PNG grey, 16 bits", "GIF P", "AVIF RGBA", "HEIF RGB"}
    assert known | {"TIFF grey, 32 bits, floating point"} <= set(report.modes)


def test_a_turned_photo_counts_upright(tmp_path):
    make_classes(tmp_path, {"a": 1, "b": 0})
    (tmp_path / "b" / "turned.jpg").write_bytes(valid_files()["JPEG"])

    assert examine(tmp_path).smallest == (48, 48)


def test_a_large_jpeg_that_is_cut_off_is_found_although_it_is_decoded_small(tmp_path):
    make_classes(tmp_path, {"a": 1, "b": 1})
    data = encode(distinct_picture(5, 2400, 3200), "JPEG", quality=95)
    (tmp_path / "a" / "cut.jpg").write_bytes(data[: int(len(data) * 0.97)])

    assert [problem.path.name for problem in examine(tmp_path).problems] == ["cut.jpg"]


def test_duplicates_across_classes_and_parts_come_first(tmp_path):
    make_classes(tmp_path / "train", {"cats": 4, "dogs": 4})
    make_classes(tmp_path / "test", {"cats": 2, "dogs": 2}, first=50)
    smaller = encode(distinct_picture(1, 96, 128).resize((40, 30)), "PNG")
    for name, data in {
        "train/cats/copy.jpg": photo(0),
        "train/dogs/wrong.jpg": photo(2),
        "test/cats/leak.png": smaller,
    }.items():
        (tmp_path / name).write_bytes(data)

    report = examine(tmp_path)

    groups = [
        (
            group.kind,
            [path.relative_to(tmp_path).as_posix() for path in group.paths],
            group.classes,
            group.parts,
        )
        for group in report.duplicates
    ]
    assert groups == [
        ("exact", ["train/cats/2.jpg", "train/dogs/wrong.jpg"], ("cats", "dogs"), ("train",)),
        ("near", ["test/cats/leak.png", "train/cats/1.jpg"], ("cats",), ("train", "test")),
        ("exact", ["train/cats/0.jpg", "train/cats/copy.jpg"], ("cats",), ("train",)),
    ]
    text = "\n".join(report.warnings)
    assert "2 pictures are the same, or look the same, in different classes (cats, dogs): " in text
    assert "(cats, dogs): at least one is mislabeled." in text
    assert "1 copy is skipped: the same picture is in another split" in text


def test_copies_in_another_part_are_counted_apart_and_each_is_told_once(tmp_path):
    make_classes(tmp_path / "train", {"cats": 6, "dogs": 6})
    make_classes(tmp_path / "test", {"cats": 2, "dogs": 2}, first=50)
    smaller = encode(distinct_picture(1, 96, 128).resize((40, 30)), "PNG")
    for name, data in {
        "train/cats/same.jpg": photo(1),  # as train/cats/1.jpg, which both look like the following
        "test/cats/leak1.png": smaller,
        "test/cats/leak2.png": smaller,
        "train/dogs/twin.jpg": (tmp_path / "train/dogs/0.jpg").read_bytes(),
    }.items():
        (tmp_path / name).write_bytes(data)

    report = examine(tmp_path)

    assert [(entry.name, entry.train, entry.test, entry.copies) for entry in report.classes] == [
        ("cats", 5, 4, 2),
        ("dogs", 7, 2, 0),
    ]
    assert report.copies == 2
    assert report.sentence.startswith("18 pictures, 2 skipped; ")
    told = {
        path.relative_to(tmp_path).as_posix(): (
            group.kind,
            group.kept.relative_to(tmp_path).as_posix(),
            group.stays,
            path in group.left_out,
        )
        for group in report.duplicates
        for path in group.told
    }
    assert told == {
        "train/cats/1.jpg": ("near", "test/cats/leak1.png", "test", True),
        "train/cats/same.jpg": ("near", "test/cats/leak1.png", "test", True),
        "test/cats/leak2.png": ("exact", "test/cats/leak1.png", "test", False),
        "train/dogs/twin.jpg": ("exact", "train/dogs/0.jpg", "train", False),
    }
    assert sum(len(group.told) for group in report.duplicates) == len(told)
    used = {example.path for example in report.examples} - {
        path for group in report.duplicates for path in group.left_out
    }
    split = split_examples(report, validation=0.2, test=0.1, seed=3)
    assert {row.path for row in split.rows} == used
    assert not any(set(entry.samples) - used for entry in report.classes)


def test_imbalance_small_and_empty_classes_are_warned_about(tmp_path):
    make_classes(tmp_path, {"many": 21, "few": 3, "none": 0, "class 10": 7, "class 9": 7})
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "1.jpg").write_bytes(b"text")

    report = examine(tmp_path)

    assert report.class_names == ("class 9", "class 10", "few", "many")
    assert report.layout == "4 classes, no split yet"
    empty, few, imbalance = report.warnings
    assert empty == "No usable pictures in the classes broken, none: skipped."
    assert "the class few (3)" in few
    assert imbalance == "many has 7 times more pictures than few (21 and 3). Turn on Balance classes."


def test_a_class_without_training_pictures_is_warned_about(tmp_path):
    make_classes(tmp_path / "train", {"a": 5, "b": 5})
    make_classes(tmp_path / "test", {"a": 5, "b": 5, "c": 5}, first=50)

    assert examine(tmp_path).warnings == ("No training pictures in the class c.",)


def test_one_usable_class_is_not_enough(tmp_path):
    make_classes(tmp_path, {"a": 2, "b": 0})
    (tmp_path / "b" / "1.jpg").write_bytes(b"text")

    with pytest.raises(DatasetError, match=r"^Only one class .* \(a\); 1 skipped, such as 1\.jpg: This is"):
        examine(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="pipes and names of bytes exist only on POSIX")
def test_odd_files_are_listed_and_good_ones_kept(tmp_path):
    made = make_odd_dataset(tmp_path / "data")

    with low_pixel_limit():
        report = examine(made.folder)

    assert {problem.path for problem in report.problems} == set(made.bad)
    assert len(report.examples) == made.good


def test_a_class_folder_that_is_linked_again_is_visited_once(tmp_path):
    make_classes(tmp_path / "data", {"cats": 3, "dogs": 3})
    (tmp_path / "data" / "dogs" / "more").symlink_to(tmp_path / "data" / "cats")
    (tmp_path / "data" / "a").symlink_to(tmp_path / "data" / "dogs")

    assert [(entry.name, entry.total) for entry in examine(tmp_path / "data").classes] == [
        ("cats", 3),
        ("dogs", 3),
    ]


@pytest.mark.skipif(os.name != "posix", reason="pipes and names of bytes exist only on POSIX")
def test_the_second_visit_opens_no_file(tmp_path, monkeypatch):
    folder = age(make_odd_dataset(tmp_path / "data").folder)
    opened = []
    real = doctor.examine_file
    with low_pixel_limit():
        first = examine(folder, cache=tmp_path / "scan.sqlite")
        monkeypatch.setattr(
            doctor, "examine_file", lambda path, reading: opened.append(path.name) or real(path, reading)
        )
        second = examine(folder, cache=tmp_path / "scan.sqlite")

    assert {name for name in opened if not name.startswith("empty")} <= {
        "pipe.jpg",
        "socket.jpg",
        "device.jpg",
    }
    assert (first.examples, first.problems, first.duplicates, first.warnings, first.modes) == (
        second.examples,
        second.problems,
        second.duplicates,
        second.warnings,
        second.modes,
    )


def test_a_file_that_changed_is_examined_again(tmp_path):
    folder = age(make_classes(tmp_path / "data", {"a": 3, "b": 3}))
    examine(folder)
    (folder / "a" / "1.jpg").write_bytes(b"text now")

    assert [problem.path.name for problem in examine(folder).problems] == ["1.jpg"]


def test_a_file_that_changed_a_moment_ago_is_not_remembered(tmp_path, monkeypatch):
    folder = make_classes(tmp_path / "data", {"a": 1, "b": 1})
    path = folder / "a" / "0.jpg"
    monkeypatch.setattr(time, "time", lambda: path.stat().st_mtime + 0.05)
    status = path.stat()
    examine(folder)
    path.write_bytes(b"x" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    with pytest.raises(DatasetError, match=r"^Only one class .* \(b\)"):
        examine(folder)


def test_the_default_cache_is_the_users_own(tmp_path):
    examine(make_classes(tmp_path / "data", {"a": 1, "b": 1}))

    assert (paths.datasets() / "scan.sqlite").is_file()


def test_a_cancelled_scan_keeps_what_it_did(tmp_path, monkeypatch):
    folder = age(make_classes(tmp_path / "data", {"a": 10, "b": 10}))
    source, opened = CancelSource(), []
    real = doctor.examine_file

    def stop_at_the_seventh(path, reading):
        opened.append(path)
        if len(opened) == 7:
            source.cancel()
        return real(path, reading)

    monkeypatch.setattr(doctor, "examine_file", stop_at_the_seventh)
    with pytest.raises(Cancelled):
        examine(folder, cancel=source.token)
    assert len(opened) == 7
    examine(folder)
    assert len(opened) == 20


def test_progress_is_told_at_a_pace_that_a_window_can_show(tmp_path):
    folder = make_classes(tmp_path / "data", {"a": 60, "b": 60})
    reports = []
    started = time.monotonic()

    examine(folder, on_progress=reports.append)

    assert 2 <= len(reports) <= 20 * (time.monotonic() - started) + 4
    assert any(report.total is None for report in reports)
    last = [report for report in reports if report.total is not None][-1]
    assert (last.done, last.total) == (120, 120)


def test_a_folder_that_vanishes_is_said(tmp_path):
    folder = make_classes(tmp_path / "data", {"a": 5, "b": 5})

    def vanish(progress):
        if progress.total is None and folder.exists():
            shutil.rmtree(folder)

    with pytest.raises(DatasetError, match=f"^The folder {folder} vanished while it was checked.$") as caught:
        examine(folder, on_progress=vanish)
    assert "Put it back" in caught.value.advice
    assert "choose another folder" in caught.value.advice


def test_a_folder_that_vanishes_before_its_classes_are_known_is_said(tmp_path, monkeypatch):
    folder = make_classes(tmp_path / "data", {"a": 5, "b": 5})
    recognise = doctor.recognise

    def late(*words):
        folder.rename(tmp_path / "elsewhere")
        return recognise(*words)

    monkeypatch.setattr(doctor, "recognise", late)
    with pytest.raises(DatasetError, match="vanished while it was checked"):
        examine(folder)


def test_the_empty_folder_that_a_disk_leaves_behind_is_not_taken_for_it(tmp_path, monkeypatch):
    folder = make_classes(tmp_path / "data", {"a": 5, "b": 5})
    recognise = doctor.recognise

    def late(*words):
        folder.rename(tmp_path / "elsewhere")
        folder.mkdir()
        return recognise(*words)

    monkeypatch.setattr(doctor, "recognise", late)
    with pytest.raises(DatasetError, match="vanished while it was checked"):
        examine(folder)


def test_an_archive_is_unpacked_once(tmp_path, monkeypatch):
    make_classes(tmp_path / "data" / "pictures", {"a": 5, "b": 5})
    with tarfile.open(tmp_path / "pictures.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "data", "data")
        link = tarfile.TarInfo("data/pictures/a/link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "no_such_file"
        archive.addfile(link)

    reports = [examine(tmp_path / "pictures.tar.gz") for _ in range(2)]

    for report in reports:
        assert report.source == tmp_path / "pictures.tar.gz"
        assert report.folder.is_relative_to(paths.datasets())
        assert [problem.path.name for problem in report.problems] == ["link.jpg"]
        assert len(report.examples) == 10
    assert reports[0].examples == reports[1].examples


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an empty file"),
        (b"text", "is a text file"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (valid_files()["PNG"], "a single PNG picture"),
    ],
)
def test_a_file_that_is_no_archive_is_named(tmp_path, data, said):
    (tmp_path / "file").write_bytes(data)

    with pytest.raises(DatasetError, match=said) as caught:
        examine(tmp_path / "file")
    assert "ZIP and TAR files work too." in caught.value.advice


@pytest.mark.parametrize(
    ("name", "kind"), [("gone", "folder"), ("my.pictures", "folder"), ("gone.tar.gz", "archive")]
)
def test_a_path_that_is_not_there(tmp_path, name, kind):
    with pytest.raises(DatasetError) as caught:
        examine(tmp_path / name)
    assert str(caught.value) == f"The {kind} {tmp_path / name} is not there."
    assert "connect the disk" in caught.value.advice
    assert "choose another folder" in caught.value.advice


def test_a_path_below_a_file_is_not_there_and_one_that_is_forbidden_is(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"text")
    with pytest.raises(DatasetError, match="is not there"):
        examine(tmp_path / "file" / "below")

    def refuse(_path, **_options):
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(DatasetError, match="permission"):
        examine(tmp_path / "closed" / "below")


@pytest.mark.skipif(os.name != "posix", reason="pipes and names of bytes exist only on POSIX")
def test_the_promise_at_small_size():
    assert "2 data sets" in promise.run(2)


def test_a_huge_file_is_examined_from_the_disk(tmp_path):
    make_classes(tmp_path, {"a": 1, "b": 1})
    file = io.BytesIO()
    Image.new("RGB", (4000, 3000), "red").save(file, "BMP")
    (tmp_path / "a" / "large.bmp").write_bytes(file.getvalue())

    assert examine(tmp_path).largest == (4000, 3000)


def test_an_archive_that_cannot_be_learned_from_is_named_itself(tmp_path):
    archive = tmp_path / "pets.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../out.jpg", photo(1))
        file.writestr("1.jpg", photo(2))
    with pytest.raises(DatasetError) as caught:
        examine(archive)
    assert str(caught.value).startswith(f"{archive} has 1 picture but no class folders. ")
    assert "1 file in it cannot be used, such as " in str(caught.value)
    assert caught.value.advice.startswith("Put each class in its own folder")
    assert not (tmp_path / "out.jpg").exists()
