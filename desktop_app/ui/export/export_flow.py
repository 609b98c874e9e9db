"""Exports of the window: the dialog, what the status bar tells meanwhile, and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.text import printable
from desktop_app.ui.export import export_words as words
from desktop_app.workers.export.messages import ExportPhase

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.ui.export.export_dialog import ExportDialog
    from desktop_app.workers.classify.messages import ModelEntry
    from desktop_app.workers.export.export_service import ExportService
    from desktop_app.workers.export.messages import ExportStatus
    from desktop_app.workers.library.library import LibraryService


class ExportFlow(QObject):
    """Opens one dialog at a time, beside the window, which stays usable.

    Args:
        service: The service that exports.
        library: The models.
        window: The window that the dialog belongs to.

    Signals:
        told: The export for the status bar, in short and as a sentence; both empty when there is none, or
            its dialog is open.
        ended: A title and a sentence about an export that has ended, or waits for an answer, unseen.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    told = Signal(str, str)
    ended = Signal(str, str)
    said = Signal(str, bool)

    def __init__(self, service: ExportService, library: LibraryService, window: QWidget) -> None:
        super().__init__(window)
        self._service = service
        self._library = library
        self._window = window
        self._dialog: ExportDialog | None = None
        self._awaited = ""
        self._opened: dict[str, ModelEntry] = {}
        self._told_of: ExportPhase | None = None
        service.changed.connect(self._on_changed)
        library.models_changed.connect(self._on_models_changed)

    def show(self, model_id: str) -> None:
        """Show the dialog of a model, which may have been trained just now and not be listed yet."""
        self._awaited = model_id
        if not self._take_awaited(self._library.models()):
            self._library.refresh()

    def show_current(self) -> None:
        """Show the dialog of the export that runs or has ended."""
        status = self._service.status
        if status is not None:
            self._open(self._opened[status.request.model_id])  # also where the model was removed since

    # Construction of the dialog

    def _take_awaited(self, entries: tuple[ModelEntry, ...]) -> bool:
        entry = next((entry for entry in entries if entry.model_id == self._awaited), None)
        if entry is None:
            return False
        self._awaited = ""
        self._open(entry)
        return True

    def _on_models_changed(self, entries: tuple[ModelEntry, ...]) -> None:
        if self._awaited and not self._take_awaited(entries):
            self.said.emit(f"The model {printable(self._awaited)} is no longer in the library.", True)
            self._awaited = ""

    def _open(self, entry: ModelEntry) -> None:
        from desktop_app.ui.export.export_dialog import ExportDialog

        self._opened[entry.model_id] = entry
        if self._dialog is not None and self._dialog.model_id != entry.model_id:
            self._dialog.close()
        if self._dialog is None:
            self._dialog = ExportDialog(self._service, entry, self._window)
            self._dialog.finished.connect(self._on_closed)
            self._dialog.outcome_seen.connect(self._tell)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._tell()

    def _on_closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        status = self._service.status
        if dialog is not None and status is not None and status.request.model_id == dialog.model_id:
            self._service.forget()  # what has ended was seen
        if dialog is not None:
            dialog.deleteLater()
        self._tell()

    # Reports of the service

    def _on_changed(self, status: ExportStatus | None) -> None:
        phase = None if status is None else status.phase
        if status is not None and phase is not self._told_of and not self._is_seen(status):
            if phase is ExportPhase.STOPPED:
                self.said.emit(words.STOPPED, False)
            elif phase in {ExportPhase.DONE, ExportPhase.FAILED, ExportPhase.ASKING}:
                _short, sentence = words.told(status)
                why = f"{sentence}." if status.reason is None else status.reason.sentence
                self.ended.emit("Export", why)
        self._told_of = phase
        self._tell()

    def _is_seen(self, status: ExportStatus) -> bool:
        dialog = self._dialog
        return dialog is not None and dialog.isVisible() and dialog.model_id == status.request.model_id

    def _tell(self) -> None:
        status = self._service.status
        if status is None or (not status.running and self._is_seen(status)):
            self.told.emit("", "")
        else:
            self.told.emit(*words.told(status))
