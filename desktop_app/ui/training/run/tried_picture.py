"""A picture that was dropped on a running training, and what the network says about it so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.core.foundation.text import percent, printable
from desktop_app.ui.common.controls.widgets import heading, horizontal, label, vertical

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.events import TriedOut
    from desktop_app.ui.common.thumbnails import Thumbnails

_SIDE = 64


class TriedPicture(QWidget):
    """Thumbnail, label and percentage; hidden until there is a picture.

    Args:
        thumbnails: Maker of the thumbnail.
    """

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._path: Path | None = None
        self._picture = QLabel()
        self._picture.setFixedSize(_SIDE, _SIDE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._answer = heading(factor=1.2, wrap=True)
        self._since = label(tone="muted", wrap=True)
        row = horizontal(self, spacing=12)
        row.addWidget(self._picture)
        words = vertical(spacing=2)
        words.addStretch(1)
        words.addWidget(self._answer)
        words.addWidget(self._since)
        words.addStretch(1)
        row.addLayout(words, 1)
        thumbnails.arrived.connect(lambda _path: self._show_picture())
        self.hide()

    @property
    def words(self) -> str:
        """What is shown, in one line."""
        return f"{self._answer.text()} {self._since.text()}"

    def wait_for(self, path: Path) -> None:
        """Show a picture that the network has not seen yet."""
        self._path = path
        self._picture.setAccessibleName(printable(path.name))
        self._show_picture()
        self._answer.setText(printable(path.name))
        self._since.setText("The prediction comes when this epoch ends.")
        self.show()

    def show_answer(self, event: TriedOut) -> None:
        """Show what the network says after an epoch."""
        if event.path != self._path:
            return
        if event.problem:
            self._since.setText(event.problem)
            return
        self._answer.setText(f"{event.label} {percent(event.probability)}")
        self._since.setText(f"{printable(event.path.name)}, after epoch {event.epoch:,}")

    def _show_picture(self) -> None:
        found = None if self._path is None else self._thumbnails.of(self._path)
        if found is None:
            self._picture.clear()
            return
        self._picture.setPixmap(
            found.scaled(
                _SIDE,
                _SIDE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
