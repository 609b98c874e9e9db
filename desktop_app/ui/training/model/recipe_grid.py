"""All networks to choose from, in as many columns as fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from desktop_app.ui.training.model.recipe_card import RecipeCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.training.recipes.recipe import Recipe

_NARROWEST = 208
_SPACING = 8


class RecipeGrid(QWidget):
    """Exactly one is chosen; Tab reaches it, and the arrow keys go to the others.

    Signals:
        recipe_chosen: Id of the recipe that the user chose.
    """

    recipe_chosen = Signal(str)

    def __init__(self, recipes: Sequence[Recipe]) -> None:
        super().__init__()
        self._cards = {recipe.recipe_id: RecipeCard(recipe) for recipe in recipes}
        self._group = QButtonGroup(self)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_SPACING)
        for recipe_id, card in self._cards.items():
            self._group.addButton(card)
            # Also when an arrow key checks a card, which is no click.
            card.toggled.connect(lambda checked, name=recipe_id: self._on_toggled(name, checked=checked))
        self._arrange(3)

    @property
    def chosen(self) -> str:
        """Id of the chosen recipe; empty before the first choice."""
        return next((name for name, card in self._cards.items() if card.isChecked()), "")

    @property
    def stop(self) -> QWidget:
        """The card that the Tab key stops at: the chosen one."""
        return self._cards[self.chosen]

    def lead_keyboard(self) -> None:
        """Put the keyboard on the chosen card."""
        if self.chosen:
            self._cards[self.chosen].setFocus(Qt.FocusReason.TabFocusReason)

    def choose(self, recipe_id: str) -> None:
        """Choose a recipe without emitting `recipe_chosen`."""
        self.blockSignals(True)
        self._cards[recipe_id].setChecked(True)
        self.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange again when another number of columns fits."""
        super().resizeEvent(event)
        self._arrange(max(1, (self.width() + _SPACING) // (_NARROWEST + _SPACING)))

    def _arrange(self, columns: int) -> None:
        columns = min(columns, len(self._cards))
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for position, card in enumerate(self._cards.values()):
            self._grid.addWidget(card, position // columns, position % columns)

    def _on_toggled(self, recipe_id: str, *, checked: bool) -> None:
        # The Tab key stops at the chosen card alone; Qt ensures that only once a card has been clicked.
        self._cards[recipe_id].setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus
        )
        if checked:
            self.recipe_chosen.emit(recipe_id)
