"""The list of groups: each a row of thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from desktop_app.ui.common.controls.entry_list import EntryList
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.painting import paint_entry_state, paint_thumbnail
from desktop_app.ui.common.style.tokens import tokens_of
from desktop_app.ui.sorting.group_model import GROUP_ROLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.ui.common.controls.table_model import Index
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.ui.sorting.group_model import GroupModel, ShownGroup

_SIDE = 56
_GAP = 4
_MARGIN = 10


class GroupList(EntryList):
    """Groups that can be selected together and dragged."""

    def __init__(self, model: GroupModel, thumbnails: Thumbnails) -> None:
        super().__init__("Groups of similar pictures", model, _GroupDelegate(thumbnails.of))
        self._groups = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        thumbnails.arrived.connect(self._on_arrived)

    def selected(self) -> list[Path]:
        """All pictures of the selected groups."""
        return self._groups.paths_of(self.selectedIndexes())

    def chosen_label(self) -> str:
        """The proposed name of the first selected group."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return self._groups.group_at(self._groups.index(rows[0])).label if rows else ""

    def _on_arrived(self, path: Path) -> None:
        row = self._groups.row_with(path)
        if row is not None:
            self.update(self._groups.index(row))


class _GroupDelegate(QStyledItemDelegate):
    """Draws the name, the number of pictures, and as many of them as there is room for."""

    def __init__(self, thumbnail: Callable[[Path], QPixmap | None]) -> None:
        super().__init__()
        self._thumbnail = thumbnail

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One line, the pictures and the margins."""
        return QSize(_SIDE + 2 * _MARGIN, option.fontMetrics.height() + _SIDE + 2 * _MARGIN + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        group = cast("ShownGroup", index.data(GROUP_ROLE))
        tokens = tokens_of(option.palette)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        paint_entry_state(painter, option)
        inside = QRectF(option.rect).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        line = QRectF(inside.x(), inside.y(), inside.width(), option.fontMetrics.height())
        count = f"{len(group.paths):,}"
        painter.setPen(tokens.muted)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        room = int(line.width()) - option.fontMetrics.horizontalAdvance(count) - _MARGIN
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(tokens.text)
        title = option.fontMetrics.elidedText(group.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        frame = QRectF(inside.x(), line.bottom() + _GAP, _SIDE, _SIDE)
        fitting = max(1, int((inside.width() + _GAP) // (_SIDE + _GAP)))
        for path in group.paths[:fitting]:
            picture = self._thumbnail(path)
            paint_thumbnail(painter, frame, picture, tokens.border, 4)
            if picture is None:
                paint_icon(painter, "picture", tokens.outline, frame.adjusted(16, 16, -16, -16))
            frame.translate(_SIDE + _GAP, 0)
        painter.restore()
