import errno
import io
import os
import socket
from pathlib import Path

import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.opening import explain, open_picture, read_head


def refusal(path):
    with pytest.raises(UnreadableImage) as caught:
        open_picture(path)
    assert str(caught.value).endswith(".")
    assert caught.value.advice.endswith(".")
    return str(caught.value)


def test_a_file_and_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")

    assert open_picture(tmp_path / "a").read() == b"abc"
    assert open_picture(b"abc").read() == b"abc"
    assert read_head(tmp_path / "a", 2) == b"ab"


def test_a_file_that_grew_is_read_to_its_end(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"abc" * 50_000)
    told = os.stat_result([0o100644, 0, 0, 1, 0, 0, 3, 0, 0, 0])
    monkeypatch.setattr("desktop_app.core.images.decoding.opening.os.fstat", lambda _descriptor: told)

    assert open_picture(tmp_path / "a").read() == b"abc" * 50_000


def test_an_empty_file(tmp_path):
    (tmp_path / "a").touch()

    assert refusal(tmp_path / "a") == refusal(b"") == "The file is empty (0 bytes)."


def test_a_folder(tmp_path):
    assert "folder" in refusal(tmp_path)


def test_a_missing_file(tmp_path):
    assert refusal(tmp_path / "a") == refusal(tmp_path / "a" / "b") == "The file is no longer there."


def test_a_name_with_nul(tmp_path):
    assert "no longer there" in refusal(tmp_path / "a\0b")


def test_a_name_that_is_too_long(tmp_path):
    assert "name is too long" in refusal(tmp_path / ("x" * 300))


def test_a_link_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    assert "leads back to itself" in refusal(tmp_path / "a")


def test_a_dangling_link(tmp_path):
    (tmp_path / "a").symlink_to("gone")

    assert "no longer there" in refusal(tmp_path / "a")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")

    assert "pipe" in refusal(tmp_path / "a.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_file_swapped_for_a_pipe_is_refused_at_once(tmp_path, monkeypatch):
    ordinary = tmp_path / "b.jpg"
    ordinary.write_bytes(b"abc")
    os.mkfifo(tmp_path / "a.jpg")
    really_open = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags: really_open(tmp_path / "a.jpg", flags))

    assert "pipe" in refusal(ordinary)


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket has 100 characters at most
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.jpg")

        assert "device or a pipe" in refusal(tmp_path / "a.jpg")


def test_a_device():
    assert "device" in refusal(Path(os.devnull))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
def test_no_permission(tmp_path, monkeypatch, number):
    (tmp_path / "a").write_bytes(b"abc")

    def forbid(*_arguments):
        raise PermissionError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", forbid)

    assert "do not have permission" in refusal(tmp_path / "a")


def test_a_file_that_is_too_large(tmp_path):
    with (tmp_path / "a").open("wb") as file:
        file.truncate(200_000_001)

    assert refusal(tmp_path / "a") == "The file has 200 MB; pictures may have up to 200 MB."


def test_a_file_that_fails_while_it_is_read(tmp_path, monkeypatch):
    class Broken(io.FileIO):
        def read(self, *_arguments):
            raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "a").write_bytes(b"abc")
    opened = []
    monkeypatch.setattr(os, "fdopen", lambda number, _mode: opened.append(Broken(number)) or opened[-1])

    assert "disk reported an error" in refusal(tmp_path / "a")
    with pytest.raises(UnreadableImage, match="disk"):
        read_head(tmp_path / "a", 2)
    assert [stream.closed for stream in opened] == [True, True]


def test_an_unusual_error_is_named():
    assert str(explain(OSError(errno.ESTALE, "Stale"))).startswith("The file cannot be read: ")
    assert str(explain(OSError("odd"))).startswith("The file cannot be read: ")
