"""The first start opens the window; further ones hand over and end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtNetwork import QLocalSocket

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.core.images.sources import FileSource, LinkSource
from desktop_app.workers.application import single_instance
from desktop_app.workers.application.handover import FurtherStart
from desktop_app.workers.application.instance_address import ADDRESS_FILE, instance_address
from desktop_app.workers.application.single_instance import InstanceError, SingleInstance
from tests.torture import instances

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.core.images.dropped import source_from_argument
from desktop_app.workers.application.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
first = instance.claim([source_from_argument(word) for word in sys.argv[2:]])
sys.exit(7 if first else 0)
"""


@pytest.fixture
def first(qapp, tmp_path):
    instance = SingleInstance(tmp_path)
    yield instance
    instance.close()


@pytest.fixture
def places():
    """Two temporary folders, shorter than pytest's own, which are too deep for a socket."""
    with tempfile.TemporaryDirectory(prefix="sl") as one, tempfile.TemporaryDirectory(prefix="sl") as other:
        yield one, other


def start_second(home, *words) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SECOND, str(home), *words])


def end_of(second: subprocess.Popen[bytes]) -> int:
    try:
        return second.wait(20)
    finally:
        second.kill()


def connect(qtbot, home) -> QLocalSocket:
    socket = QLocalSocket()
    with qtbot.waitSignal(socket.connected):
        socket.connectToServer(instance_address(home))
    return socket


def test_a_second_start_hands_its_pictures_over(qtbot, first, tmp_path):
    assert first.claim([])
    strange = os.fsdecode(b"/pictures/\xff \n.jpg") if sys.platform == "linux" else "/pictures/ä.jpg"
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        second = start_second(tmp_path, "/pictures/cat.jpg", strange)
    assert end_of(second) == 0
    assert [str(source.path) for source in received.args[0].sources] == ["/pictures/cat.jpg", strange]


def test_a_picture_written_out_as_a_word_opens_the_window_and_is_handed_over(qtbot, first, tmp_path):
    word = "data:image/png;base64,iVBORw0KGgoA/w=="
    assert first.claim([source_from_argument(word)])
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        second = start_second(tmp_path, word)
    assert end_of(second) == 0
    assert received.args[0].sources == (source_from_argument(word),)


def test_a_first_start_listens_when_its_window_is_there(qtbot, first, tmp_path):
    assert first.claim([], later=True)
    assert not (tmp_path / ADDRESS_FILE).exists()
    second = start_second(tmp_path, "/pictures/cat.jpg")
    first.listen()
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        pass
    assert end_of(second) == 0
    assert [str(source.path) for source in received.args[0].sources] == ["/pictures/cat.jpg"]


def test_a_second_start_asks_for_a_pane(qtbot, first, tmp_path):
    assert first.claim([], "models")
    code = SECOND.replace("sys.argv[2:]])", 'sys.argv[2:]], "train")')
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        second = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    assert end_of(second) == 0
    assert received.args[0] == FurtherStart((), "train")


def test_a_first_start_hands_nothing_over_whatever_its_pictures(first, monkeypatch):
    monkeypatch.setattr(single_instance, "encode", lambda *_asked: pytest.fail("nobody is there"))
    assert first.claim([])


def test_a_second_start_without_pictures_asks_for_the_window(qtbot, first, tmp_path):
    assert first.claim([])
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        second = start_second(tmp_path)
    assert end_of(second) == 0
    assert received.args[0] == FurtherStart()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no place")
@pytest.mark.parametrize("name", ["XDG_RUNTIME_DIR", "TMPDIR"])
def test_a_second_start_with_another_environment(qtbot, first, tmp_path, places, monkeypatch, name):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", None)  # what was read from the environment before
    one, other = places
    monkeypatch.setenv(name, one)
    assert first.claim([])
    assert list(Path(one).rglob("*"))
    monkeypatch.setenv(name, other)
    with qtbot.waitSignal(first.further_started, timeout=20_000) as received:
        second = start_second(tmp_path, "/pictures/cat.jpg")
    assert end_of(second) == 0
    assert received.args[0].sources == (FileSource(Path("/pictures/cat.jpg")),)


def test_the_address_lies_in_the_folder_while_the_first_runs(first, tmp_path):
    assert first.claim([])
    assert (tmp_path / ADDRESS_FILE).read_text() == instance_address(tmp_path)
    first.close()
    assert not (tmp_path / ADDRESS_FILE).exists()


