"""The entry "Show similar" in the menu of a list of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from desktop_app.ui.common.style.icons import set_icon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

SHOW_SIMILAR = "Show similar"


def add_similar_action(
    view: QWidget, current: Callable[[], Path | None], request: Callable[[Path], object]
) -> QAction:
    """Give a view the entry; a view that has no menu gets one of its actions.

    Args:
        view: The list or table.
        current: Function that returns the picture that the menu is about; None when there is none.
        request: Receiver of that picture.
    """
    action = QAction(SHOW_SIMILAR, view)
    set_icon(action, "pictures")

    def act() -> None:
        picture = current()
        if picture is not None:
            request(picture)

    action.triggered.connect(act)
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    return action
