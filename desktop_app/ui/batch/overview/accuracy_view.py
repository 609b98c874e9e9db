"""How often the model was right, where the folders are named after its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QWidget

from desktop_app.core.foundation.text import breakable, percent
from desktop_app.core.training.records.intervals import INTERVAL_SOURCE, wilson_interval
from desktop_app.ui.charts.confusion_view import DRAWN, ConfusionView
from desktop_app.ui.common.controls.widgets import button, heading, label, tooltip, vertical
from desktop_app.ui.common.dialogs import close_row, within_screen

if TYPE_CHECKING:
    from desktop_app.core.batch.results.scoring import Scores

_TITLE = "Confusion matrix"


class AccuracyView(QWidget):
    """The figures; where only some folders are named after classes, a question first.

    Signals:
        trusted: The user says that the folders' names are the true classes.
    """

    trusted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._doubt = label(wrap=True)
        self._trust = button("Show accuracy for these folders")
        self._trust.setToolTip(tooltip("Choose this if the names of these folders are the true classes"))
        self._trust.clicked.connect(self.trusted)
        self._accuracy = heading(factor=2.2)
        self._basis = label(wrap=True)
        self._top = label(tone="muted", wrap=True)
        self._interval = label(tone="muted", wrap=True)
        self._interval.setToolTip(INTERVAL_SOURCE)
        self._balanced = label(tone="muted", wrap=True)
        self._outside = label(tone="muted", wrap=True)
        layout = vertical(self, spacing=4)
        layout.addWidget(heading("Accuracy", factor=1.1))
        about = (self._accuracy, self._basis, self._top, self._interval)
        self._figures = (*about, self._balanced, self._outside)
        for part in (*self._figures, self._doubt):
            layout.addWidget(part)
        layout.addWidget(self._trust, 0, Qt.AlignmentFlag.AlignLeft)

    def show_scores(self, scores: Scores, *, trusted: bool) -> None:
        """Show other figures.

        Args:
            scores: The figures.
            trusted: Whether the user said that the folders' names are the true classes.
        """
        ask = bool(scores.doubt) and not trusted
        self._doubt.setText(breakable(scores.doubt))
        self._doubt.setVisible(bool(scores.doubt))
        self._trust.setVisible(ask)
        for part in self._figures:
            part.setVisible(not ask)
        if ask:
            return
        low, high = wilson_interval(scores.correct, scores.pictures)
        self._accuracy.setText(percent(scores.accuracy))
        self._basis.setText(f"{scores.correct:,} of {scores.pictures:,} match their folder")
        self._top.setText(f"Top-{scores.top} accuracy: {percent(scores.top_accuracy)}")
        self._top.setVisible(scores.top > 1)
        self._interval.setText(f"likely between {percent(low)} and {percent(high)}")
        self._balanced.setText(f"Balanced accuracy: {percent(scores.confusion.balanced_accuracy)}")
        self._outside.setText(f"{scores.outside:,} not counted (no matching class)")
        self._outside.setVisible(scores.outside > 0)


class MistakesView(QWidget):
    """The confusion matrix, and below it the cell under the pointer or the most frequent mistake in words.

    With too many classes for a matrix there are only the words.

    Args:
        large: Whether it has enough room; else it has a button that enlarges it.
    """

    def __init__(self, *, large: bool = False) -> None:
        super().__init__()
        self._scores: Scores | None = None
        self._enlarge: QPushButton | None = None
        self._matrix = ConfusionView()
        self._matrix.cell_read.connect(self._read)
        self._matrix.cell_chosen.connect(lambda _cell: self._read(""))
        self._reading = label(tone="muted", wrap=True)
        layout = vertical(self, spacing=4)
        if not large:
            self._enlarge = button("Enlarge…", look="inline")
            self._enlarge.setAccessibleName("Enlarge the confusion matrix")
            self._enlarge.clicked.connect(self._on_enlarge_clicked)
            top = QHBoxLayout()
            top.addWidget(heading(_TITLE, factor=1.1, wrap=True), 1)
            top.addWidget(self._enlarge, 0, Qt.AlignmentFlag.AlignTop)
            layout.addLayout(top)
        layout.addWidget(self._matrix)
        layout.addWidget(self._reading)  # last: its height changes with the pointer
        layout.addStretch(1)

    def show_scores(self, scores: Scores) -> None:
        """Show other figures; an unchanged matrix stays as it is."""
        old, self._scores = self._scores, scores
        if old is not None and old.names == scores.names and old.confusion == scores.confusion:
            return
        self._matrix.show_matrix(scores.confusion, scores.names)
        if self._enlarge is not None:
            self._enlarge.setVisible(len(scores.names) <= DRAWN)
        self._read("")

    def _on_enlarge_clicked(self) -> None:
        if self._scores is not None:
            dialog = MistakesDialog(self._scores, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _read(self, words: str) -> None:
        if not words and self._matrix.chosen is not None:
            words = self._matrix.sentence(self._matrix.chosen)
        self._reading.setText(breakable(words or (self._scores.mistake if self._scores is not None else "")))


class MistakesDialog(QDialog):
    """The confusion matrix with more room."""

    def __init__(self, scores: Scores, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_TITLE)
        view = MistakesView(large=True)
        view.setObjectName("page")
        view.setContentsMargins(0, 0, 12, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(view)
        layout = vertical(self, spacing=12, margins=(16, 16, 4, 16))
        layout.addWidget(area, 1)
        bottom = close_row(self)
        bottom.setContentsMargins(0, 0, 12, 0)
        layout.addLayout(bottom)
        view.show_scores(scores)
        self.resize(within_screen(self, 800, min(view.sizeHint().height() + 96, 760)))
