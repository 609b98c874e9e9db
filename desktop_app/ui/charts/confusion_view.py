"""Which classes are confused: rows are the actual classes, columns the predicted ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_app.core.foundation.text import counted, percent
from desktop_app.ui.charts.confusion_data import heat_map, row_shares
from desktop_app.ui.charts.curve_colours import curve_colours
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.style.tokens import Tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.classify.confusion import Confusion

    Cell = tuple[int, int]

WRITTEN = 12
"""Most classes with numbers in the matrix."""
DRAWN = 1_000
"""Most classes that are drawn: with more, cells are much smaller than pixels, and fill the memory."""
_FEW = 4
_LARGE_CELL, _CELL = 64, 36
_WIDEST = 96
_TALL, _TALLEST = 420, 640
"""Sides of a matrix without numbers: the names of the classes may make it larger."""
_NAMES = 104
_GAP = 8
_TRUTH = "Actual ↓"
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionView(QWidget):
    """A grid with numbers for few classes, a heat map for many; correct cells blue, mistakes orange.

    Signals:
        cell_chosen: Indices ``(truth, prediction)``; None when the choice is cleared.
        cell_read: Sentence about the cell under the pointer or the keyboard's frame; empty for none.
    """

    cell_chosen = Signal(object)
    cell_read = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._counts = np.zeros((0, 0), np.int64)
        self._shares = np.zeros((0, 0))
        self._image: QImage | None = None
        self._name_width: int | None = None
        self._cell: Cell | None = None
        self._chosen: Cell | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Confusion matrix")

    @property
    def chosen(self) -> Cell | None:
        """The chosen cell."""
        return self._chosen

    def show_matrix(self, confusion: Confusion, names: Sequence[str]) -> None:
        """Show the counts of at most `DRAWN` classes, and their names; hidden with more, which is cleared."""
        drawn = len(confusion) <= DRAWN
        self.setVisible(drawn)
        self._counts = confusion.dense() if drawn else np.zeros((0, 0), np.int64)
        self._shares = row_shares(self._counts)
        self._names = tuple(names) if drawn else ()
        self._image = self._name_width = None
        self._cell = self._chosen = None
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the names above the columns need at this width."""
        super().resizeEvent(event)
        self._fit()

    def sentence(self, cell: Cell) -> str:
        """A cell in words."""
        truth, predicted = (self._names[index] for index in cell)
        count, share = int(self._counts[cell]), float(self._shares[cell])
        total = int(self._counts[cell[0]].sum())
        if not total:
            return f"There are no pictures of {truth}."
        what = "recognised" if cell[0] == cell[1] else f"mistaken for {predicted}"
        return f"{count:,} of {counted(total, 'picture')} of {truth} {what} ({percent(share)})"

    def choose(self, cell: Cell | None) -> None:
        """Choose a cell; the chosen one again, or None, clears the choice."""
        self._chosen = None if cell == self._chosen else cell
        self.update()
        self.cell_chosen.emit(self._chosen)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the cell under the pointer."""
        cell = self._cell_at(event.position())
        if cell != self._cell:
            self._go_to(cell)
        if cell is not None and len(self._counts) > WRITTEN:
            QToolTip.showText(event.globalPosition().toPoint(), tooltip(self.sentence(cell)), self)

    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing any more."""
        super().leaveEvent(event)
        self._go_to(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a cell."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(cell)
            self.choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys move, Enter and Space choose, Escape clears the choice."""
        key = Qt.Key(event.key())
        count = len(self._counts)
        if key in _STEPS and count:
            row, column = self._cell or (0, 0)
            down, right = _STEPS[key] if self._cell is not None else (0, 0)
            self._go_to((min(max(row + down, 0), count - 1), min(max(column + right, 0), count - 1)))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._cell is not None:
            self.choose(self._cell)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and its font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._name_width = None
            self._fit()
        if event.type() == QEvent.Type.PaletteChange:
            self._image = None
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the matrix, and frames around the chosen cell and the one that is read."""
        if not len(self._counts):
            return
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        if self._image is None:
            self._image = self._heat(tokens)
        self._paint_titles(painter, area, tokens)
        painter.fillRect(area, QColor(tokens.sunken))
        painter.drawImage(area, self._image)
        self._paint_names(painter, area, tokens)
        if len(self._counts) <= WRITTEN:
            self._paint_numbers(painter, area, tokens)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.outline), 1.5))
        painter.drawRect(area)
        for cell, colour, width in ((self._cell, tokens.text, 1.5), (self._chosen, tokens.accent, 3)):
            if cell is not None:
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRect(self._place(area, cell))

    def _fit(self) -> None:
        count = len(self._counts)
        if count:
            cells = count * (_LARGE_CELL if count <= _FEW else _CELL)
            if count > WRITTEN:
                wanted = min(max(count * self.fontMetrics().height(), _TALL), _TALLEST)
                cells = max(min(wanted, round(self._room())), 1)
            self.setFixedHeight(round(self._top()) + cells + _GAP)
        self.update()

    def _heat(self, tokens: Tokens) -> QImage:
        right, wrong = (_channels(QColor(name)) for name in curve_colours(tokens)[:2])
        pixels = np.ascontiguousarray(heat_map(self._shares, _TALLEST, right, wrong))
        side = len(pixels)
        return QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_RGBA8888).copy()

    def _paint_titles(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        painter.setPen(QColor(tokens.muted))
        height = self.fontMetrics().height()
        flags = Qt.AlignmentFlag
        painter.drawText(QRectF(area.x(), 0, area.width(), height), flags.AlignLeft, "Predicted →")
        painter.drawText(QRectF(0, 0, area.x() - _GAP, height), flags.AlignRight, _TRUTH)

    def _paint_names(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        """Name rows and columns, all of them or as many as fit at equal distances."""
        metrics, flags = self.fontMetrics(), Qt.AlignmentFlag
        upright = not self._lies_flat()
        painter.setPen(QColor(tokens.text))
        every = math.ceil(metrics.height() * len(self._names) / area.height())
        for index in range(0, len(self._names), every):
            name = self._names[index]
            row = self._place(area, (index, 0))
            left = QRectF(0, row.center().y() - metrics.height() / 2, area.x() - _GAP, metrics.height())
            short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(left.width()))
            painter.drawText(left, flags.AlignRight | flags.AlignVCenter, short)
            column = self._place(area, (0, index))
            above = self._top() - metrics.height() - _GAP
            if upright:
                painter.save()
                painter.translate(column.center().x(), area.y() - _GAP / 2)
                painter.rotate(-90)
                place = QRectF(0, -metrics.height() / 2, above, metrics.height())
                short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, int(above))
                painter.drawText(place, flags.AlignLeft | flags.AlignVCenter, short)
                painter.restore()
            else:
                place = QRectF(
                    column.x(), area.y() - metrics.height() - _GAP / 2, column.width(), metrics.height()
                )
                painter.drawText(place, flags.AlignCenter, name)

    def _paint_numbers(self, painter: QPainter, area: QRectF, tokens: Tokens) -> None:
        metrics, flags = self.fontMetrics(), Qt.AlignmentFlag
        ground = QColor(tokens.sunken)
        for row_index, column_index in np.argwhere(self._counts).tolist():
            cell = (row_index, column_index)
            colours = curve_colours(tokens)
            over = QColor(colours[0 if row_index == column_index else 1])
            behind = _mixed(ground, over, math.sqrt(float(self._shares[cell])))
            painter.setPen(_readable(behind))
            place, number = self._place(area, cell), f"{self._counts[cell]:,}"
            if metrics.horizontalAdvance(number) <= place.width():
                painter.drawText(place, flags.AlignCenter, number)

    def _area(self) -> QRectF:
        """The area of the cells."""
        count, top = len(self._counts), self._top()
        height = self.height() - top - _GAP / 2
        room = self._room()
        width = min(room, height) if count > WRITTEN else min(room, count * _WIDEST)
        return QRectF(self._left(), top, max(width, 1), width if count > WRITTEN else max(height, 1))

    def _left(self) -> float:
        """The width of the names of the rows."""
        widest = max(self._widest(), self.fontMetrics().horizontalAdvance(_TRUTH))
        return float(min(widest, _NAMES) + _GAP)

    def _room(self) -> float:
        """The width that is left for the cells."""
        return self.width() - self._left() - 2

    def _top(self) -> float:
        """The height of the words above the cells."""
        line = self.fontMetrics().height()
        names = line if self._lies_flat() else min(self._widest(), _NAMES)
        return float(line + names + 2 * _GAP)

    def _lies_flat(self) -> bool:
        """Whether the names of the columns fit beside each other."""
        count = max(len(self._names), 1)
        room = self._room() if count <= WRITTEN else min(self._room(), _TALL)
        return self._widest() <= min(room / count, _WIDEST) - _GAP

    def _widest(self) -> int:
        """The width of the longest name, measured once: there may be thousands."""
        if self._name_width is None:
            widths = map(self.fontMetrics().horizontalAdvance, self._names)
            self._name_width = max(widths, default=0) + 1  # a rounded width may be too small for the name
        return self._name_width

    def _place(self, area: QRectF, cell: Cell) -> QRectF:
        width, height = area.width() / len(self._counts), area.height() / len(self._counts)
        return QRectF(area.x() + cell[1] * width, area.y() + cell[0] * height, width, height)

    def _cell_at(self, place: QPointF) -> Cell | None:
        area, count = self._area(), len(self._counts)
        if not count or not area.contains(place):
            return None
        row = int((place.y() - area.y()) / area.height() * count)
        column = int((place.x() - area.x()) / area.width() * count)
        return min(row, count - 1), min(column, count - 1)

    def _go_to(self, cell: Cell | None) -> None:
        self._cell = cell
        words = self.sentence(cell) if cell is not None else ""
        self.setAccessibleDescription(words)
        self.cell_read.emit(words)
        self.update()


def _mixed(ground: QColor, over: QColor, part: float) -> QColor:
    pairs = zip(_channels(ground), _channels(over), strict=True)
    return QColor(*(round(below + (above - below) * part) for below, above in pairs))


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _readable(ground: QColor) -> QColor:
    """Black or white, whichever has the higher contrast (WCAG 2.2's relative luminance)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(ground))
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor(Qt.GlobalColor.black if luminance > 0.179 else Qt.GlobalColor.white)
