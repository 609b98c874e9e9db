"""The most confident mistakes as thumbnails; each can be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, scale_font, vertical
from desktop_app.ui.common.similar_action import add_similar_action
from desktop_app.ui.common.thumbnails import Thumbnails
from desktop_app.ui.training.result.label_mistakes import MistakeAboutLabel
from desktop_app.ui.training.result.mistake_delegate import MistakeDelegate, cell_size
from desktop_app.ui.training.result.mistake_model import MISTAKE_ROLE, MistakeModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from desktop_app.ui.training.result.mistake_model import AnyMistake
    from desktop_app.workers.training.training_service import TrainingService

FIRST = 12
"""Number of thumbnails until the user asks for all."""


class MistakeGrid(QWidget):
    """Shows all mistakes, or those of one class and prediction.

    Signals:
        pictures_opened: List with the path of the picture that was chosen.
        all_requested: The user wants all mistakes again, not those of one cell.
        similar_requested: Path of a picture whose like the user wants to see.
    """

    pictures_opened = Signal(object)
    all_requested = Signal()
    similar_requested = Signal(object)

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._mistakes: tuple[AnyMistake, ...] = ()
        self._made = 0
        self._shown: tuple[AnyMistake, ...] = ()
        self._service = service
        self._thumbnails = Thumbnails(service, self)
        self._model = MistakeModel(self._thumbnails)
        self._title = heading(factor=1.1)
        self._empty = label(wrap=True)
        self._all = button("Show all mistakes", look="inline")
        self._all.clicked.connect(self.all_requested)
        self._list = _Thumbs(self._model)
        self._list.opened.connect(lambda mistake: self.pictures_opened.emit([mistake.path]))
        add_similar_action(self._list, self._current_path, self.similar_requested.emit)
        self._more = button("")
        self._more.clicked.connect(lambda: self._show(len(self._shown)))
        top = horizontal(spacing=16)
        top.addWidget(self._title)
        top.addWidget(self._all)
        top.addStretch(1)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        layout.addWidget(self._empty)
        layout.addWidget(self._list)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_mistakes(self, mistakes: Sequence[AnyMistake], made: int, perfect: str) -> None:
        """Show the most confident of a model's ``made`` mistakes; ``perfect`` is shown when there is none."""
        self._mistakes, self._made = tuple(mistakes), made
        if self._service.report is not None:
            self._thumbnails.reading = self._service.report.reading
        self._title.setText("Most confident mistakes")
        self._title.setVisible(bool(mistakes))
        self._take(self._mistakes, made, perfect)
        self._all.hide()

    def show_only(self, truth: str, predicted: str, made: int) -> None:
        """Show the listed mistakes of one kind, of which there are ``made``."""
        kept = [item for item in self._mistakes if (item.truth, item.answer) == (truth, predicted)]
        few = f"None of these is among the {len(self._mistakes)} most confident mistakes."
        self._show_some(f"{truth} mistaken for {predicted}", kept, made, few)

    def show_of_label(self, name: str, label: int, made: int) -> None:
        """Show the listed mistakes about one of several labels, of which there are ``made``."""
        kept = [
            item for item in self._mistakes if isinstance(item, MistakeAboutLabel) and item.label == label
        ]
        self._show_some(f"Most confident mistakes about {name}", kept, made, f"No mistakes about {name}.")

    def _show_some(self, title: str, kept: Sequence[AnyMistake], made: int, empty: str) -> None:
        self._title.show()
        self._title.setText(title)
        self._take(tuple(kept), made, empty)
        self._all.show()

    def show_all(self) -> None:
        """Show all mistakes again."""
        self.show_mistakes(self._mistakes, self._made, "")

    def _current_path(self) -> Path | None:
        index = self._list.currentIndex()
        return cast("AnyMistake", index.data(MISTAKE_ROLE)).path if index.isValid() else None

    def _take(self, mistakes: tuple[AnyMistake, ...], made: int, empty: str) -> None:
        self._shown = mistakes
        count = len(mistakes)
        shown_of = f"Show the {count} most confident of {made:,}"
        self._more.setText(shown_of if made > count else f"Show all {count}")
        self._empty.setText(empty)
        self._empty.setVisible(not mistakes and bool(empty))
        self._list.setVisible(bool(mistakes))
        self._show(FIRST)

    def _show(self, count: int) -> None:
        self._model.show_mistakes(self._shown[:count])
        self._more.setVisible(len(self._shown) > count)
        self._list.fit()


class _Thumbs(QListView):
    """As high as its rows, since the page around it scrolls."""

    opened = Signal(object)

    def __init__(self, model: MistakeModel) -> None:
        super().__init__()
        scale_font(self, 0.9)
        self.setAccessibleName("Most confident mistakes")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        self.setItemDelegate(MistakeDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def fit(self) -> None:
        """Take the height of the rows."""
        cell = cell_size(self.fontMetrics().height())
        columns = max(self.width() // cell.width(), 1)
        rows = -(-self.model().rowCount() // columns)
        self.setFixedHeight(max(rows, 1) * cell.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rows to the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current picture."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(cast("AnyMistake", index.data(MISTAKE_ROLE)))
