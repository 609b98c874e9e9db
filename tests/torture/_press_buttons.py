"""Opens the window, and presses every button of every pane and of the menus as soon as it has been painted.

``python -m tests.torture._press_buttons SEED [WORD...]``: the seed gives the order, the words are the app's.
It prints how many buttons it has pressed, and how many of them in the first second; when all is quiet, what
was reported as an unexpected error and what a thread imported beside the loader; and closes the window.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QPlainTextEdit
from shiboken6 import isValid

from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.common.first_paint import FirstPaint
from desktop_app.ui.desktop import Desktop
from desktop_app.ui.dialogs.crash_dialog import CrashDialog
from desktop_app.ui.pane_stack import PaneStack
from desktop_app.workers.classify.messages import ModelPhase
from tests.import_guard import ImportGuard

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST_START = 0.3
"""Seconds after the first paint at which the presses begin at the latest."""
ALIKE = 3
"""How many buttons of the same name are pressed; some come anew whenever a list is shown again."""
PATIENCE = 300
QUIET = 0.1
"""Seconds of work in one second at which the app counts as quiet."""


class Presses(QObject):
    """Presses one button after the other; a second timer closes what opens, also inside of its event loop."""

    def __init__(self, desktop: Desktop, seed: int, guard: ImportGuard) -> None:
        super().__init__(desktop)
        self._guard = guard
        self._desktop = desktop
        self._window = desktop.window
        self._dice = random.Random(seed)
        self._pressed: Counter[tuple[str, str, str]] = Counter()
        self._known: list[QAbstractButton] = []
        self._times: list[float] = []
        self._reports: list[str] = []
        self._actions: list[QAction] = []
        self._panes = self._window.findChild(PaneStack)
        self._painted_at = 0.0
        self._works: list[float] = []
        self._press = self._timer(2, self._on_press)
        self._close = self._timer(5, self._on_close)
        self._watch = self._timer(250, self._on_watch)
        FirstPaint(self._window).painted.connect(self._on_painted)

    def _timer(self, interval: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval)
        timer.timeout.connect(slot)
        return timer

    def _on_painted(self) -> None:
        self._painted_at = time.monotonic()
        menus = [action.menu() for action in self._window.menuBar().actions()]
        found = [action for menu in menus for action in [*menu.actions(), *_actions_below(menu)]]
        panes = [action for action in found if action.shortcut().toString() in _PANE_KEYS]
        others = [
            action
            for action in found
            if action not in panes
            and action.menu() is None
            and not action.isSeparator()
            and action.menuRole() is not QAction.MenuRole.QuitRole
        ]
        self._dice.shuffle(panes)
        self._dice.shuffle(others)
        self._actions = others + panes  # taken from the end
        self._close.start()
        self._watch.start()
        QTimer.singleShot(round(1000 * self._dice.uniform(0, LATEST_START)), self._press.start)

    def _on_press(self) -> None:
        """Press all buttons of the pane that is shown; then turn to another, and at last to the menus."""
        if _is_interrupted() or not type(self._panes.currentWidget()).__name__.endswith("Pane"):
            return  # a dialog is open, or the pane is being made
        buttons = self._unpressed()
        self._dice.shuffle(buttons)
        for button in buttons:
            if _is_interrupted():
                return
            if isValid(button) and button.isVisible() and button.isEnabled():
                self._pressed[_name(button)] += 1
                self._known.append(button)
                self._count()
                button.click()
        if not buttons:
            if not self._actions:
                self._end_presses()
                return
            self._count()
            self._actions.pop().trigger()

    def _count(self) -> None:
        self._times.append(time.monotonic() - self._painted_at)

    def _unpressed(self) -> list[QAbstractButton]:
        self._known = [button for button in self._known if isValid(button)]
        return [
            button
            for button in self._window.findChildren(QAbstractButton)
            if button.isVisible()
            and button.isEnabled()
            and button.window() is self._window
            and button not in self._known
            and self._pressed[_name(button)] < ALIKE
        ]

    def _on_close(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
            return
        for widget in QApplication.topLevelWidgets():
            if not isinstance(widget, QDialog) or not widget.isVisible():
                continue
            if isinstance(widget, CrashDialog):
                self._reports.append(widget.findChild(QPlainTextEdit).toPlainText())
                widget.accept()
            else:
                widget.reject()

    def _end_presses(self) -> None:
        self._press.stop()
        early = sum(seconds <= 1 for seconds in self._times)
        _tell(pressed=len(self._times), in_the_first_second=early, last=max(self._times))

    def _on_watch(self) -> None:
        self._works = [*self._works[-4:], time.process_time()]
        quiet = len(self._works) == 5 and self._works[-1] - self._works[0] < QUIET
        loading = self._desktop.session.model_status.phase is ModelPhase.LOADING
        late = time.monotonic() - self._painted_at > PATIENCE
        if late or (quiet and not loading and not self._press.isActive()):
            self._watch.stop()
            _tell(reports=self._reports, strays=self._guard.strays, quiet=not late)
            self._window.end()


_PANE_KEYS = {f"Ctrl+{number}" for number in range(1, 10)}


def _tell(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def _is_interrupted() -> bool:
    return QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None


def _actions_below(menu: QMenu) -> list[QAction]:
    return [action for below in menu.findChildren(QMenu) for action in below.actions()]


def _name(button: QAbstractButton) -> tuple[str, str, str]:
    return type(button).__name__, button.text(), button.accessibleName()


def _answer_for_the_user() -> None:
    """Have every file dialog cancelled and nothing opened by other programs."""
    FileDialog.open_folder = lambda *_, **__: ""
    FileDialog.open_file = FileDialog.save_file = lambda *_, **__: ("", "")
    FileDialog.open_files = lambda *_, **__: ([], "")
    QDesktopServices.openUrl = lambda *_: True


def main() -> int:
    seed, *words = sys.argv[1:]
    _answer_for_the_user()
    open_window = Desktop.open
    guard = ImportGuard()

    def open_and_press(desktop: Desktop, *arguments) -> None:
        open_window(desktop, *arguments)
        Presses(desktop, int(seed), guard)

    Desktop.open = open_and_press
    from desktop_app.cli import main as sightline

    with guard:
        return sightline(words)


if __name__ == "__main__":
    sys.exit(main())
