"""The table of the pictures of a job, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from desktop_app.core.batch.job.filters import OF_ANSWERS
from desktop_app.ui.batch.table.columns import (
    COLUMNS,
    KIND,
    LABEL,
    PATH,
    PICTURE,
    PROBABILITY,
    SECOND,
    STATUS,
    is_used,
)
from desktop_app.ui.batch.table.picture_delegate import SIDE, ThumbnailDelegate, WordsDelegate
from desktop_app.ui.batch.table.picture_header import MARK, PictureHeader
from desktop_app.ui.batch.table.picture_model import PictureModel
from desktop_app.ui.batch.table.picture_thumbnails import PictureThumbnails
from desktop_app.ui.batch.table.row_store import MOST_ASKED, RowStore
from desktop_app.ui.batch.table.selected_numbers import MANY_RANGES, ranges_of, select, selected_numbers
from desktop_app.ui.common.controls.page_table import dress

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QPixmap, QResizeEvent, QShowEvent

    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.batch.messages import JobView

_ROW = SIDE + 8
_LOOK_MS = 16
"""Milliseconds after a movement before rows are asked for: about one frame of the screen."""
_REST_MS = 120
"""Milliseconds that the table must rest before thumbnails are made."""
_PADDING = 24
_NARROW_PATH = 16
"""Letters of a path at least, beside a column of kinds."""
_LEAST_COLUMN = 48

_Flag = QItemSelectionModel.SelectionFlag


class PictureTable(QTableView):
    """Holds only numbers; rows and thumbnails are loaded when they come into view.

    New pictures, and a new order, leave the selection and what is on the screen where they are.

    Signals:
        open_requested: The user wants to see the selected pictures.
        copy_requested: The user wants the paths of the selected pictures on the clipboard.
        selection_told: The selection has changed.
        sort_requested: The `Sort` chosen in the headings.
        view_wanted: A view that `show_view` could not show then may be asked for again.
    """

    open_requested = Signal()
    copy_requested = Signal()
    selection_told = Signal()
    sort_requested = Signal(object)
    view_wanted = Signal()

    def __init__(self, service: BatchService) -> None:
        super().__init__()
        self.rows = RowStore(service, self)
        self.thumbnails = PictureThumbnails(service, self)
        self._pictures = PictureModel(self.rows)
        self._pictures.setParent(self)
        self._held_back = self._has_kinds = False
        self._spec: JobSpec | None = None
        self._widths_chosen = self._sharing = False
        self._asked_as: object = None
        self._look = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._look.timeout.connect(self._look_at_rows)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._look_at_pictures)
        header = PictureHeader(self)
        self.setHorizontalHeader(header)
        self.setModel(self._pictures)
        # Of its own, with nothing in it: to draw a heading, Qt asks each selected cell of the column.
        header.setSelectionModel(QItemSelectionModel(self._pictures, header))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        dress(self, "Pictures")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAlternatingRowColors(False)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setMinimumSectionSize(_ROW)
        self._thumbnail_delegate = ThumbnailDelegate(self._thumbnail, self)
        self._path_delegate = WordsDelegate(self, elide=Qt.TextElideMode.ElideMiddle)
        self._status_delegate = WordsDelegate(self, toned=True)
        self._words_delegate = WordsDelegate(self)
        self.setItemDelegate(self._words_delegate)
        self.setItemDelegateForColumn(PICTURE, self._thumbnail_delegate)
        self.setItemDelegateForColumn(PATH, self._path_delegate)
        self.setItemDelegateForColumn(STATUS, self._status_delegate)
        self._give_widths()
        self.setColumnHidden(KIND, True)
        self._pictures.sort_requested.connect(self.sort_requested)
        self.verticalScrollBar().valueChanged.connect(self._on_moved)
        self.verticalScrollBar().sliderReleased.connect(self._ask_again)
        self.rows.arrived.connect(self._rest.start)
        self.thumbnails.arrived.connect(self._on_thumbnail_arrived)
        self.activated.connect(lambda _index: self.open_requested.emit())

    # Requests of the page

    @property
    def shown(self) -> int:
        """How many pictures there are in the table."""
        return self._pictures.rowCount()

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of all pictures in the table, in its order."""
        return self._pictures.numbers

    def show_job(self, spec: JobSpec | None) -> None:
        """Show another job, in the order in which its pictures were found."""
        self.rows.clear()
        self.thumbnails.clear()
        self._held_back, self._asked_as = False, None
        header = self.horizontalHeader()
        header.blockSignals(True)  # or it would ask for an order while there is nothing to sort
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.blockSignals(False)
        header.viewport().update()
        self._has_kinds = spec is not None and spec.kinds is not None
        self._spec = spec
        self._pictures.show_job(spec)
        self._size_findings(spec)

    def show_view(self, view: JobView) -> None:
        """Set the pictures to show and their order.

        While the user drags the scroll bar, or when the selection would fall into very many pieces, all
        stays as it is, and `view_wanted` follows later.
        """
        numbers = np.asarray(view.numbers, np.int64)
        same = self._asked_as == (view.filter, view.sort)
        self._asked_as = (view.filter, view.sort)
        model = self._pictures
        before = len(model.numbers)
        if same and len(numbers) >= before and np.array_equal(numbers[:before], model.numbers):
            self.rows.renew()
            model.show_numbers(numbers)
            self._look.start()
            return
        selected = self.selected()
        self._held_back = same and (
            self.verticalScrollBar().isSliderDown()
            or (len(selected) > 0 and len(ranges_of(numbers, selected)) > MANY_RANGES)
        )
        if not self._held_back:
            self.rows.renew()
            self._replace(numbers, selected, stay=same)
        self._look.start()

    def show_answers(self, *, shown: bool) -> None:
        """Show the columns of predictions, or give their room to the reasons of failed pictures.

        Those that a job has nothing for are not shown, such as kinds of models whose classes have none.
        """
        for place, column in enumerate(COLUMNS):
            if column.sort in OF_ANSWERS:
                self.setColumnHidden(place, not (shown and is_used(column, self._spec)))
        self._share_width()

    def selected(self) -> NDArray[np.int64]:
        """Numbers of the pictures that are selected, in the order of the table."""
        return selected_numbers(self.selectionModel().selection(), self._pictures.numbers)

    def current_row(self) -> Row | None:
        """The current picture; None when there is none or it has not been read."""
        index = self.currentIndex()
        return self._pictures.row_at(index.row()) if index.isValid() else None

    def file_of(self, row: Row) -> Path:
        """The absolute path of a picture."""
        spec = self._pictures.spec
        assert spec is not None
        return spec.base / row.path

    # Requests of Qt

    def event(self, event: QEvent) -> bool:
        """Keep the keys that copy, which the menu has for the Classify pane."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_copy(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter open, on every system, and copy the paths of pictures rather than the text of a cell."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.open_requested.emit()
        elif _is_copy(event):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look at what comes into view."""
        super().resizeEvent(event)
        self._share_width()
        self._on_moved()

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is in view."""
        super().showEvent(event)
        self._on_moved()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Show the view that was held back because of the selection."""
        super().selectionChanged(selected, deselected)
        self.selection_told.emit()
        if self._held_back:
            self._ask_again()

    # The rows that are in view

    def _replace(self, numbers: NDArray[np.int64], selected: NDArray[np.int64], *, stay: bool) -> None:
        """Show other rows; the selection stays and, with ``stay``, what is on the screen too."""
        model, bar = self._pictures, self.verticalScrollBar()
        top = self.rowAt(0)
        anchor = int(model.numbers[top]) if stay and top >= 0 and bar.value() > 0 else None
        offset = self.rowViewportPosition(top) if anchor is not None else 0
        at = self.currentIndex()
        current = int(model.numbers[at.row()]) if at.isValid() else None
        model.show_numbers(numbers)
        self.executeDelayedItemsLayout()
        self.setAutoScroll(False)
        select(self.selectionModel(), ranges_of(numbers, selected))
        place = model.place_of(current) if current is not None else None
        if place is not None:
            index = model.index(place, max(at.column(), 0))
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
        self.setAutoScroll(True)
        place = model.place_of(anchor) if anchor is not None else 0
        if place is not None:
            bar.setValue(place * _ROW - offset)

    def _in_view(self, more: int = 0) -> range:
        """Rows in view, and ``more`` on either side."""
        count = self._pictures.rowCount()
        first = self.rowAt(0)
        if not count or first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        return range(max(0, first - more), min(count, (last if last >= 0 else count - 1) + more + 1))

    def _on_moved(self) -> None:
        if not self._look.isActive():  # rows come while one scrolls,
            self._look.start()
        self._rest.start()  # thumbnails at the end

    def _look_at_rows(self) -> None:
        if not self.isVisible():
            return
        numbers = self._pictures.numbers
        seen = self._in_view()
        page = min(len(seen), (MOST_ASKED - len(seen)) // 2)
        around = self._in_view(max(page, 0))
        rows = [*seen, *(row for row in around if row not in seen)]
        self.rows.look_at([int(numbers[row]) for row in rows])

    def _look_at_pictures(self) -> None:
        if not self.isVisible():
            return
        rows = [self._pictures.row_at(row) for row in self._in_view()]
        self.thumbnails.look_at([self.file_of(row) for row in rows if row is not None])

    def _thumbnail(self, row: Row) -> QPixmap | None:
        return self.thumbnails.of(self.file_of(row))

    def _on_thumbnail_arrived(self, path: Path) -> None:
        for row in self._in_view():
            known = self._pictures.row_at(row)
            if known is not None and self.file_of(known) == path:
                self.update(self._pictures.index(row, PICTURE))

    def _ask_again(self) -> None:
        if self._held_back:
            self._held_back = False
            self.view_wanted.emit()

    def _give_widths(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_LEAST_COLUMN)
        letter = self.fontMetrics().averageCharWidth()
        for place, column in enumerate(COLUMNS):
            heading = header.fontMetrics().horizontalAdvance(column.title) + MARK
            header.resizeSection(place, max(column.width * letter, heading) + _PADDING)
        header.resizeSection(PICTURE, SIDE + 16)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.Fixed)
        header.setStretchLastSection(True)
        header.sectionResized.connect(self._on_section_resized)

    def _size_findings(self, spec: JobSpec | None) -> None:
        """Give several labels or amounts the width that the column of the runner-up leaves free."""
        if self._widths_chosen or spec is None:
            return
        letters = COLUMNS[LABEL].width + (0 if spec.task == "classification" else COLUMNS[SECOND].width)
        heading = self.horizontalHeader().fontMetrics().horizontalAdvance(COLUMNS[LABEL].title) + MARK
        self._sharing = True
        width = max(letters * self.fontMetrics().averageCharWidth(), heading) + _PADDING
        self.horizontalHeader().resizeSection(LABEL, width)
        self._sharing = False

    def _share_width(self) -> None:
        """Give the free width to the paths, until the user changes a width."""
        if self._widths_chosen:
            return
        header = self.horizontalHeader()
        letter = self.fontMetrics().averageCharWidth()
        others = sum(
            header.sectionSize(place) for place in range(len(COLUMNS)) if place not in {PATH, STATUS}
        )
        wanted = COLUMNS[STATUS].width * letter + _PADDING
        if self.isColumnHidden(PROBABILITY):
            wanted = (self.viewport().width() - others) // 2  # reasons are sentences
        least = (_NARROW_PATH if self._has_kinds else COLUMNS[PATH].width) * letter + _PADDING
        self._sharing = True
        header.resizeSection(PATH, max(least, self.viewport().width() - others - wanted))
        self._sharing = False

    def _on_section_resized(self, place: int, old: int, new: int) -> None:
        if not self._sharing and place != STATUS and old and new:  # not hidden or shown again
            self._widths_chosen = True


def _is_copy(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)
