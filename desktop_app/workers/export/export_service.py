"""Exports for the window: one at a time, in a lane of their own."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.text import printable
from desktop_app.workers.export import calls
from desktop_app.workers.export.messages import ExportOffer, ExportPhase, ExportStatus
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all

if TYPE_CHECKING:
    from desktop_app.core.export.listening import ExportProgress
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.export.messages import ExportRequest

log = logging.getLogger(__name__)


class ExportService(QObject):
    """Writes models for other programs; lives in the GUI thread.

    The work is done by processes, which end with the export or with the window.

    Args:
        library: The library that the models are in.
        runs: Where to look for the training of a model; None for the user's runs.
        parent: Qt's owner.

    Signals:
        offered: The `ExportOffer` that `ask` asked for.
        changed: The `ExportStatus` of the current export; None once its outcome was seen.
    """

    offered = Signal(object)
    changed = Signal(object)

    def __init__(self, library: Library, runs: RunStore | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._runs = runs
        self._status: ExportStatus | None = None
        self._cancel = CancelSource()
        self._question = calls.KeepQuestion(self._cancel.token)
        self._looking = Lane("export offers", self)
        self._lane = Lane("export", self)

    @property
    def status(self) -> ExportStatus | None:
        """The current export, or the last one until its outcome was seen."""
        return self._status

    @property
    def running(self) -> bool:
        """Whether an export runs."""
        return self._status is not None and self._status.running

    def ask(self, model_id: str) -> None:
        """Find out what a model can be exported as; `offered` follows, also while an export runs."""
        self._looking.do(
            calls.offer,
            self._library,
            self._runs,
            model_id,
            work="Looking at the model",
            on_result=self._on_offer,
            on_failure=lambda reason: self._on_offer(ExportOffer(model_id, frozenset(), problem=reason)),
        )

    def start(self, request: ExportRequest) -> None:
        """Begin an export, unless one runs."""
        if self.running:
            return
        self._cancel = CancelSource()
        self._question = calls.KeepQuestion(self._cancel.token)
        log.info("Exporting %s as %s, %s.", request.model_id, request.form, request.precision)
        self._show(ExportStatus(request))
        self._lane.do(
            calls.export,
            self._library,
            request,
            self._question,
            work="The export",
            on_progress=self._on_progress,
            on_result=self._on_written,
            on_failure=self._on_failed,
        )

    def keep(self, wanted: bool) -> None:
        """Answer whether a proven file is wanted; without it, nothing is written."""
        if self._status is not None and self._status.phase is ExportPhase.ASKING:
            if wanted:
                self._show(replace(self._status, phase=ExportPhase.RUNNING))
                self._question.answers.put(True)
            else:
                self.cancel()

    def cancel(self) -> None:
        """End the export; what was at its file's place stays."""
        self._cancel.cancel()

    def forget(self) -> None:
        """Forget an export that has ended: its outcome was seen."""
        if self._status is not None and not self._status.running:
            self._show(None)

    def shutdown(self, seconds: float = 2.0) -> bool:
        """End the export and the threads; return whether they ended in time."""
        self._cancel.cancel()
        return stop_all((self._lane, self._looking), seconds)

    def _show(self, status: ExportStatus | None) -> None:
        self._status = status
        self.changed.emit(status)

    # Outcomes

    def _on_offer(self, offer: ExportOffer) -> None:
        log.info("%s can be exported in %d formats.", printable(offer.model_id), len(offer.forms))
        self.offered.emit(offer)

    def _on_progress(self, told: ExportProgress | ExportReport) -> None:
        from desktop_app.core.export.listening import ExportProgress

        assert self._status is not None
        if isinstance(told, ExportProgress):
            self._show(replace(self._status, progress=told))
        else:
            self._show(replace(self._status, phase=ExportPhase.ASKING, report=told))

    def _on_written(self, written: tuple[ExportReport | None, int]) -> None:
        assert self._status is not None
        report, size = written
        log.info("Exported %s.", self._status.request.model_id)
        self._show(replace(self._status, phase=ExportPhase.DONE, report=report, size=size))

    def _on_failed(self, reason: Reason) -> None:
        assert self._status is not None
        log.info("Did not export %s: %s", self._status.request.model_id, reason.sentence)
        if self._cancel.token.cancelled:
            self._show(replace(self._status, phase=ExportPhase.STOPPED))
        else:
            self._show(replace(self._status, phase=ExportPhase.FAILED, reason=reason))
