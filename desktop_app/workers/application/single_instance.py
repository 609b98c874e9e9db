"""One window per user: a second start hands its pictures to the first and ends."""

from __future__ import annotations

import logging
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QTimer, Signal, Slot

from desktop_app.core.foundation.errors import SightlineError, StorageError
from desktop_app.workers.application.handover import MAX_BYTES, HandoverError, decode, encode
from desktop_app.workers.application.instance_address import (
    instance_address,
    publish_address,
    published_address,
    withdraw_address,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtNetwork import QLocalServer, QLocalSocket

    from desktop_app.core.images.sources import Source

log = logging.getLogger(__name__)

LOCK_FILE = "instance.lock"
ACCEPTED = b"ok\n"
_CONNECT_MS = 1_000
_ANSWER_MS = 20_000
"""The first start replies once its event loop runs: within a second, or a few on a busy machine."""
_RETRY_MS = 50
_UNREACHABLE_MS = 5_000
"""A first start takes up to two seconds to end: an owner unreachable for longer is gone."""
_GIVE_UP_MS = 15_000


class InstanceError(SightlineError):
    """Another start holds the lock but accepts no pictures."""


class _Answer(Enum):
    ACCEPTED = "accepted"
    NOBODY = "nobody listens"
    SILENT = "somebody listens, but did not answer"


class SingleInstance(QObject):
    """Makes this process the first of its user, or hands its pictures to the one that is.

    A lock file decides who is first; the system tells when its owner is dead, and it is cleared then.

    Signals:
        further_started: The `FurtherStart` whose request to carry out.

    Args:
        home: Sightline's folder, made if missing.
    """

    further_started = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._server: QLocalServer | None = None
        self._address = ""
        self._lock = QLockFile(str(home / LOCK_FILE))
        # A lock never gets stale by age, only by the end of its owner.
        self._lock.setStaleLockTime(0)

    def claim(self, sources: Sequence[Source], pane: str = "", *, later: bool = False) -> bool:
        """Become the first, or hand ``sources`` to the first.

        Where no lock can be written (a read-only folder), every start is a first one.

        Args:
            sources: The pictures, folders and links to open.
            pane: The pane to show; empty for the one that shows the pictures.
            later: Whether a first start calls `listen` itself, once its window is there; further starts try
                again until then.

        Returns:
            Whether this process is the first; otherwise it should end with success.

        Raises:
            InstanceError: Another start holds the lock and does not answer.
            TooMuchToHandOver: The sources are too large for another start.
            StorageError: This user has no private temporary folder.
        """
        address = self._address = instance_address(self._home)
        message: bytes | None = None
        unreachable, give_up = QDeadlineTimer(_UNREACHABLE_MS), QDeadlineTimer(_GIVE_UP_MS)
        while True:
            if self._try_lock():
                if not later:
                    self.listen()
                return True
            message = message or encode(sources, pane)
            # Read each time: the first start writes it only once it listens.
            answer = _hand_over(published_address(self._home) or address, message)
            if answer is _Answer.ACCEPTED:
                return False
            if answer is _Answer.SILENT or give_up.hasExpired():
                raise self._unanswered()
            if unreachable.hasExpired():
                self._clear_abandoned()

    def close(self) -> None:
        """Let the next start be the first."""
        if self._server is not None:
            self._server.close()
        if self._lock.isLocked():
            withdraw_address(self._home)
        self._lock.unlock()

    def _try_lock(self) -> bool:
        try:
            self._home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("Sightline's folder cannot be made: %s", error)
            return True
        if self._lock.tryLock(_RETRY_MS):
            return True
        if self._lock.error() is QLockFile.LockError.LockFailedError:
            return False
        log.warning("No lock can be written in Sightline's folder, so each start opens a window.")
        return True

    def _clear_abandoned(self) -> None:
        """Clear a lock whose owner's process number belongs to another program by now, or another computer.

        Qt takes such an owner for alive, but the system lock on the file went with it; the file is removed
        only if that lock can be had. Only one start may do so at a time, or it would remove a newer one.
        """
        guard = QLockFile(str(self._home / f"{LOCK_FILE}.clearing"))
        if guard.tryLock(0):
            self._lock.removeStaleLockFile()
            guard.unlock()

    def _unanswered(self) -> InstanceError:
        pid, host, _ = self._lock.getLockInfo()
        return InstanceError(
            f"Sightline is already running (process {pid} on {host}), but does not answer.",
            "Close it or end its process, then start Sightline again.",
        )

    def listen(self) -> None:
        """Accept what further starts send; `claim` has succeeded."""
        # Qt's network takes 10 ms to load, for which the window does not wait.
        from PySide6.QtNetwork import QLocalServer

        address = self._address
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.setListenBacklogSize(128)
        server.setMaxPendingConnections(128)
        server.newConnection.connect(self._on_new_connection)
        QLocalServer.removeServer(address)  # a killed owner leaves its socket behind
        self._server = server
        if not server.listen(address):
            log.warning("Later starts cannot reach this one: %s", server.errorString())
        elif self._lock.isLocked():
            self._publish(address)

    def _publish(self, address: str) -> None:
        try:
            publish_address(self._home, address)
        except StorageError as error:
            withdraw_address(self._home)  # that of a killed owner
            log.warning("Later starts reach this one only from the same environment: %s", error)

    @Slot()
    def _on_new_connection(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            received = bytearray()
            socket.readyRead.connect(partial(self._on_ready_read, socket, received))
            socket.disconnected.connect(socket.deleteLater)
            QTimer.singleShot(_ANSWER_MS, socket, socket.abort)
            self._on_ready_read(socket, received)

    def _on_ready_read(self, socket: QLocalSocket, received: bytearray) -> None:
        received += socket.readAll().data()
        if len(received) > MAX_BYTES:
            log.warning("A second start sent too much.")
            socket.abort()
        elif received.endswith(b"\n"):
            line = bytes(received)
            received.clear()
            self._accept(socket, line)

    def _accept(self, socket: QLocalSocket, line: bytes) -> None:
        try:
            start = decode(line)
        except HandoverError as error:
            log.warning("A second start was refused: %s", error)
            socket.abort()
            return
        socket.write(ACCEPTED)
        socket.flush()  # the handling may keep the event loop busy
        socket.disconnectFromServer()
        self.further_started.emit(start)


def _hand_over(address: str, message: bytes) -> _Answer:
    """Send the message and wait for the reply; works without an event loop."""
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(_CONNECT_MS):
        return _Answer.NOBODY
    socket.write(message)
    while socket.bytesToWrite() and socket.waitForBytesWritten(_ANSWER_MS):
        pass
    answer = b""
    while len(answer) < len(ACCEPTED) and socket.waitForReadyRead(_ANSWER_MS):
        answer += socket.readAll().data()
    if answer == ACCEPTED:
        return _Answer.ACCEPTED
    # An owner that is just ending drops the connection: then there may soon be a lock to take.
    still_there = socket.state() is QLocalSocket.LocalSocketState.ConnectedState
    return _Answer.SILENT if still_there else _Answer.NOBODY
