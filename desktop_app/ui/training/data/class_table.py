"""The classes of a data set, with a few pictures and a bar for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop_app.core.foundation.text import printable
from desktop_app.ui.common.controls.page_table import PageTable
from desktop_app.ui.common.controls.widgets import tooltip
from desktop_app.ui.common.similar_action import add_similar_action
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.training.data.class_table_model import SAMPLES_ROLE, SHARE_ROLE, ClassTableModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QAbstractItemView

    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails

_SIDE = 40
_GAP = 4
_MARGIN = 8
_ROW = _SIDE + 8
_ROWS = 5
"""Most rows that are visible at once."""
_MEASURED = 50
"""Rows by which the widths of columns are found; there may be thousands."""
_BALANCE, _LEAST_BALANCE = 112, 72
_LEAST_NAME = 72
_FAINT = 0.35


class ClassTable(PageTable):
    """Names and counts get their width first; thumbnails fill the rest.

    Signals:
        picture_opened: Path of the picture that the user wants to see at full size.
        similar_requested: Path of the picture whose like the user wants to see.
    """

    picture_opened = Signal(object)
    similar_requested = Signal(object)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__("Classes", _ROWS)
        self._thumbnails = thumbnails
        self._classes: ClassTableModel | None = None
        self._widths: list[int] = []
        self._clicked: Path | None = None
        self._pressed: Path | None = None
        self._samples = _SamplesDelegate(thumbnails.of, self)
        self._balance = _BalanceDelegate(self)
        thumbnails.arrived.connect(self._on_thumbnail_arrived)
        self.opened.connect(self._on_opened)
        add_similar_action(self, self._pointed, self.similar_requested.emit)
        self.verticalHeader().setDefaultSectionSize(_ROW)

    def show_report(self, report: DatasetReport) -> None:
        """Show the classes of a data set."""
        old = self._classes
        self._widths = []  # until all columns have been measured
        model = self._classes = ClassTableModel(report)
        self.setItemDelegateForColumn(self._samples_column(old), None)  # type: ignore[arg-type]
        self.setModel(model)
        if old is not None:
            self.setItemDelegateForColumn(old.balance_column, None)  # type: ignore[arg-type]
            old.deleteLater()
        self.setItemDelegateForColumn(model.samples_column, self._samples)
        self.setItemDelegateForColumn(model.balance_column, self._balance)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._widths = [self._wish(column) for column in range(model.columnCount())]
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        self._share_width()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember which of the pictures the menu is about."""
        self._pressed = self.sample_at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Remember which of the pictures was clicked."""
        self._clicked = self.sample_at(event.position().toPoint())
        super().mouseDoubleClickEvent(event)
        self._clicked = None

    def _wish(self, column: int) -> int:
        """The width at which a column shows everything in its first rows."""
        assert self._classes is not None
        rows = range(min(self._classes.rowCount(), _MEASURED))
        hints = [self.sizeHintForIndex(self._classes.index(row, column)).width() for row in rows]
        return max(*hints, self.horizontalHeader().sectionSizeHint(column)) + 1

    def _share_width(self) -> None:
        """Counts get what they need, then names; balance and samples make do with less."""
        model = self._classes
        if model is None or not self._widths:
            return
        samples, balance = model.samples_column, model.balance_column
        widths = list(self._widths)
        room = self.viewport().width() - sum(widths) + widths[0] + widths[samples] + widths[balance]
        if room < widths[0] + widths[samples] + _BALANCE:
            widths[balance] = max(_LEAST_BALANCE, self.horizontalHeader().sectionSizeHint(balance))
        if room - widths[balance] < _LEAST_NAME + _width_of(1):
            widths[balance] = 0
        room -= widths[balance]
        least = _width_of(1) if room >= _LEAST_NAME + _width_of(1) else 0
        widths[0] = max(min(widths[0], room - least), _LEAST_NAME)
        widths[samples] = room - widths[0] if least else 0
        if not least:
            widths[0] = max(room, _LEAST_NAME)
        header = self.horizontalHeader()
        for column, width in enumerate(widths):
            header.setSectionHidden(column, width == 0)
            if width:
                header.resizeSection(column, width)
        self.fit_height()

    @staticmethod
    def _samples_column(model: ClassTableModel | None) -> int:
        return model.samples_column if model is not None else 1

    def sample_at(self, place: QPoint) -> Path | None:
        """The picture whose thumbnail is at a position of the viewport."""
        index = self.indexAt(place)
        if self._classes is None or not index.isValid() or index.column() != self._classes.samples_column:
            return None
        cell = self.visualRect(index)
        number = (place.x() - cell.x() - _MARGIN) // (_SIDE + _GAP)
        shown = cast("tuple[Path, ...]", index.data(SAMPLES_ROLE))[: _fitting(cell.width())]
        return shown[number] if 0 <= number < len(shown) else None

    def _pointed(self) -> Path | None:
        """The picture that was pressed, else the first of the current class."""
        index = self.currentIndex()
        samples = cast("tuple[Path, ...]", index.data(SAMPLES_ROLE) or ()) if index.isValid() else ()
        return self._pressed if self._pressed in samples else next(iter(samples), None)

    def _on_opened(self, index: QModelIndex) -> None:
        """Open the picture that was clicked, else the first of its row."""
        samples = cast("tuple[Path, ...]", index.data(SAMPLES_ROLE))
        picture = self._clicked or (samples[0] if samples else None)
        if picture is not None:
            self.picture_opened.emit(picture)

    def _on_thumbnail_arrived(self, path: Path) -> None:
        row = self._classes.row_of(path) if self._classes is not None else None
        if row is not None and self._classes is not None:
            self.update(self._classes.index(row, self._classes.samples_column))


def _width_of(count: int) -> int:
    return count * (_SIDE + _GAP) - _GAP + 2 * _MARGIN


def _fitting(width: int) -> int:
    """Whole thumbnails in a width."""
    return max((width - 2 * _MARGIN + _GAP) // (_SIDE + _GAP), 0)


class _SamplesDelegate(QStyledItemDelegate):
    """Draws thumbnails side by side."""

    def __init__(self, thumbnail: Callable[[Path], QPixmap | None], table: ClassTable) -> None:
        super().__init__(table)
        self._thumbnail = thumbnail
        self._table = table

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for all thumbnails."""
        count = len(cast("tuple[Path, ...]", index.data(SAMPLES_ROLE)))
        return QSize(_width_of(count), _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the background, then the pictures that are there."""
        super().paint(painter, option, index)
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setClipRect(option.rect)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(
            option.rect.x() + _MARGIN, option.rect.y() + (option.rect.height() - _SIDE) / 2, _SIDE, _SIDE
        )
        for path in cast("tuple[Path, ...]", index.data(SAMPLES_ROLE))[: _fitting(option.rect.width())]:
            picture = self._thumbnail(path)
            paint_thumbnail(painter, place, picture, tokens.sunken, 4)
            if picture is None:
                paint_icon(painter, "picture", tokens.outline, place.adjusted(10, 10, -10, -10))
            place.translate(_SIDE + _GAP, 0)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        _option: QStyleOptionViewItem,
        _index: Index,
    ) -> bool:
        """Name the picture under the pointer."""
        sample = self._table.sample_at(event.pos())
        if sample is None:
            QToolTip.hideText()
        else:
            text = f"{printable(sample.name)}\nA double click opens it."
            QToolTip.showText(event.globalPos(), tooltip(text), view.viewport())
        return True


class _BalanceDelegate(QStyledItemDelegate):
    """Draws the number of pictures of a class as a bar, beside the largest class."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room to compare."""
        return QSize(_BALANCE, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the track and the bar."""
        super().paint(painter, option, index)
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(option.rect.x() + 11, option.rect.center().y() - 3, option.rect.width() - 24, 8)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # its background is the accent itself
        bar, behind = QColor(tokens.accent), QColor(tokens.border)
        if selected:
            bar, behind = QColor(tokens.on_accent), QColor(tokens.on_accent)
            behind.setAlphaF(_FAINT)
        painter.setBrush(behind)
        painter.drawRoundedRect(track, 4, 4)
        share = float(cast("float", index.data(SHARE_ROLE)))
        if share > 0:
            track.setWidth(max(track.height(), track.width() * share))
            painter.setBrush(bar)
            painter.drawRoundedRect(track, 4, 4)
        painter.restore()
