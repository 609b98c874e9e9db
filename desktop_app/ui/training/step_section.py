"""One of the numbered steps of the page: a header, and a body that it opens and folds."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_app.ui.common.controls.widgets import line, vertical
from desktop_app.ui.training.step_header import StepHeader


class StepSection(QFrame):
    """A card of the page.

    Signals:
        toggled: Whether it is open now.
    """

    toggled = Signal(bool)

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._summary = self._missing = ""
        self._done = False
        self.header = StepHeader(number, title)
        self.header.toggled.connect(self._on_header_toggled)
        self._line = line()
        self._inside = vertical(margins=(16, 16, 16, 16))
        self._body: QWidget | None = None
        layout = vertical(self, spacing=0)
        layout.addWidget(self.header)
        layout.addWidget(self._line)
        self._layout = layout
        self._line.hide()

    @property
    def is_open(self) -> bool:
        """Whether the body shows."""
        return self.header.isChecked()

    @property
    def is_possible(self) -> bool:
        """Whether this step can be opened: nothing is missing."""
        return not self._missing

    def set_body(self, body: QWidget) -> None:
        """Set what the header opens and folds; called once."""
        frame = QWidget()
        frame.setLayout(self._inside)
        self._inside.addWidget(body)
        self._layout.addWidget(frame, 1)
        self._body = frame
        frame.setVisible(self.is_open)

    def set_open(self, opened: bool) -> None:
        """Open or fold; a step that is not possible stays folded."""
        self.header.setChecked(opened and self.is_possible)

    def set_summary(self, summary: str, *, done: bool) -> None:
        """Set the line of what was chosen; shown while nothing is missing."""
        self._summary, self._done = summary, done
        self._show_words()

    def set_missing(self, missing: str) -> None:
        """Say what has to be done first, and grey the step; empty when it can be opened."""
        self._missing = missing
        if missing:
            self.set_open(False)
        self.header.setEnabled(not missing)
        self._show_words()

    def _show_words(self) -> None:
        done = self._done and not self._missing
        self.header.set_summary(self._missing or self._summary, done=done)

    def _on_header_toggled(self, opened: bool) -> None:
        self._line.setVisible(opened)
        if self._body is not None:
            self._body.setVisible(opened)
        self.toggled.emit(opened)
