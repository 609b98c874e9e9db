"""Warnings, and what else is worth saying, each with an icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.core.foundation.text import breakable
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, horizontal, label, vertical

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_FEW = 4
_SIGN = 16


class WarningList(QWidget):
    """The first few, and the others on request."""

    def __init__(self) -> None:
        super().__init__()
        self._sentences: tuple[str, ...] = ()
        self._facts: frozenset[str] = frozenset()
        self._rows: list[QWidget] = []
        self._more = button("Show more", look="inline")
        self._more.clicked.connect(self._on_more_clicked)
        self._layout = vertical(self, spacing=4)
        self._layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_sentences(self, sentences: Sequence[str], facts: Collection[str] = ()) -> None:
        """Replace the warnings; none hides the list.

        Args:
            sentences: The sentences.
            facts: Sentences among them that are no warnings.
        """
        self._facts = frozenset(facts)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        self._sentences = tuple(sentences)
        self._add(self._sentences[:_FEW])
        hidden = len(sentences) - len(self._rows)
        self._more.setText(f"Show {hidden:,} more")
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(sentences))

    def _on_more_clicked(self) -> None:
        self._add(self._sentences[len(self._rows) :])
        self._more.hide()

    def _add(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            row = QWidget()
            layout = horizontal(row, spacing=8)
            fact = sentence in self._facts
            sign = IconView("check", _SIGN, "success") if fact else IconView("warning", _SIGN, "warning")
            layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(label(breakable(sentence), tone="" if fact else "warning", wrap=True), 1)
            self._layout.insertWidget(len(self._rows), row)
            row.show()
            self._rows.append(row)
