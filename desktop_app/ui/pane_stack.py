"""The panes of the window, each made when it is first shown."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop_app.ui.common.controls.spinner import Spinner
from desktop_app.ui.common.first_paint import FirstPaint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

_SPINNER = 32


@dataclass(frozen=True, slots=True)
class PaneEntry:
    """A pane of the rail; ``make`` is called when it is shown for the first time."""

    title: str
    icon: str
    make: Callable[[], QWidget]


class PaneStack(QStackedWidget):
    """Shows one pane; a spinner stands in for one that is still being made."""

    def __init__(self, entries: Sequence[PaneEntry]) -> None:
        super().__init__()
        self._entries = entries
        self._panes: list[QWidget | None] = [None] * len(entries)
        self._shown = -1
        self._waiting: _Waiting | None = None

    @property
    def shown(self) -> int:
        """Index of the pane that the user chose, also while it is being made."""
        return self._shown

    def show_pane(self, index: int) -> None:
        """Show a pane. A new one is made once the window shows that it is coming."""
        self._shown = index
        pane = self._panes[index]
        if pane is None and self.isVisible():
            self._await_paint()
        else:
            self._turn_to(self.made(index))

    def made(self, index: int) -> QWidget:
        """The pane, made now if it has not been yet."""
        pane = self._panes[index]
        if pane is None:
            pane = self._panes[index] = self._entries[index].make()
            self.addWidget(pane)
            log.info("Made the pane %s.", self._entries[index].title)
        return pane

    def _await_paint(self) -> None:
        """Making a pane may take a second while TensorFlow loads: the click must not seem lost meanwhile."""
        if self._waiting is None:
            self._waiting = _Waiting()
            self.addWidget(self._waiting)
            FirstPaint(self._waiting).painted.connect(self._on_painted)
        self._turn_to(self._waiting)

    def _on_painted(self) -> None:
        if self._waiting is None:
            return
        waiting, self._waiting = self._waiting, None
        has_keyboard = waiting.hasFocus()
        pane = self.made(self._shown)
        if self.currentWidget() is waiting:
            self.setCurrentWidget(pane)
            if has_keyboard:
                pane.setFocus()
        self.removeWidget(waiting)
        waiting.deleteLater()

    def _turn_to(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        page.setFocus()


class _Waiting(QWidget):
    """Stands in for a pane that is being made; keeps the keyboard for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(Spinner(_SPINNER), 0, Qt.AlignmentFlag.AlignCenter)
