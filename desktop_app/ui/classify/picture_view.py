"""The picture itself, as large as it fits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui.classify.seen_frame import paint_frame, seen_words
from desktop_app.ui.common.dropping.mime import image_of
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from desktop_app.core.networks.input_spec import Fitting
    from desktop_app.workers.classify.messages import PicturePreview

_RESIZE_PAUSE_MS = 150
_LATE_MS = 120
_SMALLEST_SIDE = 256
_LARGEST_ZOOM = 8.0
"""Tiny pictures are not blown up beyond this."""
_RADIUS = 8
_SIGN = 48


class PictureView(QWidget):
    """Asks for a preview as sharp as the screen and shows it, zoomed to fit.

    `wanted` carries the longest side in device pixels; it is sent again, after a pause, when the view grew.
    """

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._full = QSize()
        self._seen: Fitting | None = None
        self._sign = ""
        self._asked_side = 0
        self.setMinimumSize(160, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pause = QTimer(self, singleShot=True, interval=_RESIZE_PAUSE_MS)
        self._pause.timeout.connect(self._ask_if_larger)
        self._late = QTimer(self, singleShot=True, interval=_LATE_MS)
        self._late.timeout.connect(self._empty)

    def expect(self, name: str) -> None:
        """Ask for another picture; the old one stays for a moment so that the view does not flicker."""
        self.setAccessibleName(f"Picture {name}")
        self._late.start()
        self._ask()

    def has_picture(self) -> bool:
        """Whether the picture that was asked for is here."""
        return self._image is not None and not self._late.isActive()

    def show_preview(self, preview: PicturePreview) -> None:
        """Show a decoded picture."""
        self._late.stop()
        self._image = image_of(preview.pixels)
        self._full = QSize(preview.width, preview.height)
        self._sign = ""
        self.update()

    def show_sign(self, icon: str) -> None:
        """Show an icon in place of a picture that cannot be shown."""
        self._late.stop()
        self._image, self._sign = None, icon
        self.update()

    def show_seen(self, fitting: Fitting | None) -> str:
        """Frame what the network sees of the picture; None frames nothing.

        Returns:
            The same in words; empty while there is no frame.
        """
        if fitting != self._seen:
            self._seen = fitting
            self.update()
        words = "" if fitting is None or self._image is None else seen_words(fitting, self._full)
        self.setAccessibleDescription(words)
        return words

    def _empty(self) -> None:
        self._image, self._sign = None, ""
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a sharper picture once the size has settled."""
        super().resizeEvent(event)
        self._pause.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture in its well."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform,
        )
        well = QPainterPath()
        well.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.fillPath(well, QColor(tokens.sunken))
        if self._image is not None:
            painter.setClipPath(well)
            painter.drawImage(self._place(), self._image)
            if self._seen is not None:
                paint_frame(painter, self._seen, self._full, self._place())
        elif self._sign:
            centre = QRectF(self.rect()).center()
            place = QRectF(centre.x() - _SIGN / 2, centre.y() - _SIGN / 2, _SIGN, _SIGN)
            paint_icon(painter, self._sign, tokens.muted, place)

    def _place(self) -> QRectF:
        """Where the picture goes: fitted, centred, and never enlarged beyond `_LARGEST_ZOOM`."""
        zoom = min(self.width() / self._full.width(), self.height() / self._full.height(), _LARGEST_ZOOM)
        width, height = self._full.width() * zoom, self._full.height() * zoom
        scale = self.devicePixelRatioF()  # whole device pixels, or a fine line would be smeared over two
        left = round((self.width() - width) / 2 * scale) / scale
        top = round((self.height() - height) / 2 * scale) / scale
        return QRectF(left, top, width, height)

    def _side(self) -> int:
        return max(_SMALLEST_SIDE, math.ceil(max(self.width(), self.height()) * self.devicePixelRatioF()))

    def _ask(self) -> None:
        self._asked_side = self._side()
        self.wanted.emit(self._asked_side)

    def _ask_if_larger(self) -> None:
        known = 0 if self._image is None else max(self._full.width(), self._full.height())
        if self._side() > self._asked_side and (not known or known > self._asked_side):
            self._ask()
