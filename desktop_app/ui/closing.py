"""What happens to a training and an export when the window is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QProgressBar

from desktop_app.ui.common.controls.widgets import button, label, vertical

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    from desktop_app.workers.export.export_service import ExportService
    from desktop_app.workers.export.messages import ExportStatus
    from desktop_app.workers.training.training_service import TrainingService

PATIENCE_MS = 20_000
"""A fit ends within two batches; evaluating and saving its model may take longer than a user waits."""


class Closing(QObject):
    """Asks once when a fit or an export runs, and waits until the best epoch is saved if the user chose that.

    An export cannot be resumed: it ends with the window.

    Signals:
        ready: The window may close now; `may_close` need not be called again.
    """

    ready = Signal()

    def __init__(self, window: QWidget, training: TrainingService, exports: ExportService) -> None:
        super().__init__(window)
        self._window = window
        self._training = training
        self._exports = exports
        self._about_export = False
        self._decided = False
        self._question: QMessageBox | None = None
        self._saving: SavingDialog | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._leave)
        training.running_changed.connect(self._on_running_changed)
        exports.changed.connect(self._on_export_changed)

    def decide(self) -> None:
        """Let the window close without a question: an unfinished fit can be resumed."""
        self._decided = True

    def may_close(self) -> bool:
        """Return whether the window may close at once; if not, the user is asked, and `ready` may follow."""
        if self._decided or not (self._training.running or self._exports.running):
            return True
        if self._question is not None:
            self._question.activateWindow()
        elif self._saving is None and self._training.running:
            self._ask()
        elif self._saving is None:
            self._ask_about_export()
        return False

    def _ask(self) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Training in progress",
            "Keep training, save what you have, or resume later?",
            parent=self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        export = " The export that runs would end, and write nothing." if self._exports.running else ""
        box.setInformativeText(
            "Stopping saves the best epoch so far as a model. A closed training can be resumed in Runs."
            f"{export}"
        )
        role = QMessageBox.ButtonRole
        keep = box.addButton("Stop and save", role.AcceptRole)
        later = box.addButton("Close and resume later", role.DestructiveRole)
        stay = box.addButton("Keep training", role.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda _result: self._on_answered(box.clickedButton(), keep, later))
        self._show(box, about_export=False)

    def _ask_about_export(self) -> None:
        status = self._exports.status
        assert status is not None
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Export in progress",
            f"End the export of {status.request.name}?",
            parent=self._window,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText("It cannot be resumed. Nothing is written, and a file of that name stays.")
        end = box.addButton("End it and close", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Keep exporting", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(lambda _result: self._on_answered(box.clickedButton(), None, end))
        self._show(box, about_export=True)

    def _show(self, box: QMessageBox, *, about_export: bool) -> None:
        self._question, self._about_export = box, about_export
        box.open()

    def _on_answered(
        self, clicked: QAbstractButton | None, keep: QAbstractButton | None, later: QAbstractButton
    ) -> None:
        self._question = None
        if clicked is later:
            self._leave()
        elif clicked is not None and clicked is keep:
            self._keep()

    def _keep(self) -> None:
        self._training.stop()
        if not self._training.running:
            self._leave()
            return
        self._saving = SavingDialog()
        self._saving.leave_requested.connect(self._leave)
        self._saving.show()
        self._window.hide()
        self._patience.start()

    def _on_running_changed(self, running: bool) -> None:
        if running:
            return
        if self._saving is not None:
            self._leave()
        elif self._question is not None and not self._about_export:
            self._question.close()  # the fit has ended by itself: nothing is left to ask

    def _on_export_changed(self, status: ExportStatus | None) -> None:
        ended = status is None or not status.running
        if ended and self._question is not None and self._about_export:
            self._question.close()  # likewise

    def _leave(self) -> None:
        self._decided = True
        self._patience.stop()
        self.ready.emit()
        if self._saving is not None:
            self._saving.deleteLater()
            self._saving = None


class SavingDialog(QDialog):
    """Stands in for the window while the model is being saved.

    Signals:
        leave_requested: The user does not want to wait.
    """

    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Sightline")
        self.setWindowIcon(QApplication.windowIcon())
        bar = QProgressBar(textVisible=False)
        bar.setRange(0, 0)
        bar.setAccessibleName("Saving the model")
        leave = button("Close now", tip="You can resume the training in Runs.")
        leave.clicked.connect(self.leave_requested)
        layout = vertical(self, spacing=16, margins=(24, 24, 24, 16))
        layout.addWidget(label("Stopping the training and saving the model…"))
        layout.addWidget(bar)
        layout.addWidget(leave, 0, Qt.AlignmentFlag.AlignRight)
        self.rejected.connect(self.leave_requested)
