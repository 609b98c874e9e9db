"""What was decided about the data, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.datasets.decided import decided
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.icon_view import IconView
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtWidgets import QPushButton

    from desktop_app.core.datasets.answers import Answers

_SIGN = 14


class DecisionList(QWidget):
    """A line for each decision with a button that takes it up again.

    Signals:
        change_requested: The `Answers` without the decision that the user wants to change.
        forget_requested: The user wants to take up all decisions again.
    """

    change_requested = Signal(object)
    forget_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[QWidget] = []
        self._forget = button("Decide everything again", look="inline")
        self._forget.clicked.connect(self.forget_requested)
        self._layout = vertical(self, spacing=2)
        self._layout.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_answers(
        self, answers: Answers | None, asked: Collection[str] = (), given: Answers | None = None
    ) -> None:
        """Replace the decisions; none hides the list.

        Args:
            answers: What was decided.
            asked: Keys of the questions that are open.
            given: What a person decided, and can change; by default all of it.
        """
        for row in self._rows:
            row.hide()
            row.deleteLater()
        entries = decided(answers, asked)
        own = {entry.text for entry in decided(answers if given is None else given)}
        self._rows = [self._row(entry.text, entry.others, own=entry.text in own) for entry in entries]
        for position, row in enumerate(self._rows):
            self._layout.insertWidget(position, row)
            row.show()
        self._forget.setVisible(len(own) > 1)
        self.setVisible(bool(entries))

    def _row(self, text: str, others: Answers, *, own: bool) -> QWidget:
        row = QWidget()
        layout = horizontal(row, spacing=8)
        layout.addWidget(IconView("check", _SIGN, "success"))
        layout.addWidget(ElidedLabel(text), 0)
        if own:
            change = self._button(text)
            change.clicked.connect(lambda: self.change_requested.emit(others))
            layout.addWidget(change)
        layout.addStretch(1)
        return row

    @staticmethod
    def _button(text: str) -> QPushButton:
        result = button("Change…", look="inline")
        result.setAccessibleName(f"Change: {text}")
        return result
