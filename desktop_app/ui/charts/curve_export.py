"""Saves the curves: the plots as a picture, all figures as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QSize, QStandardPaths, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QImageWriter, QPainter

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.files import write_whole
from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.folders import proposed_path
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

SCALE = 2
"""Pixels of the picture per pixel of the window, so that it is sharp in print."""


_MARGIN = 12


def picture_of(widget: QWidget, title: str) -> bytes:
    """Draw a title and below it a widget, at `SCALE` times their size, into a PNG file's bytes."""
    tokens = tokens_of(widget.palette())
    font = QFont(widget.font())
    font.setWeight(QFont.Weight.DemiBold)
    top = QFontMetrics(font).height() + 2 * _MARGIN
    size = widget.size() + QSize(2 * _MARGIN, top + _MARGIN)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(QColor(tokens.window))
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(QRect(_MARGIN, 0, widget.width(), top), Qt.AlignmentFlag.AlignVCenter, title)
    widget.render(painter, QPoint(_MARGIN, top))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def save_as(
    parent: QWidget, title: str, name: str, kind: str, content: Callable[[], bytes | str]
) -> tuple[str, bool] | None:
    """Ask for a file name and write the file, whole or not at all.

    Args:
        parent: Parent of the dialog.
        title: Title of the dialog.
        name: Proposed file name, in the folder for pictures or documents. Its ending is added to a name
            without one.
        kind: Kind of file for the dialog, such as "Pictures (*.png)".
        content: Function that makes the content once the file is chosen.

    Returns:
        A sentence on success or failure, and whether it failed; None when the user cancelled.
    """
    place = QStandardPaths.StandardLocation
    folder = place.PicturesLocation if name.endswith(".png") else place.DocumentsLocation
    proposed = proposed_path(name, folder)
    chosen, _ = FileDialog.save_file(parent, title, proposed, kind)
    if not chosen:
        return None
    path = Path(chosen)
    path = path if path.suffix else path.with_suffix(Path(name).suffix)
    try:
        write_whole(path, content())
    except SightlineError as error:
        return error.reason.sentence, True
    return f"Saved {printable(path.name)}.", False
