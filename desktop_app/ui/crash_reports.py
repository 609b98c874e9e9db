"""Shows reports of unexpected errors, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.ui.dialogs.crash_dialog import CrashDialog


class CrashReports(QObject):
    """Opens a dialog over the window; Quit in it closes the window.

    While one is open, and once the window has closed, further reports go to the log only: an
    error that repeats would otherwise bury the screen.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: CrashDialog | None = None

    @Slot(str)
    def show(self, report: str) -> None:
        """Show a report, without waiting until it is closed."""
        if self._dialog is not None or not self._window.isVisible():
            return
        from desktop_app.ui.dialogs.crash_dialog import CrashDialog

        self._dialog = CrashDialog(report, self._window)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.finished.connect(self._on_finished)
        self._dialog.open()

    @Slot(int)
    def _on_finished(self, result: int) -> None:
        self._dialog = None
        if result == QDialog.DialogCode.Rejected:
            self._window.close()
