"""Small pictures in a row, and under each what a model takes it for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.core.foundation.text import percent, plain_number
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import vertical
from desktop_app.ui.common.dropping.mime import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.trial.messages import Best

THUMBNAIL = 64
CELL = 80
"""Width of a picture with its answer, in pixels."""
NO_NUMBERS = "no numbers"
WAITING = "…"


class AnswerCell(QWidget):
    """What a model takes one picture for: the name, and below it how sure it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(CELL)
        self.name = ElidedLabel()
        self.share = ElidedLabel(muted=True)
        column = vertical(self, spacing=0)
        column.addWidget(self.name)
        column.addWidget(self.share)
        column.addStretch(1)

    def show_answer(self, name: str, share: str = "") -> None:
        """Show an answer, or what is in place of one."""
        self.name.setText(name)
        self.share.setText(share)


class Names:
    """The names of a model's outputs, as far as they are known.

    Args:
        task: What the outputs are for.
        labels: Their readable names; none where they are still open.
        units: The units of amounts.
    """

    def __init__(self, task: Task, labels: Sequence[str], units: Sequence[str] = ()) -> None:
        self._task = task
        self._labels = labels
        self._units = units

    def words(self, best: Best) -> tuple[str, str]:
        """An answer in words: the name and the percentage, or the amount and its name."""
        index, value = best
        known = index < len(self._labels)
        name = self._labels[index] if known else f"No. {index}"
        if self._task == "regression":
            unit = self._units[index] if index < len(self._units) else ""
            return f"{plain_number(float(f'{value:.4g}'))} {unit}".strip(), name if known else ""
        return name, percent(value)


def thumbnail(name: str, pixels: NDArray[np.uint8]) -> QLabel:
    """Show a small picture, RGB uint8 ``(h, w, 3)``."""
    picture = QLabel()
    ratio = picture.devicePixelRatioF()
    pixmap = QPixmap.fromImage(image_of(pixels)).scaled(
        QSize(THUMBNAIL, THUMBNAIL) * ratio,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    pixmap.setDevicePixelRatio(ratio)
    picture.setPixmap(pixmap)
    picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    picture.setFixedSize(CELL, round(pixmap.height() / ratio))
    picture.setAccessibleName(name)
    picture.setToolTip(name)
    return picture
