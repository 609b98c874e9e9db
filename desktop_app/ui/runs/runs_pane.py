"""The Runs pane: past trainings, their results, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from desktop_app.core.training.records.events import EpochEnded, Started
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, vertical
from desktop_app.ui.common.folders import show_folder
from desktop_app.ui.common.undo_bar import UndoBar
from desktop_app.ui.runs.empty_runs import EmptyRuns
from desktop_app.ui.runs.run_actions import RunActions
from desktop_app.ui.runs.run_details import RunDetails
from desktop_app.ui.runs.run_list import RunList
from desktop_app.ui.runs.runs_model import RunsModel

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.workers.training.training_service import TrainingService

_NARROWEST = 196


class RunsPane(QWidget):
    """The list on the left, one run or a comparison on the right.

    Signals:
        classify_requested: Id of the model to classify with.
        export_requested: Id of the model to export.
        train_pane_requested: The user wants to see the Train pane.
        again_requested: `TrainingConfig` of a run that the user wants to change and train again.
        said: Sentence for the status bar, and whether it reports a failure.
    """

    classify_requested = Signal(str)
    export_requested = Signal(str)
    train_pane_requested = Signal()
    again_requested = Signal(object)
    said = Signal(str, bool)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service
        self._running = ""
        self._model = RunsModel()
        self._list = RunList(self._model)
        self._actions = RunActions(self._list)
        self._details = RunDetails(self._actions)
        self._undo = UndoBar()
        self._uncheck = button("Stop comparing", "close")
        self._uncheck.clicked.connect(self._model.uncheck_all)
        keeps_place = self._uncheck.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)  # else the list moves when it appears
        self._uncheck.setSizePolicy(keeps_place)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._list)
        self._splitter.addWidget(self._details)
        self._list.setMinimumWidth(_NARROWEST)
        self._splitter.setSizes([400, 500])
        self._empty = EmptyRuns()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._splitter)
        self.setFocusProxy(self._list)
        self._lay_out()
        self._connect()
        self._show_runs(service.runs)

    def showEvent(self, event: QShowEvent) -> None:
        """List the runs again: the command line may have added one in the meantime."""
        super().showEvent(event)
        self._service.refresh_runs()

    def _lay_out(self) -> None:
        top = horizontal(margins=(16, 0, 16, 0))
        top.addWidget(heading("Training runs"))
        top.addStretch(1)
        top.addWidget(self._uncheck)
        inside = horizontal(margins=(8, 0, 0, 0))
        inside.addWidget(self._stack)
        bottom = horizontal(margins=(16, 0, 16, 16))
        bottom.addWidget(self._undo)
        layout = vertical(self, spacing=16, margins=(0, 16, 0, 0))
        layout.addLayout(top)
        layout.addLayout(inside, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        actions, service = self._actions, self._service
        actions.classify.triggered.connect(self._on_classify)
        actions.export.triggered.connect(self._on_export)
        actions.resume.triggered.connect(self._on_resume)
        actions.again.triggered.connect(self._on_again)
        actions.rename.triggered.connect(self._list.rename_current)
        actions.code.triggered.connect(self._on_code)
        actions.open.triggered.connect(self._on_open)
        actions.remove.triggered.connect(self._on_remove)
        self._empty.train_requested.connect(self.train_pane_requested)
        self._list.current_changed.connect(self._show_details)
        self._model.checks_changed.connect(self._show_details)
        self._model.rename_requested.connect(service.rename_run)
        self._undo.undo_requested.connect(service.undo_remove_run)
        service.runs_changed.connect(self._show_runs)
        service.undo_available.connect(self._undo.offer)
        service.running_changed.connect(lambda _running: self._show_details())
        service.event_arrived.connect(self._on_event)

    def _show_runs(self, entries: tuple[RunEntry, ...]) -> None:
        current = self._list.current()
        row = self._list.currentIndex().row()
        self._model.show_runs(entries)
        self._stack.setCurrentWidget(self._splitter if entries else self._empty)
        if current is not None and self._model.row_of(current.record.run_id) is None:
            # Removed: the one that moved up takes its place, so that the next Delete has its target.
            self._list.choose(entries[min(row, len(entries) - 1)].record.run_id if entries else "")
        elif not self._list.currentIndex().isValid():
            self._list.choose(current.record.run_id if current is not None else "")
        self._show_details()

    def _show_details(self) -> None:
        entry, checked = self._list.current(), self._model.checked()
        compares = len(checked) > 1
        self._uncheck.setVisible(compares)
        self._actions.show(entry, busy=self._service.running)
        if entry is not None:
            self._details.show_run(entry)
            self._details.show_curves(checked if compares else (entry,), self._model.colours())

    def _on_event(self, event: TrainingEvent) -> None:
        match event:
            case Started():
                self._running = event.run_id
            case EpochEnded():
                self._model.add_epoch(self._running, event.metrics)
                current = self._list.current()
                shown = {entry.record.run_id for entry in self._model.checked()}
                if self._running in shown or (current and current.record.run_id == self._running):
                    self._show_details()
            case _:
                pass

    def _on_classify(self) -> None:
        entry = self._list.current()
        if entry is not None and entry.record.model_id is not None:
            self.classify_requested.emit(entry.record.model_id)

    def _on_export(self) -> None:
        entry = self._list.current()
        if entry is not None and entry.record.model_id is not None:
            self.export_requested.emit(entry.record.model_id)

    def _on_resume(self) -> None:
        entry = self._list.current()
        if entry is not None:
            self.train_pane_requested.emit()  # first, so that it sees the beginning
            self._service.resume(entry.record.run_id)

    def _on_again(self) -> None:
        entry = self._list.current()
        if entry is not None:
            self.again_requested.emit(entry.record.config)

    def _on_code(self) -> None:
        entry = self._list.current()
        if entry is not None:
            from desktop_app.ui.runs.code_dialog import CodeDialog

            dialog = CodeDialog(self._service.code, entry, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _on_open(self) -> None:
        entry = self._list.current()
        if entry is not None:
            self.said.emit(*show_folder(entry.folder))
            self._service.refresh_runs()  # it may have gone

    def _on_remove(self) -> None:
        entry = self._list.current()
        if entry is not None:
            self._service.remove_run(entry.record.run_id)
