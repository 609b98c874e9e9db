"""The entry "Show similar" of a list."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView

from desktop_app.ui.common.similar_action import SHOW_SIMILAR, add_similar_action


def test_it_asks_for_the_current_picture_if_there_is_one(qtbot, light):
    view, asked, current = QListView(), [], [Path("/a.png")]
    qtbot.addWidget(view)
    action = add_similar_action(view, lambda: current[0], asked.append)
    assert [each.text() for each in view.actions()] == [SHOW_SIMILAR]
    assert view.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    action.trigger()
    current[0] = None
    action.trigger()
    assert asked == [Path("/a.png")]
