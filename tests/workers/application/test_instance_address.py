"""The socket's place is short, private and one for each folder, and only such a place is believed."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from desktop_app.core.foundation.errors import StorageError
from desktop_app.workers.application.instance_address import (
    ADDRESS_FILE,
    MAX_PATH_BYTES,
    instance_address,
    publish_address,
    published_address,
    withdraw_address,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes have no path")


@pytest.fixture
def runtime():
    # Shorter than pytest's own folders, which are too deep for a socket.
    with tempfile.TemporaryDirectory(prefix="sl") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def environment(monkeypatch, runtime):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))


def test_one_address_for_each_folder(tmp_path):
    assert instance_address(tmp_path / "a") == instance_address(tmp_path / "a")
    assert instance_address(tmp_path / "a") != instance_address(tmp_path / "b")


def test_a_link_to_the_folder_is_the_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert instance_address(tmp_path / "a") == instance_address(tmp_path / "b")


def test_nobody_else_can_enter(runtime, tmp_path):
    folder = Path(instance_address(tmp_path)).parent
    assert folder.parent == runtime
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_deep_folder_is_passed_over(runtime, tmp_path, monkeypatch):
    deep = runtime / ("x" * 80)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    address = instance_address(tmp_path)
    assert not address.startswith(str(deep))
    assert len(os.fsencode(address)) <= MAX_PATH_BYTES


@pytest.mark.parametrize("trick", ["open to all", "a link", "a file"])
def test_a_folder_that_others_prepared_is_not_used(runtime, tmp_path, monkeypatch, trick):
    folder = runtime / f"sightline-{os.getuid()}"
    if trick == "open to all":
        folder.mkdir()
        folder.chmod(0o777)
    elif trick == "a link":
        (runtime / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(runtime / "elsewhere")
    else:
        folder.touch()
    assert not instance_address(tmp_path).startswith(str(runtime))


def test_no_private_folder_at_all(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "desktop_app.workers.application.instance_address._made_private", lambda _folder: False
    )
    with pytest.raises(StorageError, match="no private temporary folder"):
        instance_address(tmp_path)


def test_what_is_published_is_read_until_it_is_withdrawn(tmp_path):
    assert published_address(tmp_path) is None
    address = instance_address(tmp_path)
    publish_address(tmp_path, address)
    assert published_address(tmp_path) == address
    withdraw_address(tmp_path)
    assert published_address(tmp_path) is None
    withdraw_address(tmp_path)


def test_what_is_published_does_not_depend_on_the_environment(runtime, tmp_path, monkeypatch):
    address = instance_address(tmp_path)
    publish_address(tmp_path, address)
    (runtime / "other").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime / "other"))
    assert instance_address(tmp_path) != address
    assert published_address(tmp_path) == address


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff", b"socket", b"/nowhere/socket", b"/" * 1_000_000])
def test_nonsense_is_not_believed(tmp_path, content):
    (tmp_path / ADDRESS_FILE).write_bytes(content)
    assert published_address(tmp_path) is None


def test_a_pipe_instead_of_the_file_blocks_nobody(tmp_path):
    os.mkfifo(tmp_path / ADDRESS_FILE)
    assert published_address(tmp_path) is None


def test_a_place_that_others_can_enter_is_not_believed(tmp_path):
    address = instance_address(tmp_path)
    publish_address(tmp_path, address)
    Path(address).parent.chmod(0o755)
    assert published_address(tmp_path) is None


def test_a_place_that_was_removed_is_not_believed(tmp_path):
    address = instance_address(tmp_path)
    publish_address(tmp_path, address)
    Path(address).parent.rmdir()
    assert published_address(tmp_path) is None


def test_a_copy_of_the_folder_is_another_app(tmp_path):
    for name in ("original", "copy"):
        (tmp_path / name).mkdir()
        publish_address(tmp_path / name, instance_address(tmp_path / "original"))
    assert published_address(tmp_path / "original")
    assert published_address(tmp_path / "copy") is None
