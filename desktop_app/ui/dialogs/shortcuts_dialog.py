"""Keyboard shortcuts, read from the menus, so that the list is never out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QMenu, QScrollArea, QWidget

from desktop_app.ui.common.controls.widgets import heading, label, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenuBar

_OTHERS = (
    ("Previous or next picture", "Left, Right"),
    ("Classify the selected pictures of a batch", "Enter"),
    ("Select all pictures of a batch", "Ctrl+A"),
    ("Delete a batch", "Del"),
    ("Rename a training run", "F2"),
    ("Delete a training run", "Del"),
    ("Compare a training run", "Space"),
    ("Go to the next control", "Tab"),
)


class ShortcutsDialog(QDialog):
    """A section for each menu."""

    def __init__(self, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.resize(within_screen(self, 440, 560))
        page = QWidget()
        page.setObjectName("page")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 16, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for menu in menus.actions():
            self._add_section(grid, _plain(menu), _shortcuts(menu))
        self._add_section(grid, "Everywhere", list(_OTHERS))
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Keyboard shortcuts")
        scroll.setWidget(page)
        layout = vertical(self, spacing=8, margins=(24, 16, 16, 16))
        layout.addWidget(scroll, 1)
        layout.addLayout(close_row(self))

    @staticmethod
    def _add_section(grid: QGridLayout, title: str, rows: list[tuple[str, str]]) -> None:
        if not rows:
            return
        first = grid.rowCount()
        name = heading(title, factor=1.0)
        name.setContentsMargins(0, 8, 0, 0)
        grid.addWidget(name, first, 0, 1, 2)
        for row, (what, keys) in enumerate(rows, start=first + 1):
            grid.addWidget(label(what), row, 0)
            shown = label(keys)
            shown.setProperty("look", "badge")
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignRight)


def _plain(action: QAction) -> str:
    return action.text().replace("&", "").removesuffix("…").strip()


def _shortcuts(menu_action: QAction) -> list[tuple[str, str]]:
    menu = menu_action.menu()
    assert isinstance(menu, QMenu)
    return [
        (_plain(action), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        for action in menu.actions()
        if not action.shortcut().isEmpty()
    ]
