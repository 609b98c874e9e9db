"""The summary of a job, beside its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QWidget

from desktop_app.core.batch.job.database import NO_LABEL_GIVEN
from desktop_app.core.foundation.text import breakable, counted
from desktop_app.core.networks.outputs import OUTPUT_NOUNS
from desktop_app.ui.batch.jobs.problem_dialog import ProblemDialog
from desktop_app.ui.batch.overview.accuracy_view import AccuracyView, MistakesView
from desktop_app.ui.batch.overview.label_chart import LabelChart
from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.widgets import button, heading, label, tooltip, vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.batch.job.reader import Counts, FolderProblem
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.batch.messages import JobOverview

_NARROWEST = 232
_WIDTH = 320


class OverviewPanel(QScrollArea):
    """Shows counts, accuracy where it is known, the chart of labels, and the confusion matrix.

    Signals:
        label_chosen: The index of the class, or the name of the kind, whose pictures to show; None for all
            again.
    """

    label_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._spec: JobSpec | None = None
        self._names: tuple[str, ...] = ()
        self._problems: Sequence[FolderProblem] = ()
        self._counts = _CountsView()
        self._counts.problems_requested.connect(self._on_problems_requested)
        self._trusted = False
        self._accuracy = AccuracyView()
        self._accuracy.trusted.connect(self._on_trusted)
        self._used = label(tone="muted")
        self._by_kind = CheckBox("By kind")
        self._by_kind.setToolTip(tooltip("Count the pictures of all cats together, for example"))
        self._by_kind.toggled.connect(self._show_labels)
        self._overview: JobOverview | None = None
        self._chart = LabelChart()
        self._chart.label_chosen.connect(self.label_chosen)
        self._chart.current_moved.connect(self._follow)
        self._chart.folding_changed.connect(self._offer_folding)
        self._fold = button("Show fewer labels", look="inline")
        self._fold.clicked.connect(lambda: self._chart.show_all(unfolded=self._chart.folded > 0))
        self._mistakes = MistakesView()
        self._labels = self._make_labels()
        self._page = QWidget()
        self._page.setObjectName("page")
        layout = vertical(self._page, spacing=20, margins=(12, 0, 12, 16))
        for part in (self._counts, self._accuracy, self._labels, self._mistakes):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(self._page)
        self.clear()

    def minimumSizeHint(self) -> QSize:
        """The narrowest width in which names can be told apart."""
        return QSize(_NARROWEST, 120)

    def sizeHint(self) -> QSize:
        """Room for names, numbers and percentages."""
        return QSize(_WIDTH, 480)

    def clear(self) -> None:
        """Show nothing: there is no job."""
        self._spec = self._overview = None
        self._trusted = False
        self._problems = ()
        self._chart.show_chosen(None)
        self._chart.show_all(unfolded=False)
        self._page.hide()

    def show_overview(self, spec: JobSpec, overview: JobOverview) -> None:
        """Show a job, or its new state; the chosen label stays chosen while it is the same job."""
        if spec is not self._spec and spec != self._spec:
            self.clear()
            self._names = tuple(entry.readable for entry in spec.classes)
        self._spec = spec
        self._problems = overview.problems
        self._counts.show_counts(overview.counts, len(overview.problems))
        self._counts.show_left_out(overview.left_out)
        self._counts.show_computed(overview.computed)
        self._counts.show_remarks(overview.remarks)
        self._overview = overview
        self._by_kind.setVisible(bool(overview.groups))
        self._show_labels()
        self._labels.setVisible(bool(overview.labels))
        self._show_scores()
        self._offer_folding()
        self._page.show()

    def show_chosen(self, place: int | str | None) -> None:
        """Mark the label or kind whose pictures the table shows, however it was chosen."""
        self._chart.show_chosen(place)

    def _make_labels(self) -> QWidget:
        result = QWidget()
        top = QHBoxLayout()
        top.addWidget(heading("Labels", factor=1.1), 1)
        top.addWidget(self._used, 0, Qt.AlignmentFlag.AlignBottom)
        layout = vertical(result, spacing=4)
        layout.addLayout(top)
        layout.addWidget(self._by_kind)
        layout.addWidget(self._chart)
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        return result

    def _show_labels(self) -> None:
        """Show how often each label was given, or each kind."""
        if self._overview is None:
            return
        labels = self._overview.labels
        by_kind = self._by_kind.isChecked() and bool(self._overview.groups)
        several = self._spec is not None and self._spec.task == "multi-label"
        pictures = self._overview.counts.done if several else None
        self._chart.show_labels(self._overview.groups if by_kind else labels, self._names, pictures)
        many, used = len(self._names), sum(place != NO_LABEL_GIVEN for place, _count in labels)
        nouns = OUTPUT_NOUNS["multi-label" if several else "classification"]
        self._used.setText(f"{used:,} of {counted(many, *nouns)}")

    def _show_scores(self) -> None:
        scores = self._overview.scores if self._overview is not None else None
        self._accuracy.setVisible(scores is not None)
        self._mistakes.setVisible(scores is not None and (self._trusted or not scores.doubt))
        if scores is not None:
            self._accuracy.show_scores(scores, trusted=self._trusted)
            self._mistakes.show_scores(scores)

    def _on_trusted(self) -> None:
        self._trusted = True
        self._show_scores()

    def _offer_folding(self) -> None:
        folded = self._chart.folded
        self._fold.setText(f"Show all {folded:,} labels" if folded else "Show fewer labels")
        self._fold.setVisible(bool(folded) or self._chart.unfolded)

    def _follow(self, place: QRect) -> None:
        """Keep the current bar in sight."""
        middle = self._chart.mapTo(self._page, place.center())
        self.ensureVisible(middle.x(), middle.y(), 0, place.height())

    def _on_problems_requested(self) -> None:
        count = len(self._problems)
        sentence = "No pictures in this folder." if count == 1 else f"No pictures in these {count:,} folders."
        dialog = ProblemDialog("Folders without pictures", sentence, self._problems, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class _CountsView(QWidget):
    """The number of pictures, in all and by status."""

    problems_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._all = heading(factor=1.3)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._values = {}
        for row, word in enumerate(("Done", "Can't open", "Waiting")):
            pair = (label(word, tone="muted"), label(tone="warning" if word == "Can't open" else ""))
            for column, part in enumerate(pair):
                self._grid.addWidget(part, row, column)
            pair[1].setAlignment(Qt.AlignmentFlag.AlignRight)
            self._values[word] = pair
        self._folders = button("Folders without pictures…", look="inline")
        self._folders.clicked.connect(self.problems_requested)
        self._left_out = label(tone="muted", wrap=True)
        self._computed = label(tone="muted", wrap=True)
        self._remarks = label(wrap=True)
        layout = vertical(self, spacing=4)
        layout.addWidget(self._all)
        layout.addLayout(self._grid)
        layout.addWidget(self._remarks)
        layout.addWidget(self._left_out)
        layout.addWidget(self._computed)
        layout.addWidget(self._folders, 0, Qt.AlignmentFlag.AlignLeft)

    def show_counts(self, counts: Counts, folders: int) -> None:
        """Show the counts of the job, and the number of folders without pictures."""
        self._all.setText(counted(counts.total, "picture"))
        waiting = counts.total - counts.done - counts.failed
        figures = {"Done": counts.done, "Can't open": counts.failed, "Waiting": waiting}
        for word, value in figures.items():
            self._values[word][1].setText(f"{value:,}")
            for part in self._values[word]:
                part.setVisible(bool(value) or word == "Done")
        self._folders.setText(f"{folders:,} folder{'' if folders == 1 else 's'} without pictures…")
        self._folders.setVisible(folders > 0)

    def show_remarks(self, remarks: Sequence[str]) -> None:
        """Show what amounts are, or why there is no accuracy."""
        self._remarks.setText(breakable("\n".join(remarks)))
        self._remarks.setVisible(bool(remarks))

    def show_computed(self, sentence: str) -> None:
        """Show which engines computed the job, where there are several."""
        self._computed.setText(breakable(sentence))
        self._computed.setVisible(bool(sentence))

    def show_left_out(self, reason: Reason | None) -> None:
        """Show which other files there are, and what to do about them."""
        self._left_out.setText(breakable(reason.sentence) if reason is not None else "")
        self._left_out.setVisible(reason is not None)
