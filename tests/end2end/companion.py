"""The other window on the screen: pictures are dragged out of it, and it shares the clipboard.

Runs as a process of its own (``python -m tests.end2end.companion X Y``), as any other program would. It
reads commands from standard input and reports on standard output what happens to it, both as lines of JSON;
`tests.end2end.other_window` is the other end.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QMimeData, QPoint, QSocketNotifier, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

SIDE = 200
_ACTIONS = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction


def tell(event: str, **facts: object) -> None:
    """Write one line."""
    print(json.dumps({"event": event, **facts}), flush=True)


def mime_data(content: dict[str, object]) -> QMimeData:
    """Build what a program offers in a drag or on the clipboard."""
    mime = QMimeData()
    if "urls" in content:
        mime.setUrls([QUrl(url) for url in content["urls"]])
    if "text" in content:
        mime.setText(content["text"])
    if "html" in content:
        mime.setHtml(content["html"])
    if "image" in content:
        mime.setImageData(QImage(content["image"]))
    return mime


class Companion(QWidget):
    """Starts a drag when the mouse is moved with its button down, like a file manager."""

    def __init__(self, x: int, y: int) -> None:
        super().__init__()
        self._content: dict[str, object] = {}
        self._proposed = Qt.DropAction.CopyAction
        self._pressed_at = QPoint()
        self._commands = b""
        self._stdin = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._stdin.activated.connect(self._on_commands)
        QGuiApplication.clipboard().dataChanged.connect(self._on_clipboard_changed)
        self.setGeometry(x, y, SIDE, SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and way >= QApplication.startDragDistance():
            drag = QDrag(self)
            drag.setMimeData(mime_data(self._content))
            drag.actionChanged.connect(self._on_action_changed)
            tell("drag_started")
            action = drag.exec(_ACTIONS, self._proposed)
            tell("drag_ended", action=action.name)

    def _on_action_changed(self, action: Qt.DropAction) -> None:
        if action is not Qt.DropAction.IgnoreAction:
            tell("drag_accepted")

    def _on_clipboard_changed(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if not clipboard.ownsClipboard():
            tell("copied", text=clipboard.text())

    def _on_commands(self) -> None:
        received = os.read(sys.stdin.fileno(), 1 << 16)
        if not received:
            QApplication.quit()
            return
        *lines, self._commands = (self._commands + received).split(b"\n")
        for line in lines:
            command = json.loads(line)
            getattr(self, f"_{command.pop('do')}")(**command)

    def _hold(self, content: dict[str, object], proposed: str) -> None:
        """Be ready for a drag."""
        self._content, self._proposed = content, Qt.DropAction[proposed]
        tell("holds")

    def _copy(self, content: dict[str, object]) -> None:
        """Put something on the clipboard."""
        QGuiApplication.clipboard().setMimeData(mime_data(content))
        tell("holds")

    def _photograph(self, path: str) -> None:
        """Save a picture of the whole screen."""
        QGuiApplication.primaryScreen().grabWindow(0).save(path)
        tell("photographed")


def main() -> int:
    """Show the window until standard input ends."""
    application = QApplication(sys.argv[:1])
    companion = Companion(*map(int, sys.argv[1:]))
    companion.show()
    tell("ready")
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
