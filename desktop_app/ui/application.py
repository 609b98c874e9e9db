"""The Qt application, which the system asks to open files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.common.style.theme import DRESSED, STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFileOpenEvent

    from desktop_app.core.images.sources import Source

GATHER_MS = 50
"""Milliseconds: files that are opened together arrive one by one, much closer than that."""


class Application(QApplication):
    """Takes files that macOS opens with the app: macOS sends events, other systems start the app again.

    Attributes:
        sources_opened: The files opened together, as a list of sources; emitted from the event loop only,
            so that nothing is lost before a slot is connected.
    """

    sources_opened = Signal(object)

    def __init__(self, words: Sequence[str]) -> None:
        # By `setStyle` it would be the same, but that returns the style, whose names take Python 10 ms.
        super().__init__([*words, "-style", STYLE])
        self.setProperty(DRESSED, True)
        self._opened: list[Source] = []
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True)
        self._gather.timeout.connect(self._tell)

    def event(self, event: QEvent) -> bool:
        """Collect files to open; Qt handles every other event."""
        if event.type() == QEvent.Type.FileOpen and (file := cast("QFileOpenEvent", event).file()):
            self._opened.append(FileSource(Path(file)))
            self._gather.start()
            return True
        return super().event(event)

    def _tell(self) -> None:
        opened, self._opened = self._opened, []
        self.sources_opened.emit(list(dict.fromkeys(opened)))
