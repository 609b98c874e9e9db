"""The buttons that decide about the selected pictures, and undo and redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop_app.core.datasets.decision import EXCLUDE, KEEP, Decision, relabel
from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.widgets import button, horizontal, label, vertical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from desktop_app.ui.training.labels.label_item import LabelItem

_MOST_NAME = 24


class LabelActions(QWidget):
    """One row of buttons, and a line that says what they apply to.

    Signals:
        decided: Decisions by path, None for one that is taken back; and what that does, in words.
        clear_requested: The user wants to take everything back.
        undo_requested: The user wants to take the last decision back.
        redo_requested: The user wants it again.
    """

    decided = Signal(object, str)
    clear_requested = Signal()
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: list[LabelItem] = []
        self._classes: tuple[str, ...] = ()
        self._locked = self._of_decisions = self._has_steps = False
        self._what = label(tone="muted", wrap=True)
        self._accept = button("Relabel", "check", look="primary", tip="Enter")
        self._accept.clicked.connect(lambda: self.act("accept"))
        self._other = button("Other class")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._other.setMenu(self._menu)
        self._keep = button("Keep", tip="The label is right (K)")
        self._keep.clicked.connect(lambda: self.act("keep"))
        self._exclude = button("Exclude", tip="Don't train on it; the file stays where it is (Delete)")
        self._exclude.clicked.connect(lambda: self.act("exclude"))
        self._back = button("Take back", "undo", look="primary")
        self._back.clicked.connect(lambda: self.act("accept"))
        self._clear = button("Take all back")
        self._clear.clicked.connect(self.clear_requested)
        self._undo = button("Undo", "undo")
        self._redo = button("Redo")
        row = horizontal(spacing=8)
        for part in (self._accept, self._other, self._keep, self._exclude, self._back, self._clear):
            row.addWidget(part)
        row.addStretch(1)
        for part, signal, keys in (
            (self._undo, self.undo_requested, QKeySequence.StandardKey.Undo),
            (self._redo, self.redo_requested, QKeySequence.StandardKey.Redo),
        ):
            row.addWidget(part)
            part.clicked.connect(signal)
            # Not the button's own: a hidden widget has no keys, so those of the pane in front count.
            QShortcut(QKeySequence(keys), self).activated.connect(part.click)
        layout = vertical(self, spacing=4)
        layout.addLayout(row)
        layout.addWidget(self._what)
        self.show_steps("", "")
        self.show_chosen([], ())

    def show_chosen(
        self, chosen: Sequence[LabelItem], classes: Sequence[str], *, of_decisions: bool = False
    ) -> None:
        """Offer what can be done with the selected items.

        Args:
            chosen: The selected items.
            classes: Names of all classes.
            of_decisions: Whether they are decisions, which can be taken back, instead of suggestions.
        """
        self._chosen, self._classes, self._of_decisions = list(chosen), tuple(classes), of_decisions
        suggested = {item.suggested for item in chosen}
        name = next(iter(suggested)) if len(suggested) == 1 else ""
        short = name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 1]}…"
        self._accept.setText(f"Relabel as {short}" if name else "Relabel as suggested")
        for part in (self._accept, self._other, self._keep, self._exclude):
            part.setVisible(not of_decisions)
        for part in (self._back, self._clear):
            part.setVisible(of_decisions)
        self._what.setText(chosen[0].words if len(chosen) == 1 else f"{len(chosen):,} selected")
        self._what.setVisible(bool(chosen))
        self._enable()

    def show_steps(self, undo: str, redo: str) -> None:
        """Show what can be undone and done again, as words; empty when there is nothing."""
        for part, verb, words, keys in (
            (self._undo, "Undo", undo, QKeySequence.StandardKey.Undo),
            (self._redo, "Redo", redo, QKeySequence.StandardKey.Redo),
        ):
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            part.setToolTip(f"{verb}: {words} ({shown})" if words else "")
            part.setVisible(bool(words))
        self._has_steps = bool(undo or redo)
        self._enable()

    @property
    def has_steps(self) -> bool:
        """Whether something can be undone or done again."""
        return self._has_steps

    def set_locked(self, locked: bool) -> None:
        """Refuse decisions, as during a training, or allow them again."""
        self._locked = locked
        self._enable()

    def act(self, action: str) -> None:
        """Decide about the selected items.

        Args:
            action: ``accept`` takes the suggestion, or a decision back; ``keep`` and ``exclude``.
        """
        if self._locked or not self._chosen:
            return
        if self._of_decisions:
            if action == "accept":
                self._decide(dict.fromkeys((item.path for item in self._chosen), None), "taken back")
        elif action == "accept":
            names = {item.suggested for item in self._chosen}
            words = f"relabeled as {names.pop()}" if len(names) == 1 else "relabeled as suggested"
            self._decide({item.path: relabel(item.suggested) for item in self._chosen}, words)
        elif action == "keep":
            self._decide(dict.fromkeys((item.path for item in self._chosen), KEEP), "kept")
        else:
            self._decide(dict.fromkeys((item.path for item in self._chosen), EXCLUDE), "excluded")

    def _decide(self, decisions: Mapping[Path, Decision | None], words: str) -> None:
        self.decided.emit(decisions, f"{counted(len(decisions), 'picture')} {words}")

    def _fill_menu(self) -> None:
        self._menu.clear()
        for name in self._classes:
            action = self._menu.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, name=name: self._relabel(name))

    def _relabel(self, name: str) -> None:
        self._decide({item.path: relabel(name) for item in self._chosen}, f"relabeled as {name}")

    def _enable(self) -> None:
        usable = bool(self._chosen) and not self._locked
        parts: tuple[QPushButton, ...] = (self._accept, self._other, self._keep, self._exclude, self._back)
        for part in parts:
            part.setEnabled(usable)
        for part in (self._clear, self._undo, self._redo):
            part.setEnabled(not self._locked)
