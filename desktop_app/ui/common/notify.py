"""Notifies the user that work has ended while another window is in front."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon, QWidget

_PROGRAM = "notify-send"
"""Qt's own D-Bus classes cannot send the unsigned number that the service wants first."""
_SHOWN_MS = 15_000


class Notifier(QObject):
    """Shows a notification of the desktop, and marks the window in the task bar."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tray: QSystemTrayIcon | None = None

    def notify(self, window: QWidget, title: str, text: str) -> bool:
        """Show a notification as this desktop does.

        Args:
            window: The window that the notification belongs to.
            title: The heading, a few words.
            text: The message, plain text.

        Returns:
            Whether a notification was shown; the task bar is marked in any case.
        """
        QApplication.alert(window)
        return self._by_program(title, text) or self._by_tray(title, text)

    @staticmethod
    def _by_program(title: str, text: str) -> bool:
        from PySide6.QtCore import QProcess, QStandardPaths

        program = QStandardPaths.findExecutable(_PROGRAM) if sys.platform.startswith("linux") else ""
        if not program:
            return False
        # The body may be read as markup, and it contains names that the user chose.
        from html import escape

        words = ["--app-name=Sightline", "--icon=sightline", "--", title, escape(text, quote=False)]
        started, _pid = QProcess.startDetached(program, words)
        return started

    def _by_tray(self, title: str, text: str) -> bool:
        from PySide6.QtWidgets import QSystemTrayIcon

        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return False
        if self._tray is None:
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._tray.setToolTip("Sightline")
        self._tray.show()
        self._tray.showMessage(title, text, QApplication.windowIcon(), _SHOWN_MS)
        return True

    def withdraw(self) -> None:
        """Take the icon out of the system's tray again, once the window is in front."""
        if self._tray is not None:
            self._tray.hide()
