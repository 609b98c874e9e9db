"""The field for a path, which proposes what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyledItemDelegate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class PathEdit(QLineEdit):
    """Return goes to what was typed, and does nothing else in the dialog.

    Signals:
        entered: The typed path.
        completions_requested: The typed beginning of a path.
    """

    entered = Signal(str)
    completions_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Folder")
        self._proposals = QStringListModel(self)
        completer = QCompleter(self._proposals, self)
        # What is proposed begins with what was typed already, apart from the case.
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setProperty("look", "table")
        completer.setPopup(popup)
        popup.setItemDelegate(QStyledItemDelegate(popup))  # the only one that follows the stylesheet
        self.setCompleter(completer)
        self.textEdited.connect(self.completions_requested)
        completer.activated.connect(self.completions_requested)

    def begin(self, typed: str = "") -> None:
        """Take the keyboard, with what was typed already or the whole path selected."""
        self.setFocus()
        self.selectAll()
        if typed:
            self.insert(typed)
            self.setModified(True)

    def propose(self, typed: str, paths: Sequence[str]) -> None:
        """Show proposals, if this is still what was typed."""
        if typed == self.text() and self.hasFocus():
            self._proposals.setStringList(list(paths))
            if paths:
                self.completer().complete()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go there."""
        if event.key() in _ENTER:
            self.entered.emit(self.text())
        else:
            super().keyPressEvent(event)
