"""The picture, its prediction and the filmstrip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import pixel_size
from desktop_app.ui.classify.picture_view import PictureView
from desktop_app.ui.classify.result_panel import ResultPanel
from desktop_app.ui.classify.strip.film_model import FilmModel
from desktop_app.ui.classify.strip.filmstrip import Filmstrip
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import horizontal, vertical
from desktop_app.workers.classify.messages import Item, ItemState

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from desktop_app.workers.classify.messages import PicturePreview
    from desktop_app.workers.classify.session import ClassifySession

_LOW = 400
"""Below this height the filmstrip leaves more room to the picture."""


class WorkArea(QWidget):
    """Follows the session; one picture is the current one."""

    copy_requested = Signal()
    thresholds_requested = Signal(str)

    def __init__(self, session: ClassifySession) -> None:
        super().__init__()
        self._session = session
        self._current = 0
        self._follow = False
        self._frame = False
        self._size = ""
        self._model = FilmModel()
        self._strip = Filmstrip(self._model)
        self._view = PictureView()
        self._name = ElidedLabel(muted=True, mode=Qt.TextElideMode.ElideMiddle)
        self._panel = ResultPanel()

        picture = vertical(spacing=4)
        picture.addWidget(self._view, 1)
        picture.addWidget(self._name)
        upper = horizontal(spacing=16)
        upper.addLayout(picture, 5)
        upper.addWidget(self._panel, 3)
        layout = vertical(self, spacing=8)
        layout.addLayout(upper, 1)
        layout.addWidget(self._strip)

        self._strip.picture_chosen.connect(self._on_picture_chosen)
        self._view.wanted.connect(self._on_preview_wanted)
        self._panel.copy_requested.connect(self.copy_requested)
        self._panel.thresholds_requested.connect(self.thresholds_requested)
        self._panel.again_requested.connect(lambda: session.answer_again(self._current))
        self._model.thumbnail_wanted.connect(session.request_thumbnail)
        session.items_added.connect(self._on_items_added)
        session.item_changed.connect(self._on_item_changed)
        session.items_removed.connect(self._on_items_removed)
        session.preview_ready.connect(self._on_preview_ready)
        session.thumbnail_ready.connect(self._model.keep_thumbnail)
        session.model_changed.connect(self._show_current)
        if session.items():
            self._on_items_added(session.items())

    @property
    def current(self) -> Item | None:
        """The picture on the screen."""
        row = self._model.row_of(self._current)
        return None if row is None else self._model.item_at(row)

    def follow_next(self) -> None:
        """Show the first of the pictures that come next: the user has just asked for them."""
        self._follow = True

    def show_frame(self, *, shown: bool) -> None:
        """Frame what the network sees of the picture, or frame nothing."""
        self._frame = shown
        self._show_current()

    def step(self, by: int) -> None:
        """Move to a neighbour in the filmstrip."""
        self._strip.step(by)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the filmstrip lower in a low window."""
        super().resizeEvent(event)
        self._strip.set_compact(compact=self.height() < _LOW)

    def _on_items_added(self, items: tuple[Item, ...]) -> None:
        self._model.append(items)
        if self._follow or self.current is None:
            self._follow = False
            self._strip.choose(items[0].number)

    def _on_item_changed(self, item: Item) -> None:
        self._model.change(item)
        if item.number == self._current:
            self._show_current()

    def _on_items_removed(self, numbers: tuple[int, ...]) -> None:
        self._model.remove(numbers)
        if self._model.row_of(self._current) is None:
            self._current = 0

    def _on_picture_chosen(self, number: int) -> None:
        self._current = number
        item = self.current
        assert item is not None
        self._size = ""
        self._name.setText(item.source.name)
        self._name.set_tip(item.source.text)
        self._view.expect(item.source.name)
        self._show_current()

    def _on_preview_wanted(self, max_side: int) -> None:
        if self.current is not None:
            self._session.show(self._current, max_side)

    def _on_preview_ready(self, preview: PicturePreview) -> None:
        item = self.current
        if item is not None and preview.number == self._current:
            self._view.show_preview(preview)
            self._size = pixel_size(preview.width, preview.height)
            self._show_seen(item)

    def _show_current(self) -> None:
        item = self.current
        if item is None:
            return
        self._panel.show_item(item, self._session.model_status)
        self._show_seen(item)
        if item.state is ItemState.FAILED and not self._view.has_picture():
            self._view.show_sign("picture-broken")

    def _show_seen(self, item: Item) -> None:
        """Show what the answer was found from, or will be."""
        fitting = item.answer.fitting if item.answer is not None else self._session.fitting
        seen = self._view.show_seen(fitting if self._frame else None)
        self._name.setText(
            " · ".join(filter(None, (item.source.name, self._size, seen if self._size else "")))
        )
