"""The window's actions and the menus that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.common.style.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMainWindow, QMenu

_Keys = QKeySequence.StandardKey


class WindowActions(QObject):
    """Every action of the menus; the window connects them."""

    def __init__(self, window: QMainWindow, panes: Sequence[str]) -> None:
        super().__init__(window)
        self._window = window
        self.open = self._action("Open pictures…", _Keys.Open, "pictures")
        self.open_folder = self._action("Open folder…", "Ctrl+Shift+O", "folder")
        self.batch = self._action("Classify a folder in Batch…", "Ctrl+B", "batch")
        self.train = self._action("Train on a folder…", "Ctrl+T", "train")
        self.paste = self._action("Paste", _Keys.Paste, "paste")
        self.save = self._action("Save results…", _Keys.Save, "download")
        self.quit = self._action("Quit", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.copy = self._action("Copy result", _Keys.Copy, "copy")
        self.cancel = self._action("Stop classifying", "Ctrl+.")
        self.clear = self._action("Clear list", "Ctrl+Shift+Backspace", "trash")
        self.preferences = self._action("Preferences…", "Ctrl+,", "settings")
        self.preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.frame = self._action("Show what the model sees", "Ctrl+Shift+F")
        self.whole = self._action("Use the whole picture", "Ctrl+Shift+E")
        for action in (self.frame, self.whole):
            action.setCheckable(True)
        self.full_screen = self._action("Full screen", "F11")
        self.full_screen.setCheckable(True)
        self.label_service = self._action("Local API…")
        self.shortcuts = self._action("Keyboard shortcuts", "Ctrl+?")
        self.logs = self._action("Open log folder")
        self.updates = self._action("Check for updates…")
        self.about = self._action("About Sightline")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.panes = self._choices(panes)
        for number, action in enumerate(self.panes, start=1):
            action.setShortcut(f"Ctrl+{number}")
        self.themes = dict(
            zip((key for key, _ in THEMES), self._choices([text for _, text in THEMES]), strict=True)
        )
        self._fill_menus()

    def _action(self, text: str, keys: QKeySequence.StandardKey | str = "", icon: str = "") -> QAction:
        action = QAction(text, self._window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        if icon:
            set_icon(action, icon)
        return action

    def _choices(self, texts: Sequence[str]) -> list[QAction]:
        group = QActionGroup(self._window)
        actions = [self._action(text) for text in texts]
        for action in actions:
            action.setCheckable(True)
            group.addAction(action)
        return actions

    def _fill_menus(self) -> None:
        file = self._menu("&File")
        file.addActions([self.open, self.open_folder, self.paste])
        file.addSeparator()
        file.addActions([self.batch, self.train])
        file.addSeparator()
        file.addAction(self.save)
        file.addSeparator()
        file.addAction(self.quit)
        edit = self._menu("&Edit")
        edit.addAction(self.copy)
        edit.addSeparator()
        edit.addActions([self.cancel, self.clear])
        edit.addSeparator()
        edit.addAction(self.preferences)
        view = self._menu("&View")
        view.addActions(self.panes)
        view.addSeparator()
        view.addActions([self.frame, self.whole])
        view.addSeparator()
        theme = view.addMenu("Theme")
        theme.addActions(list(self.themes.values()))
        view.addSeparator()
        view.addAction(self.full_screen)
        tools = self._menu("&Tools")
        tools.addAction(self.label_service)
        about = self._menu("&Help")
        about.addActions([self.shortcuts, self.logs])
        about.addSeparator()
        about.addActions([self.updates, self.about])

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)
