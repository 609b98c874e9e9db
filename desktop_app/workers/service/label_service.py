"""The local API as the window switches it on and off."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.engine.libraries import import_service_modules
from desktop_app.core.service.limits import DRAIN_SECONDS
from desktop_app.core.service.options import ServiceError, ServiceOptions
from desktop_app.workers.service.label_service_status import LabelServiceStatus, Listening, ServiceState
from desktop_app.workers.threads.task import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.service.server import LabelServer

log = logging.getLogger(__name__)

LOOK_MS = 300
"""Milliseconds between two looks at the figures while the service runs."""

_TIDY_SECONDS = 0.7
"""The server takes up to 0.5 s to end its threads once it no longer waits for requests."""


class LabelService(QObject):
    """Runs one `LabelServer` at a time, in a thread of its own; lives in the GUI thread.

    Signals:
        changed: The `LabelServiceStatus`, whenever it changed, a few times a second at most.

    Args:
        pool: The models in memory, which other services may share.
    """

    changed = Signal(object)

    def __init__(self, pool: ModelPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = LabelServiceStatus()
        self._options = ServiceOptions()
        self._turns: list[_Turn] = []  # the last one is the present one, the others still end
        self._left: list[LabelServer] = []
        self._closing = False
        self._pool = pool
        self._lane = Lane("label service", self, import_service_modules)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._on_look)

    @property
    def status(self) -> LabelServiceStatus:
        """The status of the service."""
        return self._status

    @property
    def running(self) -> bool:
        """Whether it is on, or about to be."""
        return self._status.state in {ServiceState.STARTING, ServiceState.ON}

    @property
    def options(self) -> ServiceOptions:
        """The options of the last switching on, with the port that it got."""
        return self._options

    def start(self, options: ServiceOptions) -> None:
        """Start to serve, unless it does already; one that is still stopping ends first."""
        if self.running or self._closing:
            return
        self._options = options
        turn = _Turn(options)
        self._turns.append(turn)
        self._tell(LabelServiceStatus(ServiceState.STARTING))
        self._lane.do(
            _serve,
            self._pool,
            turn,
            work="The local API",
            advice="Turn it on again.",
            on_progress=self._on_look,
            on_result=partial(self._on_ended, turn),
            on_failure=partial(self._on_failed, turn),
        )
        self._look.start()

    def stop(self, seconds: float = DRAIN_SECONDS) -> None:
        """Take no more requests, answer those in flight and end.

        Args:
            seconds: The time that these may take.
        """
        for turn in self._turns:
            turn.close(seconds)
        if self.running:
            self._tell(self._status.becoming(ServiceState.STOPPING))

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Stop permanently, and end the threads.

        To let requests in flight be answered while others are shut down, call `stop` first.

        Returns:
            Whether all threads have ended; loading a model, for example, cannot be interrupted.
        """
        self._closing = True
        self._look.stop()
        self.stop(max(0.0, seconds - _TIDY_SECONDS))
        ended = self._lane.stop(seconds)
        servers = self._left + [turn.server for turn in self._turns if turn.server is not None]
        return ended and all(server.ended for server in servers)

    @Slot()
    def _on_look(self) -> None:
        if not self._turns:
            return
        turn = self._turns[-1]
        if turn.server is not None and turn.listening is not None:
            self._options = replace(turn.options, port=turn.listening.port)
            state = ServiceState.STOPPING if turn.closed else ServiceState.ON
            self._tell(LabelServiceStatus(state, turn.listening, turn.server.snapshot()))

    def _on_failed(self, turn: _Turn, reason: Reason) -> None:
        self._forget(turn, LabelServiceStatus(ServiceState.FAILED, problem=reason))

    def _on_ended(self, turn: _Turn, end: tuple[LabelServiceStatus, bool]) -> None:
        status, finished = end
        self._left = [server for server in self._left if not server.ended]
        if not finished and turn.server is not None:
            self._left.append(turn.server)
        self._forget(turn, status)

    def _forget(self, turn: _Turn, last: LabelServiceStatus) -> None:
        self._turns.remove(turn)
        if not self._turns:
            self._look.stop()
            self._tell(last)

    def _tell(self, status: LabelServiceStatus) -> None:
        before, self._status = self._status, status
        if status != before:
            self.changed.emit(status)


class _Turn:
    """From one switching on to the next switching off; both threads use it.

    Attributes:
        options: The requested options.
        server: The server; None until it listens.
        listening: The facts about it, likewise.
    """

    def __init__(self, options: ServiceOptions) -> None:
        self.options = options
        self.server: LabelServer | None = None
        self.listening: Listening | None = None
        self._lock = threading.Lock()
        self._patience: float | None = None

    @property
    def closed(self) -> bool:
        """Whether it was switched off."""
        return self._patience is not None

    def listens(self, server: LabelServer, listening: Listening) -> None:
        """Take the server, which may have to end at once."""
        with self._lock:
            self.server, self.listening = server, listening
            if self._patience is not None:
                server.close(self._patience)

    def close(self, patience: float) -> None:
        """Switch off, also before the server is there; `patience` in seconds never grows."""
        with self._lock:
            self._patience = patience if self._patience is None else min(patience, self._patience)
            if self.server is not None:
                self.server.close(self._patience)


def _serve(
    pool: ModelPool, turn: _Turn, *, on_progress: Callable[[], None]
) -> tuple[LabelServiceStatus, bool]:
    """Answer requests until the turn is closed.

    Returns:
        The last status, and whether all threads of the server have ended.
    """
    from desktop_app.core.service.server import LabelServer

    if turn.closed:
        return LabelServiceStatus(), True
    try:
        with LabelServer(pool, turn.options) as server:
            server.models.check_known()
            server.listen()
            model = pool.library.get(server.models.default_id)
            turn.listens(server, Listening.of(server, model.name))
            log.info("The local API listens on %s.", server.address)
            on_progress()
            finished = server.run()
    except ServiceError as error:
        return LabelServiceStatus.failed(error, turn.options.port), True
    log.info("The local API has stopped.")
    return LabelServiceStatus(), finished
