"""The earlier jobs, with buttons to open, resume and delete them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.ui.batch.jobs.job_delegate import JobDelegate
from desktop_app.ui.batch.jobs.job_list_model import JobListModel
from desktop_app.ui.common.controls.entry_list import EntryList
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, vertical
from desktop_app.ui.common.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QPushButton

    from desktop_app.workers.batch.messages import JobEntry

_LEAST_ROWS = 2


class JobList(QWidget):
    """A list, and buttons for its current job; the menu and the keys do the same.

    Signals:
        open_requested: The path of a job to show.
        resume_requested: The path of a job to resume.
        remove_requested: The `JobEntry` of a job to delete.
    """

    open_requested = Signal(object)
    resume_requested = Signal(object)
    remove_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = JobListModel()
        self._model.setParent(self)
        self._view = _JobView(self._model)
        self._awaited: Path | None = None
        self.setFocusProxy(self._view)
        self._open, open_button = self._offer("Open", "pictures")
        self._resume, resume_button = self._offer("Resume", "resume")
        self._remove, remove_button = self._offer("Delete", "trash", QKeySequence.StandardKey.Delete)
        self._open.triggered.connect(lambda: self._emit_path(self.open_requested))
        self._resume.triggered.connect(lambda: self._emit_path(self.resume_requested))
        self._remove.triggered.connect(self._on_remove)
        self._view.activated.connect(self._open.trigger)
        self._view.open_requested.connect(self._open.trigger)
        self._view.current_changed.connect(self._show_offers)
        top = horizontal(spacing=8)
        top.addWidget(heading("Recent batches", factor=1.1), 1)
        for each in (open_button, resume_button, remove_button):
            top.addWidget(each)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        layout.addWidget(self._view, 1)
        self._show_offers()

    @property
    def current(self) -> JobEntry | None:
        """The current job."""
        index = self._view.currentIndex()
        return self._model.entry_at(index.row()) if index.isValid() else None

    def show_jobs(self, entries: Sequence[JobEntry]) -> None:
        """Show the jobs; the current one stays, or the one that has moved up becomes current."""
        before, row = self.current, self._view.currentIndex().row()
        self._model.show_jobs(entries)
        awaited = self._model.row_of(self._awaited) if self._awaited is not None else None
        if awaited is not None:
            self._awaited = None
            self._view.choose_row(awaited)
        elif entries and not self._view.currentIndex().isValid():
            found = self._model.row_of(before.path) if before is not None else None
            self._view.choose_row(found if found is not None else min(max(row, 0), len(entries) - 1))
        self._show_offers()

    def choose(self, path: Path) -> None:
        """Make a job the current one; a new one as soon as it is listed."""
        row = self._model.row_of(path)
        self._awaited = path if row is None else None
        if row is not None:
            self._view.choose_row(row)

    def _offer(
        self, text: str, icon: str, keys: QKeySequence.StandardKey | None = None
    ) -> tuple[QAction, QPushButton]:
        action = QAction(text, self._view)
        set_icon(action, icon)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._view.addAction(action)
        shown = button(text, icon)
        shown.clicked.connect(action.trigger)
        action.enabledChanged.connect(shown.setEnabled)
        action.visibleChanged.connect(lambda: shown.setVisible(action.isVisible()))
        return action, shown

    def _show_offers(self) -> None:
        entry = self.current
        at_work = entry is not None and entry.state == "running"
        usable = entry is not None and not entry.problem
        self._open.setEnabled(usable)
        self._resume.setVisible(entry is None or entry.state in {"stopped", "interrupted", "waiting"})
        self._resume.setEnabled(usable)
        self._remove.setEnabled(entry is not None and not at_work)
        self._remove.setToolTip(
            "Cancel the batch first" if at_work else "Delete the batch; no picture is touched"
        )

    def _emit_path(self, signal: SignalInstance) -> None:
        if self.current is not None:
            signal.emit(self.current.path)

    def _on_remove(self) -> None:
        if self.current is not None:
            self.remove_requested.emit(self.current)


class _JobView(EntryList):
    """The list itself.

    Signals:
        open_requested: The user pressed Enter.
    """

    open_requested = Signal()

    def __init__(self, model: JobListModel) -> None:
        super().__init__("Recent batches", model, JobDelegate())
        self.setMinimumHeight(_LEAST_ROWS * (JobDelegate.height(self.fontMetrics()) + 2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter open, on every system."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.open_requested.emit()
            return
        super().keyPressEvent(event)
