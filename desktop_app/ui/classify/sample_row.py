"""Sample pictures to click, for a first try."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImageReader,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop_app.core.images.folders import find_pictures
from desktop_app.ui.common.controls.widgets import horizontal, scale_font
from desktop_app.ui.common.first_paint import FirstPaint
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

_SIDE = 72
_SPACING = 8
_MOST = 10


class SampleButton(QAbstractButton):
    """A thumbnail over its name."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._picture: QPixmap | None = None
        name = path.stem.replace("_", " ").replace("-", " ")
        self.setText(name)
        self.setAccessibleName(f"Sample picture {name}")
        self.setToolTip(f"Classify this sample picture ({path.name})")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        scale_font(self, 0.9)

    def load(self) -> None:
        """Decode the thumbnail, reduced while decoding."""
        side = round(_SIDE * self.devicePixelRatioF())
        reader = QImageReader(str(self.path))
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid():
            aspect = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            reader.setScaledSize(size.scaled(side, side, aspect))
        self._picture = QPixmap.fromImageReader(reader)
        self.update()

    def sizeHint(self) -> QSize:
        """The thumbnail, its name and room for the focus ring."""
        return QSize(_SIDE + 8, _SIDE + self.fontMetrics().height() + 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the thumbnail, the name and the state."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.sunken))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        frame = QRectF((self.width() - _SIDE) / 2, 4, _SIDE, _SIDE)
        missing = self._picture is None or self._picture.isNull()
        paint_thumbnail(painter, frame, None if missing else self._picture, tokens.sunken)
        painter.setPen(QColor(tokens.text))
        metrics = self.fontMetrics()
        words = QRectF(4, frame.bottom() + 4, self.width() - 8, metrics.height())
        name = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, name)


class SampleRow(QWidget):
    """As many samples as fit; their thumbnails are decoded one by one after the window has been painted."""

    sample_chosen = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        files = find_pictures(folder) if folder.is_dir() else ()
        self._buttons = [SampleButton(file) for file in islice(files, _MOST)]
        self._unloaded = list(self._buttons)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._load_next)
        self._folder = folder
        self._offered = list(self._buttons)
        layout = horizontal(self, spacing=_SPACING)
        layout.addStretch()
        for sample in self._buttons:
            sample.clicked.connect(lambda _checked=False, path=sample.path: self.sample_chosen.emit(path))
            layout.addWidget(sample)
        layout.addStretch()

    def has_samples(self) -> bool:
        """Whether there are samples."""
        return bool(self._buttons)

    def offer_for(self, labels: Collection[str]) -> None:
        """Offer the photographs, and of the drawings those that a model with these labels knows."""
        self._offered = [
            sample
            for sample in self._buttons
            if sample.path.parent == self._folder or sample.path.stem in labels
        ]
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """One sample is enough: those that do not fit are hidden."""
        return self._buttons[0].sizeHint() if self._buttons else QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Show as many as fit, and decode them once they have been painted."""
        super().showEvent(event)
        self._fit()
        if self._unloaded:
            FirstPaint(self).painted.connect(self._timer.start)

    def _fit(self) -> None:
        for sample in self._buttons:
            if sample not in self._offered:
                sample.hide()
        for position, sample in enumerate(self._offered):
            each = sample.sizeHint().width() + _SPACING
            sample.setVisible((position + 1) * each - _SPACING <= self.width())

    def _load_next(self) -> None:
        if self._unloaded:
            self._unloaded.pop(0).load()
        else:
            self._timer.stop()