def test_on_a_full_disk_the_address_of_a_killed_start_goes(
    qtbot, first, tmp_path, places, caplog, monkeypatch
):
    # It could be believed, but nobody listens there.
    with monkeypatch.context() as context:
        context.setenv("XDG_RUNTIME_DIR", places[0])
        (tmp_path / ADDRESS_FILE).write_text(instance_address(tmp_path))
    monkeypatch.setattr(
        single_instance, "publish_address", Mock(side_effect=StorageError("The disk is full."))
    )
    assert first.claim([])
    assert "only from the same environment: The disk is full." in caplog.text
    assert not (tmp_path / ADDRESS_FILE).exists()
    with qtbot.waitSignal(first.further_started, timeout=20_000):
        second = start_second(tmp_path)
    assert end_of(second) == 0


def test_after_the_first_has_ended_the_next_is_first(qapp, first, tmp_path):
    assert first.claim([])
    first.close()
    following = SingleInstance(tmp_path)
    assert following.claim([])
    following.close()


def test_two_folders_are_two_apps(qapp, first, tmp_path):
    assert first.claim([])
    other = SingleInstance(tmp_path / "other")
    assert other.claim([])
    other.close()


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\n", b'{"sources": 1}\n'])
def test_strangers_are_refused_and_do_no_harm(qtbot, first, tmp_path, caplog, data):
    assert first.claim([])
    socket = connect(qtbot, tmp_path)
    with qtbot.waitSignal(socket.disconnected), qtbot.assertNotEmitted(first.further_started):
        socket.write(data)
    assert "refused" in caplog.text


def test_a_message_in_pieces(qtbot, first, tmp_path):
    assert first.claim([])
    socket = connect(qtbot, tmp_path)
    line = single_instance.encode([LinkSource("https://host/cat.jpg")])
    with qtbot.waitSignal(first.further_started) as received:
        for start in range(0, len(line), 7):
            socket.write(line[start : start + 7])
            socket.flush()
    assert received.args[0].sources == (LinkSource("https://host/cat.jpg"),)


def test_an_endless_message_is_cut(qtbot, first, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(single_instance, "MAX_BYTES", 1000)
    assert first.claim([])
    socket = connect(qtbot, tmp_path)
    with qtbot.waitSignal(socket.disconnected):
        socket.write(b"x" * 2000)
    assert "too much" in caplog.text


def test_a_first_start_that_hangs_is_named(qtbot, first, tmp_path, monkeypatch):
    monkeypatch.setattr(single_instance, "_ANSWER_MS", 50)
    assert first.claim([])
    # Its event loop does not run while the second one waits in this thread.
    with pytest.raises(InstanceError, match=rf"process {os.getpid()} on .* does not answer") as caught:
        SingleInstance(tmp_path).claim([FileSource(tmp_path)])
    assert caught.value.advice


@pytest.mark.skipif(sys.platform == "win32", reason="the system removes the lock there")
def test_the_lock_and_the_address_of_a_killed_start_are_replaced(qtbot, first, tmp_path):
    code = SECOND.replace("sys.exit(7 if first else 0)", "print(first, flush=True); input()")
    command = [sys.executable, "-c", code, str(tmp_path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout.readline() == b"True\n"
        holder.send_signal(signal.SIGKILL)
    assert (tmp_path / "instance.lock").exists()
    assert (tmp_path / ADDRESS_FILE).exists()
    assert first.claim([])
    with qtbot.waitSignal(first.further_started, timeout=20_000):
        second = start_second(tmp_path)
    assert end_of(second) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="process numbers of another program")
def test_a_lock_whose_number_belongs_to_another_program_is_cleared(qapp, first, tmp_path, monkeypatch):
    monkeypatch.setattr(single_instance, "_UNREACHABLE_MS", 0)
    assert first.claim([])
    content = (tmp_path / "instance.lock").read_bytes()
    first.close()
    # The lock of a dead owner, whose number and program name are those of a living process: this one.
    (tmp_path / "instance.lock").write_bytes(content)
    assert first.claim([])


def test_without_a_writable_folder_every_start_is_a_first_one(qapp, tmp_path, caplog):
    (tmp_path / "home").write_text("a file in the way")
    instance = SingleInstance(tmp_path / "home")
    assert instance.claim([])
    instance.close()
    assert "cannot be made" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_simultaneous_starts_open_one_window():
    assert "1 window each time" in instances.run(3)
