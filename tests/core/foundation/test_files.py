"""Files and folders are written whole or not at all."""

from __future__ import annotations

import errno
import os
import sys

import pytest

from desktop_app.core.foundation import files
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import (
    leased,
    open_regular,
    replacing,
    replacing_folder,
    require_space,
    sweep_leftovers,
    write_whole,
)
from tests.torture import _small_disk, full_disk, saves

NOBODY_IS_ROOT = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere"
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_no_model_is_lost():
    assert "0 models lost" in saves.run(3)


def test_a_full_disk_does_no_harm():
    assert "every old file intact" in full_disk.write_everything(4)


def test_a_disk_that_cannot_be_mounted_is_pretended(monkeypatch):
    monkeypatch.setattr(_small_disk, "_mount", lambda disk: False)
    assert "pretends" in full_disk.write_everything(2)


@pytest.mark.parametrize("data", [b"\x00\xff", "text with \u00fc", b""])
def test_content_arrives(tmp_path, data):
    path = tmp_path / "file"
    path.write_text("old")
    write_whole(path, data)
    assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert names(tmp_path) == ["file"]


def test_the_longest_name_that_a_file_may_have(tmp_path):
    path = tmp_path / ("n" * 255)
    write_whole(path, b"x")
    assert path.read_bytes() == b"x"


def test_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_an_error_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def fail():
        with replacing(path) as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with a path in a folder")
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_left_alone(tmp_path, linked):
    pipe = path = tmp_path / "pipe"
    os.mkfifo(pipe)
    if linked:
        path = tmp_path / "link"
        path.symlink_to(pipe)
    with pytest.raises(StorageError, match=r"pipe is a device or a pipe, not a file\."):
        write_whole(path, b"x")
    assert pipe.is_fifo()
    assert names(tmp_path) == ["link", "pipe"][not linked :]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no device files")
def test_a_device_is_left_alone(tmp_path):
    (tmp_path / "null").symlink_to(os.devnull)
    with pytest.raises(StorageError, match=r"/dev/null is a device or a pipe, not a file\."):
        write_whole(tmp_path / "null", b"x")


def test_a_folder_in_the_place_of_a_file_is_said(tmp_path):
    (tmp_path / "results").mkdir()
    with pytest.raises(StorageError, match=r"results is a folder, not a file\."):
        write_whole(tmp_path / "results", b"x")
    assert names(tmp_path) == ["results"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StorageError, match="nowhere"):
        write_whole(tmp_path / "nowhere" / "file", b"x")


@NOBODY_IS_ROOT
def test_a_forbidden_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="Permission denied"):
        write_whole(tmp_path / "file", b"x")


def test_a_full_disk_is_said_with_the_space_needed(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StorageError, match=r"too full for .*file: 12\.3 kB needed, .* free\.") as error:
        write_whole(path, b"x" * 12_345)
    assert "Make room" in error.value.advice
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_space_is_checked_where_the_folder_will_be(tmp_path):
    require_space(tmp_path / "not" / "yet", 1)
    with pytest.raises(StorageError, match="needed"):
        require_space(tmp_path / "not" / "yet", 10**18)


def test_a_folder_is_replaced_whole(tmp_path):
    target = tmp_path / "deep" / "model"
    for content in ("one", "two"):
        with replacing_folder(target) as folder:
            (folder / "sub").mkdir()
            (folder / "sub" / "file").write_text(content)
        assert (target / "sub" / "file").read_text() == content
        assert names(target.parent) == ["model"]


def test_a_folder_that_fails_leaves_the_old_one(tmp_path):
    target = tmp_path / "model"
    target.mkdir()
    (target / "file").write_text("old")

    def fail():
        with replacing_folder(target) as folder:
            (folder / "file").write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (target / "file").read_text() == "old"
    assert names(tmp_path) == ["model"]


def test_a_kill_between_the_two_renames_is_undone(tmp_path):
    old, fresh = tmp_path / ".sightline-1.old", tmp_path / ".sightline-1.new"
    for folder, content in ((old, "old"), (fresh, "new")):
        folder.mkdir()
        (folder / "file").write_text(content)
    (tmp_path / ".sightline-1.lease").write_bytes(os.fsencode(tmp_path / "model"))
    assert sweep_leftovers(tmp_path) == 1
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "file").read_text() == "old"


def test_a_kill_after_both_renames_keeps_the_new_one(tmp_path):
    for name, content in ((".sightline-1.old", "old"), ("model", "new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(content)
    (tmp_path / ".sightline-1.lease").write_bytes(os.fsencode(tmp_path / "model"))
    sweep_leftovers(tmp_path)
    assert names(tmp_path) == ["model"]
    assert (tmp_path / "model" / "file").read_text() == "new"


def test_leftovers_elsewhere_are_found_through_the_note(tmp_path):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / ".sightline-1.lease").write_bytes(os.fsencode(elsewhere / "model.zip"))
    (elsewhere / ".sightline-2.tmp").write_bytes(b"half")
    (elsewhere / "other").write_bytes(b"stays")
    assert sweep_leftovers(home) == 1
    assert names(home) == []
    assert names(elsewhere) == ["other"]


def test_an_empty_note_harms_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".sightline-1.lease").write_bytes(b"")
    (tmp_path / "stays").write_bytes(b"")
    sweep_leftovers(tmp_path)
    assert names(tmp_path) == ["stays"]


def test_what_is_being_written_is_left_alone(tmp_path):
    with replacing(tmp_path / "file") as file, leased(tmp_path, tmp_path / "x"):
        file.write(b"new")
        assert sweep_leftovers(tmp_path) == 0
    assert (tmp_path / "file").read_bytes() == b"new"
    with replacing_folder(tmp_path / "model") as folder:
        (folder / "file").write_bytes(b"new")
        assert sweep_leftovers(tmp_path) == 0
    assert (tmp_path / "model" / "file").read_bytes() == b"new"


def test_sweeping_a_folder_that_is_not_there(tmp_path):
    assert sweep_leftovers(tmp_path / "nowhere") == 0


def test_only_ordinary_files_are_opened(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    with open_regular(tmp_path / "file") as file:
        assert file.read() == b"content"
    with pytest.raises(StorageError, match="is not a file"):
        open_regular(tmp_path)
    with pytest.raises(StorageError, match="No such file"):
        open_regular(tmp_path / "nothing")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="is not a file"):
        open_regular(tmp_path / "pipe")
