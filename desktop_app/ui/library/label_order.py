"""Asks which order names have that are numbers: as one counts, or as Keras sorts folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from desktop_app.core.library.label_lists import folder_order
from desktop_app.ui.common.controls.widgets import label, vertical

if TYPE_CHECKING:
    from desktop_app.core.library.label_lists import LabelList

_SHOWN = 5


class LabelOrder(QWidget):
    """Hidden as long as there is nothing to ask.

    Signals:
        chosen: The user has chosen an order.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[str, ...] = ()
        self._by_folder: tuple[str, ...] = ()
        self.counted, self.sorted = (
            QRadioButton("As they are counted"),
            QRadioButton("As Keras sorts folders"),
        )
        self._group = QButtonGroup(self)
        column = vertical(self, spacing=2)
        column.addWidget(
            label(
                "In which order did the training have them? Keras sorts folders by their names as texts, "
                "so that 10 comes before 2. A picture of each class shows which is right.",
                tone="warning",
                wrap=True,
            )
        )
        for radio in (self.counted, self.sorted):
            self._group.addButton(radio)
            column.addWidget(radio)
        self._group.buttonClicked.connect(self.chosen)
        self.hide()

    @property
    def open(self) -> bool:
        """Whether there is a question without an answer."""
        return bool(self._by_folder) and self._group.checkedButton() is None

    def consider(self, read: LabelList) -> None:
        """Ask about these names where their order is not certain."""
        names = tuple(read.names)
        if names == self._asked:
            return
        self._asked = names
        self._by_folder = () if read.numbered else tuple(folder_order(names))
        self._group.setExclusive(False)
        for radio in (self.counted, self.sorted):
            radio.setChecked(False)
        self._group.setExclusive(True)
        if self._by_folder:
            self.counted.setText(f"As they are counted: {_beginning(names)}")
            self.sorted.setText(f"As Keras sorts folders: {_beginning(self._by_folder)}")
        self.setVisible(bool(self._by_folder))

    def ordered(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names in the order that was chosen."""
        return self._by_folder if self._by_folder and self.sorted.isChecked() else names

    def other(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names in the order that was not chosen; nothing where there is only one."""
        if not self._by_folder:
            return ()
        return names if self.sorted.isChecked() else self._by_folder


def _beginning(names: tuple[str, ...]) -> str:
    """The first names, at least up to where the two orders differ for plain numbers."""
    words = [name if len(name) <= 16 else f"{name[:15]}…" for name in names[:_SHOWN]]
    return ", ".join(words) + (", …" if len(names) > _SHOWN else "")
