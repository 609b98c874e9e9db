"""The classes of a data set, with a few pictures and a bar for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop_app.ui.common.icons import paint_icon
from desktop_app.ui.common.tokens import tokens_of
from desktop_app.ui.training.class_table_model import SAMPLES_ROLE, SHARE_ROLE, ClassTableModel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.ui.training.thumbnails import Thumbnails

_SIDE = 40
_GAP = 4
_ROW = _SIDE + 8
_ROWS = 5
"""Rows that are seen at once when there are more."""
_MEASURED = 50
"""Rows by which the widths of columns are found; there may be thousands."""


class ClassTable(QTableView):
    """As high as its rows need, up to a few; more are scrolled to."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._classes: ClassTableModel | None = None
        self._samples = _SamplesDelegate(thumbnails.of, self)
        self._balance = _BalanceDelegate(self)
        thumbnails.arrived.connect(self._on_thumbnail_arrived)
        dress(self, "Classes")
        self.verticalHeader().setDefaultSectionSize(_ROW)

    def show_report(self, report: DatasetReport) -> None:
        """Show the classes of a data set."""
        old = self._classes
        model = self._classes = ClassTableModel(report)
        self.setItemDelegateForColumn(self._samples_column(old), None)  # type: ignore[arg-type]
        self.setModel(model)
        if old is not None:
            self.setItemDelegateForColumn(old.balance_column, None)  # type: ignore[arg-type]
            old.deleteLater()
        self.setItemDelegateForColumn(model.samples_column, self._samples)
        self.setItemDelegateForColumn(model.balance_column, self._balance)
        header = self.horizontalHeader()
        header.setResizeContentsPrecision(_MEASURED)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        fit_height(self, model.rowCount(), _ROWS)

    @staticmethod
    def _samples_column(model: ClassTableModel | None) -> int:
        return model.samples_column if model is not None else 1

    def _on_thumbnail_arrived(self, path: Path) -> None:
        row = self._classes.row_of(path) if self._classes is not None else None
        if row is not None and self._classes is not None:
            self.update(self._classes.index(row, self._classes.samples_column))


def dress(table: QTableView, name: str) -> None:
    """Give a table the looks and the keys that all tables of the page share."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setSortingEnabled(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)


def fit_height(table: QTableView, rows: int, most: int) -> None:
    """Make a table as high as its rows, up to a number of them; a part of a row says that there are more."""
    shown = min(rows, most) + (0.5 if rows > most else 0)
    height = round(shown * table.verticalHeader().defaultSectionSize())
    header = table.horizontalHeader().sizeHint().height()
    table.setFixedHeight(height + header + 2 * table.frameWidth() + 2)


class _SamplesDelegate(QStyledItemDelegate):
    """Draws thumbnails side by side."""

    def __init__(self, thumbnail: Callable[[Path], QPixmap | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for all of them."""
        count = len(cast("tuple[Path, ...]", index.data(SAMPLES_ROLE)))
        return QSize(count * (_SIDE + _GAP) + 16, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the background, then the pictures that are there."""
        super().paint(painter, option, index)
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setClipRect(option.rect)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(
            option.rect.x() + 8, option.rect.y() + (option.rect.height() - _SIDE) / 2, _SIDE, _SIDE
        )
        for path in cast("tuple[Path, ...]", index.data(SAMPLES_ROLE)):
            outline = QPainterPath()
            outline.addRoundedRect(place, 4, 4)
            picture = self._thumbnail(path)
            if picture is None:
                painter.fillPath(outline, QColor(tokens.sunken))
                paint_icon(painter, "picture", tokens.outline, place.adjusted(10, 10, -10, -10))
            else:
                painter.save()
                painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
                painter.drawPixmap(place, picture, _middle(picture))
                painter.restore()
            place.translate(_SIDE + _GAP, 0)
        painter.restore()


class _BalanceDelegate(QStyledItemDelegate):
    """Draws how many pictures a class has beside the largest one."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room to compare."""
        return QSize(112, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the track and the bar."""
        super().paint(painter, option, index)
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(option.rect.x() + 11, option.rect.center().y() - 3, option.rect.width() - 24, 8)
        painter.setBrush(QColor(tokens.border))
        painter.drawRoundedRect(track, 4, 4)
        share = float(cast("float", index.data(SHARE_ROLE)))
        if share > 0:
            track.setWidth(max(track.height(), track.width() * share))
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(track, 4, 4)
        painter.restore()


def _middle(picture: QPixmap) -> QRectF:
    """The largest centred square of a picture."""
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
