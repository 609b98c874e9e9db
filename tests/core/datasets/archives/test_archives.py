import contextlib
import gzip
import io
import os
import tarfile
import zipfile

import pytest

from desktop_app.core.datasets.archives import unpacking, unpacking_tar, unpacking_zip
from desktop_app.core.datasets.archives.archives import is_archive, skipped, unpack
from desktop_app.core.datasets.archives.unpacking import name_problem
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, StorageError

MODES = {"data.tar": "w", "data.tar.gz": "w:gz", "data.tar.bz2": "w:bz2", "data.tar.xz": "w:xz"}
KINDS = [*MODES, "data.zip"]


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr(os, "sync", lambda: None)


def member(name, **attributes):
    entry = tarfile.TarInfo(name)
    for key, value in attributes.items():
        setattr(entry, key, value)
    return entry


def make_tar(path, files, special=(), mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            archive.addfile(member(name, size=len(data)), io.BytesIO(data))
        for entry in special:
            archive.addfile(entry)
    return path


def make_zip(path, files, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make(path, files):
    return make_tar(path, files, mode=MODES[path.name]) if path.name in MODES else make_zip(path, files)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def reasons(folder):
    return {problem.path.name: problem.reason.text for problem in skipped(folder)}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_unpacked_whatever_its_name(tmp_path, name):
    files = {"data/cats/1.jpg": b"cat", "data/dogs/1.jpg": os.urandom(3_000_000), "./notes": b""}
    archive = make(tmp_path / name, files).rename(tmp_path / "archive")
    reports = []

    folder = unpack(archive, tmp_path / "unpacked", on_progress=reports.append)

    assert is_archive(archive)
    assert tree(folder) == {path.removeprefix("./"): data for path, data in files.items()}
    assert skipped(folder) == ()
    assert reports[0].total == archive.stat().st_size
    assert "archive" in reports[0].message


def test_the_second_time_it_is_there(tmp_path):
    archive = make_zip(tmp_path / "data.zip", {"a": b"1"})
    folder = unpack(archive, tmp_path)
    (folder / "a").write_bytes(b"mark")

    assert unpack(archive, tmp_path) == folder
    assert tree(folder) == {"a": b"mark"}
    os.utime(archive, (1, 1))
    assert unpack(archive, tmp_path) != folder


TEXT = gzip.compress(b"text", mtime=0)


@pytest.mark.parametrize("data", [b"", b"text", TEXT, b"\x1f\x8bx" * 9, bytes(2000)])
def test_other_files_are_no_archives(tmp_path, data):
    (tmp_path / "file.zip").write_bytes(data)

    assert not is_archive(tmp_path / "file.zip")
    with pytest.raises(DatasetError):
        unpack(tmp_path / "file.zip", tmp_path)


def test_folders_and_missing_files_are_no_archives(tmp_path):
    assert not is_archive(tmp_path)
    assert not is_archive(tmp_path / "gone")
    with pytest.raises(StorageError):
        unpack(tmp_path / "gone", tmp_path)


@pytest.mark.parametrize("name", ["data.tar", "data.zip"])
def test_nothing_is_written_outside(tmp_path, name):
    outside = ["../up", "a/../../up", "/absolute", "a/.."]
    archive = make(tmp_path / name, {**dict.fromkeys(outside, b""), "a/good": b"good"})
    before = set(tmp_path.iterdir())

    folder = unpack(archive, tmp_path / "unpacked")

    assert tree(folder) == {"a/good": b"good"}
    assert len(skipped(folder)) == len(outside)
    assert set(tmp_path.iterdir()) == before | {tmp_path / "unpacked"}


def test_links_devices_and_pipes_are_left_out(tmp_path):
    special = [
        member("link", type=tarfile.SYMTYPE, linkname="no_such_folder"),
        member("hard", type=tarfile.LNKTYPE, linkname="no_such_file"),
        member("pipe", type=tarfile.FIFOTYPE),
        member("device", type=tarfile.CHRTYPE, devmajor=1, devminor=3),
    ]
    archive = make_tar(tmp_path / "data.tar", {"a": b"1"}, special)
    with tarfile.open(archive, "a") as more:  # through the missing link
        more.addfile(member("link/inside", size=1), io.BytesIO(b"x"))

    folder = unpack(archive, tmp_path)

    assert tree(folder) == {"a": b"1", "link/inside": b"x"}
    assert reasons(folder) == {
        "link": "It is a link.",
        "hard": "It is a link.",
        "pipe": "It is a device or a pipe, not a file.",
        "device": "It is a device or a pipe, not a file.",
    }


def test_a_link_in_a_zip_is_left_out(tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    archive = make_zip(tmp_path / "data.zip", {link: b"no_such_file", "a": b"1"})

    folder = unpack(archive, tmp_path)

    assert tree(folder) == {"a": b"1"}
    assert reasons(folder) == {"link": "It is a link."}


def test_names_that_the_system_refuses_or_that_occur_twice_are_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("a", b"first")
        archive.writestr("x" * 300 + ".jpg", b"too long")
        archive.writestr("a/b", b"below a file")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", b"second")

    folder = unpack(tmp_path / "data.zip", tmp_path)

    assert tree(folder) == {"a": b"first"}
    assert sorted(reasons(folder).values()) == [
        "The name occurs twice.",
        *["The system refuses this name."] * 2,
    ]


def test_what_archive_programs_add_is_left_out_quietly(tmp_path):
    names = ["__MACOSX/cats/._1.jpg", "cats/._1.jpg", "cats/.DS_Store", "cats/Thumbs.db", ".git/config"]
    archive = make_zip(tmp_path / "data.zip", {**dict.fromkeys(names, b"x"), "cats/1.jpg": b"1"})

    folder = unpack(archive, tmp_path)

    assert tree(folder) == {"cats/1.jpg": b"1"}
    assert skipped(folder) == ()


@pytest.mark.skipif(os.name != "posix", reason="names of bytes exist only on POSIX")
def test_names_survive(tmp_path):
    plain = {"katze/\u00e4\N{CAT FACE}.jpg": b"1", "new\nline": b"2"}
    latin = make_tar(tmp_path / "latin.tar", {os.fsdecode(b"caf\xe9"): b"3", **plain})
    flagless = make_zip(tmp_path / "flagless.zip", {"k\u00e4tzchen.jpg": b"4", **plain})
    data = flagless.read_bytes().replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")  # no flag for UTF-8
    flagless.write_bytes(data)

    assert tree(unpack(latin, tmp_path)) == {os.fsdecode(b"caf\xe9"): b"3", **plain}
    assert tree(unpack(flagless, tmp_path)) == {"k\u00e4tzchen.jpg": b"4", **plain}


def test_backslashes_of_old_windows_programs_are_folders(tmp_path):
    assert tree(unpack(make_zip(tmp_path / "data.zip", {"cats\\1.jpg": b"1"}), tmp_path)) == {
        "cats/1.jpg": b"1"
    }


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_part_of_an_archive_leaves_nothing(tmp_path, name, part):
    archive = make(tmp_path / name, {f"cats/{n}.jpg": os.urandom(5_000) for n in range(20)})
    archive.write_bytes(archive.read_bytes()[: int(part * archive.stat().st_size)])

    with pytest.raises(DatasetError, match=r"data\.(tar|zip)") as caught:
        unpack(archive, tmp_path / "unpacked")
    assert caught.value.advice
    assert list((tmp_path / "unpacked").iterdir()) == []


@pytest.mark.parametrize("name", KINDS)
def test_damage_never_ends_in_another_error(tmp_path, name):
    archive = make(tmp_path / name, {f"cats/{n}.jpg": os.urandom(500) for n in range(20)})
    whole = archive.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        archive.write_bytes(
            whole[:place] + bytes(b ^ 0x5A for b in whole[place : place + 8]) + whole[place + 8 :]
        )
        with contextlib.suppress(DatasetError):
            unpack(archive, tmp_path / f"unpacked {place}")


def test_a_damaged_file_in_a_zip_is_left_out(tmp_path):
    archive = make_zip(tmp_path / "data.zip", {"a": b"good" * 100, "b": os.urandom(1000)})
    data = bytearray(archive.read_bytes())
    place = data.index(b"b", 60) + 500
    data[place] ^= 0xFF
    archive.write_bytes(data)

    folder = unpack(archive, tmp_path)

    assert tree(folder) == {"a": b"good" * 100}
    assert reasons(folder) == {"b": "It is damaged in the archive."}


def test_a_password(tmp_path):
    archive = make_zip(tmp_path / "data.zip", {"a": b"1"})
    data = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    archive.write_bytes(data)

    with pytest.raises(DatasetError, match="protected by a password"):
        unpack(archive, tmp_path)


@pytest.mark.parametrize("name", ["data.tar.gz", "data.tar.xz", "data.zip"])
def test_what_becomes_far_larger_is_refused(tmp_path, name, monkeypatch):
    for module in (unpacking, unpacking_tar):
        monkeypatch.setattr(module, "RATIO_FREE_BYTES", 100_000)
    archive = make(tmp_path / name, {"white.bmp": bytes(1_000_000)})

    with pytest.raises(DatasetError, match="more than 200 times"):
        unpack(archive, tmp_path / "unpacked")
    assert list((tmp_path / "unpacked").iterdir()) == []


@pytest.mark.parametrize("name", ["data.tar.gz", "data.tar.xz"])
def test_what_is_left_out_counts_too(tmp_path, name, monkeypatch):
    monkeypatch.setattr(unpacking_tar, "RATIO_FREE_BYTES", 100_000)
    archive = make(tmp_path / name, {".hidden": bytes(1_000_000), "a": b"1"})

    with pytest.raises(DatasetError, match="more than 200 times"):
        unpack(archive, tmp_path / "unpacked")


def test_a_header_that_fills_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking_tar, "_MOST_AT_ONCE", 1_000)
    make_tar(tmp_path / "data.tar", {"x" * 1_500: b"1"})

    with pytest.raises(DatasetError, match="header"):
        unpack(tmp_path / "data.tar", tmp_path)


def test_a_sparse_file_is_skipped(tmp_path):
    entry = member("sparse", type=tarfile.GNUTYPE_SPARSE)
    archive = make_tar(tmp_path / "data.tar", {"a": b"1"}, [entry])

    folder = unpack(archive, tmp_path)

    assert tree(folder) == {"a": b"1"}
    assert "sparse file" in reasons(folder)["sparse"]


@pytest.mark.parametrize("name", ["data.tar", "data.zip"])
def test_limits_on_number_and_size(tmp_path, name, monkeypatch):
    archive = make(tmp_path / name, {str(n): b"12345" for n in range(10)})
    for limit, value in (("MAX_MEMBERS", 9), ("MAX_BYTES", 49)):
        with monkeypatch.context() as patch:
            patch.setattr(unpacking, limit, value)
            with pytest.raises(DatasetError, match="more than"):
                unpack(archive, tmp_path)


@pytest.mark.parametrize("limit", ["_MOST_DIRECTORY_BYTES", "MAX_MEMBERS"])
def test_a_table_of_contents_that_fills_the_memory_is_refused(tmp_path, limit, monkeypatch):
    archive = make_zip(tmp_path / "data.zip", {"a": b"1", "b": b"2"})
    monkeypatch.setattr(unpacking_zip, limit, 1)
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("it was read"))

    with pytest.raises(DatasetError, match="entries"):
        unpack(archive, tmp_path)


def test_the_limits_are_these():
    assert (unpacking.MAX_BYTES, unpacking.MAX_MEMBERS) == (50_000_000_000, 1_000_000)
    assert (unpacking.MAX_RATIO, unpacking.RATIO_FREE_BYTES) == (200, 100_000_000)
    assert unpacking_tar._MOST_AT_ONCE == 16_000_000
    assert unpacking_zip._MOST_DIRECTORY_BYTES == 500_000_000


def test_a_disk_that_is_too_full_is_noticed_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_app.core.foundation.storage.free_space", lambda folder: 1000)

    with pytest.raises(StorageError, match="too full"):
        unpack(make_zip(tmp_path / "data.zip", {"a": b"1"}), tmp_path)


def test_cancelled_nothing_is_left(tmp_path):
    archive = make_tar(tmp_path / "data.tar", {str(n): b"1" for n in range(10)})
    source = CancelSource()

    with pytest.raises(Cancelled):
        unpack(archive, tmp_path / "unpacked", source.token, lambda progress: source.cancel())
    assert list((tmp_path / "unpacked").iterdir()) == []


@pytest.mark.parametrize("name", ["C:/x", "a:b", "a/con.txt", "a/NUL", "dot.", "space ", "a\\b", "what?"])
def test_names_that_only_windows_refuses(name):
    assert name_problem(name, windows=True)
    assert not name_problem(name, windows=False)
