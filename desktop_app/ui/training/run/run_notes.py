"""Notes beside the progress: the device, the network as a table, and the warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.training.data.warning_list import WarningList

if TYPE_CHECKING:
    from desktop_app.core.training.records.events import Started

_HEIGHT = 160


class RunNotes(QWidget):
    """One line; details and warnings unfold below it."""

    def __init__(self) -> None:
        super().__init__()
        self._sentences: list[str] = []
        self._facts = ElidedLabel(muted=True)
        self._details = _fold("Details")
        self._details.setToolTip("The layers of the network")
        self._warned = _fold("Warnings")
        keeps_place = self._details.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)  # what is below does not move when the run has started
        self._details.setSizePolicy(keeps_place)
        self._summary = QPlainTextEdit(readOnly=True)
        self._summary.setAccessibleName("Layers of the network")
        self._summary.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._summary.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._summary.setTabChangesFocus(True)
        self._summary.setFixedHeight(_HEIGHT)
        self._warnings = WarningList()
        row = horizontal(spacing=8)
        row.addWidget(self._facts, 1)
        row.addWidget(self._warned)
        row.addWidget(self._details)
        layout = vertical(self, spacing=8)
        layout.addLayout(row)
        layout.addWidget(self._warnings)
        layout.addWidget(self._summary)
        for fold in (self._details, self._warned):
            fold.toggled.connect(self._unfold)
        self.begin()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings so far."""
        return tuple(self._sentences)

    @property
    def tells(self) -> bool:
        """Whether there is anything to read."""
        return bool(self._facts.text() or self._sentences)

    def begin(self) -> None:
        """Forget the run before."""
        self._sentences = []
        self._facts.setText("")
        self._details.setChecked(False)
        self._warned.setChecked(False)
        self._summary.clear()
        self._unfold()

    def show_started(self, event: Started) -> None:
        """Show data, network and device of a run."""
        parts = [f"{event.train:,} training"]
        parts += [f"{event.validation:,} validation"] if event.validation else []
        parts += [f"{event.test:,} test"] if event.test else []
        facts = [", ".join(parts), f"{event.parameters:,} parameters", event.choice, event.device]
        self._facts.setText(" · ".join(filter(None, facts)))
        self._summary.setPlainText(event.summary)
        self._unfold()

    def add_warning(self, sentence: str) -> None:
        """Keep a warning."""
        self._sentences.append(sentence)
        count = len(self._sentences)
        self._warned.setText(f"{count:,} warning{'s' if count > 1 else ''}")
        self._unfold()

    def _unfold(self) -> None:
        self._details.setVisible(bool(self._summary.toPlainText()))
        self._summary.setVisible(self._details.isChecked())
        self._warned.setVisible(bool(self._sentences))
        if self._warned.isChecked():
            self._warnings.show_sentences(self._sentences)
        else:
            self._warnings.hide()
        for fold in (self._details, self._warned):
            set_icon(fold, "chevron-up" if fold.isChecked() else "chevron-down")


def _fold(text: str) -> QPushButton:
    result = button(text, "chevron-down", look="link")
    result.setCheckable(True)
    return result
