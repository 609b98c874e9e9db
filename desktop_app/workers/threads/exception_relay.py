"""Brings every unexpected error, from whatever thread, to the log and to the GUI thread."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler

from desktop_app.core.installation.crash_report import error_report

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger(__name__)
qt_log = logging.getLogger("desktop_app.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ExceptionRelay(QObject):
    """Takes over the hooks of Python and Qt for uncaught errors; lives in the GUI thread.

    Errors are logged where they happen. `crashed` then arrives in the GUI thread, the only one in which
    a dialog may open.

    Signals:
        crashed: The report, as text for a person to read and send.
    """

    crashed = Signal(str)

    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)
        self._hooks_before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._messages_before = qInstallMessageHandler(_on_qt_message)

    def close(self) -> None:
        """Restore the hooks."""
        sys.excepthook, threading.excepthook = self._hooks_before
        qInstallMessageHandler(self._messages_before)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._hooks_before[0](kind, error, traceback)
            return
        log.critical("An unexpected error", exc_info=(kind, error, traceback))
        self._caught.emit(error_report(error))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    @Slot(str)
    def _on_caught(self, report: str) -> None:
        self.crashed.emit(report)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", text, context.category or "default")
