"""The local API as the window switches it on and off."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.core.foundation.errors import Reason, SightlineError
from desktop_app.core.service.limits import DRAIN_SECONDS
from desktop_app.core.service.options import ServiceOptions
from desktop_app.workers.service.label_service_status import LabelServiceStatus, Listening, ServiceState
from desktop_app.workers.threads.thread import WorkerThread

if TYPE_CHECKING:
    from desktop_app.core.classify.pool import ModelPool
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

    _serve_requested = Signal(object)

    def __init__(self, pool: ModelPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = LabelServiceStatus()
        self._options = ServiceOptions()
        self._turns: list[_Turn] = []  # the last one is the present one, the others still end
        self._left: list[LabelServer] = []
        self._closing = False
        self._thread = WorkerThread("label service", self)
        worker = self._thread.adopt(_LabelWorker(pool))
        self._serve_requested.connect(worker.serve)
        worker.listening.connect(self._on_look)
        worker.failed.connect(self._on_failed)
        worker.ended.connect(self._on_ended)
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
        self._turns.append(_Turn(options))
        self._tell(LabelServiceStatus(ServiceState.STARTING))
        self._thread.begin()
        self._serve_requested.emit(self._turns[-1])
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
        ended = self._thread.stop(seconds)
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

    @Slot(object, object)
    def _on_failed(self, turn: _Turn, error: SightlineError) -> None:
        self._forget(turn, LabelServiceStatus.failed(error, turn.options.port))

    @Slot(object, bool)
    def _on_ended(self, turn: _Turn, finished: bool) -> None:
        self._left = [server for server in self._left if not server.ended]
        if not finished and turn.server is not None:
            self._left.append(turn.server)
        self._forget(turn, LabelServiceStatus())

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


class _LabelWorker(QObject):
    """Lives in the service's thread, which it keeps for as long as the service is on.

    Signals:
        listening: The `_Turn` whose server listens.
        failed: The `_Turn` that failed, and the `SightlineError`.
        ended: The `_Turn` that is over, and whether all threads of its server have ended.
    """

    listening = Signal()
    failed = Signal(object, object)
    ended = Signal(object, bool)

    def __init__(self, pool: ModelPool) -> None:
        super().__init__()
        self._pool = pool

    @Slot(object)
    def serve(self, turn: _Turn) -> None:
        """Answer requests until the turn is closed."""
        if turn.closed:
            self.ended.emit(turn, True)
            return
        try:
            finished = self._serve(turn)
        except SightlineError as error:
            self.failed.emit(turn, error)
        except Exception as error:
            reason = Reason.of_defect("The local API", error, "Turn it on again.")
            self.failed.emit(turn, SightlineError(reason.text, reason.advice))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            log.info("The local API has stopped.")
            self.ended.emit(turn, finished)

    def _serve(self, turn: _Turn) -> bool:
        from desktop_app.core.service.server import LabelServer

        with LabelServer(self._pool, turn.options) as server:
            server.models.check_known()
            server.listen()
            model = self._pool.library.get(server.models.default_id)
            turn.listens(server, Listening.of(server, model.name))
            log.info("The local API listens on %s.", server.address)
            self.listening.emit()
            return server.run()
