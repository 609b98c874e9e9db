"""The report on a checked data set: classes, warnings, files, and its split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.core.foundation.text import breakable, counted, pixel_size, printable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, label, scale_font, tooltip, vertical
from desktop_app.ui.common.file_opening import open_file
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.training.data.class_table import ClassTable
from desktop_app.ui.training.data.number_scale import NumberScale
from desktop_app.ui.training.data.problem_view import ProblemView
from desktop_app.ui.training.data.split_settings import SplitSettings
from desktop_app.ui.training.data.warning_list import WarningList
from desktop_app.ui.training.labels.label_view import LabelView
from desktop_app.ui.training.questions.decision_list import DecisionList
from desktop_app.ui.training.questions.open_questions import OpenQuestions

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.workers.training.corrections import Corrections


_LONG_WORD = 24
_MOST_KINDS = 3
_MODES = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey with transparency",
    "P": "palette",
    "PA": "palette with transparency",
    "RGBA": "RGB with transparency",
    "I;16": "grey, 16 bits",
    "I": "grey, 32 bits",
    "F": "grey, floating point",
}
"""Colour modes of Pillow in words, where their names say little."""


class ReportView(QWidget):
    """Everything about a checked data set.

    Signals:
        folder_requested: The user wants another folder.
        archive_requested: The user wants an archive instead.
        next_requested: The user wants to go to the next step.
        said: Sentence for the status bar, and whether it reports a failure.
        similar_requested: Path of a picture whose like the user wants to see.
        chosen: The `Choice` that answers an open question.
        answered: The `Answers` with what the user decided without being asked.
        change_requested: The `Answers` without a decision that the user wants to change.
        forget_requested: The user wants to take up all decisions again.
    """

    folder_requested = Signal()
    archive_requested = Signal()
    next_requested = Signal()
    said = Signal(str, bool)
    similar_requested = Signal(object)
    chosen = Signal(object)
    answered = Signal(object)
    change_requested = Signal(object)
    forget_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, corrections: Corrections) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._read_only = False
        self._open: Question | None = None
        self._place = ElidedLabel(muted=True, mode=Qt.TextElideMode.ElideMiddle)
        self._sentence = label(wrap=True)
        self._facts = label(tone="muted", wrap=True)
        scale_font(self._facts, 0.9)
        self._decisions = DecisionList()
        self._decisions.change_requested.connect(self.change_requested)
        self._decisions.forget_requested.connect(self.forget_requested)
        self._questions = OpenQuestions(thumbnails)
        self._questions.chosen.connect(self.chosen)
        self._numbers = NumberScale()
        self._numbers.chosen.connect(self.answered)
        self._warnings = WarningList()
        self._classes = ClassTable(thumbnails)
        self._classes.picture_opened.connect(self._on_picture_opened)
        self._classes.similar_requested.connect(self.similar_requested)
        self._problems = ProblemView()
        self._problems.said.connect(self.said)
        self._problems.similar_requested.connect(self.similar_requested)
        self._labels = LabelView(corrections, thumbnails)
        self._labels.said.connect(self.said)
        self.split = SplitSettings()
        self.split.split_changed.connect(self._show_next)
        self._other = button("Choose other data…", "folder")
        self._other.clicked.connect(self._on_other_clicked)
        self._menu = QMenu(self)
        for text, icon, signal in (
            ("Folder…", "folder", self.folder_requested),
            ("Archive…", "archive", self.archive_requested),
        ):
            action = self._menu.addAction(text)
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, signal=signal: signal.emit())
        self._next = button("Choose a model", look="primary")
        self._next.clicked.connect(self._on_next_clicked)

        words = vertical(spacing=4)
        for part in (self._place, self._sentence, self._facts):
            words.addWidget(part)
        top = horizontal(spacing=16)
        top.addLayout(words, 1)
        top.addWidget(self._other, 0, Qt.AlignmentFlag.AlignTop)
        layout = vertical(self, spacing=16)
        layout.addLayout(top)
        for view in (
            self._decisions,
            self._questions,
            self._numbers,
            self._warnings,
            self._classes,
            self._problems,
            self._labels,
            self.split,
        ):
            layout.addWidget(view)
        layout.addWidget(self._next, 0, Qt.AlignmentFlag.AlignRight)
        layout.addStretch(1)

    def show_report(self, report: DatasetReport) -> None:
        """Show a data set."""
        self._thumbnails.reading = report.reading
        self._place.setText(printable(str(report.source)))
        self._sentence.setText(report.sentence if _is_short(report.sentence) else breakable(report.sentence))
        self._facts.setText(_facts(report))
        self._facts.setToolTip(tooltip("\n".join(_kinds(report))))
        self._open = report.required_question
        asked = {question.key for question in report.questions}
        self._decisions.show_answers(report.answers, asked, report.given)
        self._questions.show_questions(report.questions)
        self._numbers.show_report(report)
        standing = {question.standing for question in report.questions}
        remarks = [sentence for sentence in report.remarks if sentence not in standing]
        self._warnings.show_sentences(remarks, report.facts)
        self._classes.show_report(report)
        self._problems.show_report(report)
        self._labels.show_report(report)
        # Wrong labels are only looked for where each picture has one class.
        self._labels.setVisible(report.combinations is None or bool(report.decisions))
        self.split.show_report(report)
        self._show_next()

    def set_split(self, validation: float, test: float) -> None:
        """Split the data by these fractions, 0..1, without emitting `split_changed`."""
        self.split.set_split(validation, test)
        self._show_next()

    @property
    def problem(self) -> str:
        """Why nothing can be trained on the data as they stand, as a sentence; empty when it can."""
        return f"Answer this first: {self._open.text}" if self._open is not None else self.split.problem

    def lead_keyboard(self) -> None:
        """Put the keyboard where the next step is."""
        if self._open is not None:
            self._questions.lead_keyboard()
        else:
            self._next.setFocus()

    def set_read_only(self, read_only: bool) -> None:
        """Let a data set be looked at but not changed."""
        self._read_only = read_only
        for part in (self._other, self._decisions, self._questions, self._numbers, self.split):
            part.setEnabled(not read_only)
        self._labels.set_read_only(read_only)
        self._show_next()

    def _show_next(self) -> None:
        self._next.setEnabled(not self._read_only and not self.split.problem)

    def _on_next_clicked(self) -> None:
        """Lead to the next step, or to the question that must be answered first."""
        if self._open is not None:
            self._questions.lead_keyboard()
            self.said.emit(self.problem, True)
        else:
            self.next_requested.emit()

    def _on_picture_opened(self, path: Path) -> None:
        failure = open_file(path)
        if failure:
            self.said.emit(failure, True)

    def _on_other_clicked(self) -> None:
        self._menu.popup(self._other.mapToGlobal(self._other.rect().bottomLeft()))


def _facts(report: DatasetReport) -> str:
    if report.smallest == report.largest:
        sizes = f"All {pixel_size(*report.largest)} pixels"
    else:
        sizes = (
            f"{pixel_size(*report.smallest)} to {pixel_size(*report.largest)} pixels, "
            f"typically {pixel_size(*report.median)}"
        )
    kinds = _kinds(report)
    if len(kinds) > _MOST_KINDS + 1:
        kinds = [*kinds[:_MOST_KINDS], f"{len(kinds) - _MOST_KINDS} other kinds"]
    return "; ".join((sizes, *kinds))


def _kinds(report: DatasetReport) -> list[str]:
    """Formats and colour modes, the commonest first."""
    return [_kind(count, *kind.split(" ", 1)) for kind, count in report.modes.items()]


def _kind(count: int, form: str, mode: str = "") -> str:
    """Such as "800 JPEG pictures, RGB"."""
    words = _MODES.get(mode, mode)
    return f"{counted(count, f'{form} picture')}{', ' if words else ''}{words}"


def _is_short(text: str) -> bool:
    """Whether no word needs to be broken."""
    return all(len(word) <= _LONG_WORD for word in text.split())
