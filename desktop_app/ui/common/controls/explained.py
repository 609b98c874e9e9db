"""The name of a setting over a line that says what it does."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.ui.common.controls.widgets import label, scale_font, set_tone, vertical


class Explained(QWidget):
    """Stands in the middle of its height, beside an editor."""

    def __init__(self, name: str, explanation: str) -> None:
        super().__init__()
        words = label(explanation, tone="muted", wrap=True)
        scale_font(words, 0.9)
        self._words, self._explanation = words, explanation
        layout = vertical(self, spacing=0)
        layout.addStretch(1)
        layout.addWidget(label(name, wrap=True))
        layout.addWidget(words)
        layout.addStretch(1)

    def explain(self, explanation: str) -> None:
        """Show another explanation from now on."""
        self._explanation = explanation
        self.show_problem("")

    def show_problem(self, sentence: str) -> None:
        """Show why the value cannot be used in place of the explanation; empty restores it."""
        self._words.setText(sentence or self._explanation)
        set_tone(self._words, "danger" if sentence else "muted")
