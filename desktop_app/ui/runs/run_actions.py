"""Actions on a run: in the menu of the list, by keys, and as buttons of the details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop_app.ui.common.style.icons import set_icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_app.core.training.runs.run_entry import RunEntry


class RunActions(QObject):
    """The actions; the pane connects them."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.classify = self._action("Classify with this model", "classify")
        self.export = self._action("Export…", "export")
        self.resume = self._action("Resume", "resume")
        self.again = self._action("Train again…", "refresh")
        self.rename = self._action("Rename", "rename", "F2")
        self.code = self._action("Show the code", "code")
        self.open = self._action("Open folder", "folder")
        self.remove = self._action("Delete", "trash", QKeySequence.StandardKey.Delete)
        self.show(None, busy=False)

    def show(self, entry: RunEntry | None, *, busy: bool) -> None:
        """Enable the actions that are possible.

        Args:
            entry: The selected run.
            busy: Whether a training runs, so that no other can.
        """
        here = entry is not None
        working = entry is not None and entry.record.state == "running"
        damaged = entry is not None and bool(entry.problem)
        self.classify.setVisible(entry is not None and entry.record.model_id is not None)
        self.export.setVisible(self.classify.isVisible())
        self.export.setToolTip("Write its model for other programs")
        self.resume.setVisible(entry is not None and entry.resumable and not working)
        self.resume.setEnabled(not busy)
        self.resume.setToolTip("Wait until the current training ends" if busy else "Resume where it ended")
        self.again.setVisible(here and not damaged and not working)
        self.again.setEnabled(not busy)
        told = "Fill in the data and settings of this run, to change some and start"
        self.again.setToolTip("Wait until the current training ends" if busy else told)
        self.rename.setToolTip("Rename the run (F2); its model keeps its name")
        self.rename.setEnabled(here and not working and not damaged)
        self.code.setVisible(here and not damaged)
        self.code.setToolTip("Show a Keras script that trains the same network")
        self.open.setEnabled(here)
        self.remove.setEnabled(here and not working)
        self.remove.setToolTip("Stop the training first" if working else "Delete the run; its model stays")

    def _action(self, text: str, icon: str, keys: QKeySequence.StandardKey | str = "") -> QAction:
        action = QAction(text, self._owner)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        set_icon(action, icon)
        self._owner.addAction(action)
        return action
