"""Lays cards out in as many columns as fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.ui.common.controls.widgets import vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

_SPACING = 16
_NARROWEST = 336


class CardGrid(QWidget):
    """One column in a narrow window, more in a wide one; cards of a row are equally high."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._cards: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(_SPACING)
        layout = vertical(self, margins=(16, 0, 16, 16))
        layout.addLayout(self._grid)
        layout.addStretch(1)  # a tall window leaves room below the cards, not within them

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Replace the cards; those that are no longer shown are deleted."""
        for old in self._cards:
            self._grid.removeWidget(old)
            if old not in cards:
                old.hide()
                old.deleteLater()
        self._cards = list(cards)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards again when another number of columns fits."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, (self.width() - 16) // (_NARROWEST + _SPACING))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for position, card in enumerate(self._cards):
            self._grid.addWidget(card, position // columns, position % columns)
