"""Finds labels that are probably wrong and lets the user correct them; shows the corrections, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.foundation.text import counted
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, heading, horizontal, label, vertical
from desktop_app.ui.common.file_opening import open_file
from desktop_app.ui.training.labels.label_actions import LabelActions
from desktop_app.ui.training.labels.label_grid import LabelGrid
from desktop_app.ui.training.labels.label_item import LabelItem, item_of_mistake, items_of_decisions
from desktop_app.workers.training.corrections import BUSY

if TYPE_CHECKING:
    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.label_mistakes.mistake import LabelMistakes
    from desktop_app.ui.common.thumbnails import Thumbnails
    from desktop_app.workers.training.corrections import Corrections

FIRST = 24
"""Number of pictures until the user asks for all."""

_IDLE = "Compares all pictures with each other and lists those that look like another class."


class LabelView(QWidget):
    """A heading, a button that searches, and what it finds: first the search, then its list or the decisions.

    Signals:
        said: Sentence for the status bar, and whether it reports a failure.
    """

    said = Signal(str, bool)

    def __init__(self, corrections: Corrections, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._corrections = corrections
        self._report: DatasetReport | None = None
        self._found: LabelMistakes | None = None
        self._of_decisions = self._read_only = self._all_shown = False
        self._items: list[LabelItem] = []
        self._find = button("Find mislabeled pictures", "pictures")
        self._find.clicked.connect(corrections.search)
        self._switch = button("", look="inline")
        self._switch.clicked.connect(self._on_switched)
        self._words = label(_IDLE, tone="muted", wrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Finding mislabeled pictures")
        self._progress = ElidedLabel(muted=True)
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(corrections.cancel_search)
        self._searching = QWidget()
        self._grid = LabelGrid(thumbnails)
        self._more = button("")
        self._more.clicked.connect(self._on_more_clicked)
        self._actions = LabelActions()
        self._busy = label(BUSY, tone="muted", wrap=True)
        self._lay_out()
        self._grid.selection_changed.connect(self._show_chosen)
        self._grid.key_pressed.connect(self._actions.act)
        self._grid.opened.connect(self._on_opened)
        self._actions.decided.connect(corrections.decide)
        self._actions.clear_requested.connect(corrections.clear)
        self._actions.undo_requested.connect(corrections.undo)
        self._actions.redo_requested.connect(corrections.redo)
        corrections.search_started.connect(self._on_search_started)
        corrections.search_progressed.connect(self._show_progress)
        corrections.search_ended.connect(self._on_search_ended)
        corrections.search_failed.connect(self._on_search_failed)
        corrections.steps_changed.connect(self._on_steps_changed)

    def _lay_out(self) -> None:
        top = horizontal(spacing=8)
        top.addWidget(heading("Labels", factor=1.1))
        top.addWidget(self._switch)
        top.addStretch(1)
        top.addWidget(self._find)
        row = horizontal(spacing=16)
        row.addWidget(self._progress, 1)
        row.addWidget(self._cancel)
        inner = vertical(self._searching, spacing=8)
        inner.addWidget(self._bar)
        inner.addLayout(row)
        layout = vertical(self, spacing=8)
        layout.addLayout(top)
        for part in (self._words, self._searching, self._busy, self._actions, self._grid):
            layout.addWidget(part)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_report(self, report: DatasetReport) -> None:
        """Show another data set, or the same one with other corrections."""
        base, shown = report.uncorrected or report, self._report
        if shown is None or (shown.uncorrected or shown) is not base:
            self._found = None
            self._of_decisions = self._all_shown = False
            self._actions.show_steps("", "")
        self._report = report
        if self._of_decisions and not report.decisions and not report.lost:
            self._of_decisions = False
        self._refresh()

    def set_read_only(self, read_only: bool) -> None:
        """Let the lists be looked at but nothing be changed."""
        self._read_only = read_only
        self._actions.set_locked(read_only)
        self._refresh()

    # What the service reports

    def _on_search_started(self) -> None:
        self._of_decisions = False
        self._bar.setRange(0, 0)
        self._progress.setText("Looking at pictures")
        led = self._find.hasFocus()
        self._refresh()
        if led:
            self._cancel.setFocus()

    def _show_progress(self, progress: ScanProgress) -> None:
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done)
        of = f": {progress.done:,} of {progress.total:,}" if progress.total and progress.done else ""
        self._progress.setText(f"{progress.message}{of}")

    def _on_search_ended(self, found: LabelMistakes) -> None:
        led = self._cancel.hasFocus()
        self._found = found
        self._all_shown = False
        self._refresh()
        if led:
            (self._grid if self._items else self._find).setFocus()
        self.said.emit(found.sentence, False)

    def _on_search_failed(self, reason: Reason | None) -> None:
        led = self._cancel.hasFocus()
        self._refresh()
        if led:
            self._find.setFocus()
        if reason is not None:
            self.said.emit(reason.sentence, True)

    def _on_steps_changed(self, undo: str, redo: str) -> None:
        self._actions.show_steps(undo, redo)
        self._refresh()

    # What the user does

    def _on_switched(self) -> None:
        self._of_decisions = not self._of_decisions
        self._all_shown = False
        self._refresh()

    def _on_more_clicked(self) -> None:
        self._all_shown = True
        self._refresh()

    def _on_opened(self, item: LabelItem) -> None:
        failure = open_file(item.path)
        if failure:
            self.said.emit(failure, True)

    # The view

    def _refresh(self) -> None:
        report, searching = self._report, self._corrections.searching
        if report is None:
            return
        self._items = self._listed(report)
        shown = self._items if self._all_shown else self._items[:FIRST]
        name = "Your corrections" if self._of_decisions else "Pictures whose label may be wrong"
        self._grid.setAccessibleName(name)
        self._grid.show_items([] if searching else shown)
        led = self._grid.hasFocus()
        self._grid.setVisible(bool(shown) and not searching)
        self._more.setText(f"Show all {len(self._items):,}")
        self._more.setVisible(len(self._items) > len(shown) and not searching)
        self._searching.setVisible(searching)
        self._words.setText(self._sentence(report))
        self._words.setVisible(not searching)
        self._find.setText("Find again" if self._found else "Find mislabeled pictures")
        self._find.setEnabled(not searching and not self._read_only)
        self._switch.setText("Show suggestions" if self._of_decisions else _decided_words(report))
        self._switch.setVisible(not searching and bool(self._of_decisions or report.decisions or report.lost))
        self._show_chosen()
        if led and self._grid.isHidden():  # else the keyboard would go to whatever comes next in the window
            (self._cancel if searching else self._find).setFocus()

    def _show_chosen(self) -> None:
        classes = (self._report.uncorrected or self._report).class_names if self._report else ()
        chosen = self._grid.chosen
        self._actions.show_chosen(chosen, classes, of_decisions=self._of_decisions)
        idle = self._corrections.searching or not (
            self._items or self._of_decisions or self._actions.has_steps
        )
        self._actions.setVisible(not idle)
        self._busy.setVisible(self._read_only)

    def _listed(self, report: DatasetReport) -> list[LabelItem]:
        if self._of_decisions:
            return items_of_decisions(report, report.decisions)
        found = self._found.without(report.decisions).found if self._found is not None else ()
        return [item_of_mistake(mistake) for mistake in found]

    def _sentence(self, report: DatasetReport) -> str:
        if self._of_decisions:
            return f"{_decided(report)} The files stay where they are."
        if self._found is None:
            return _IDLE
        words = self._found.without(report.decisions).sentence
        if self._found.found and not self._items:
            words = "No more improbable labels."
        return f"{words} {self._found.limits}".strip()


def _decided(report: DatasetReport) -> str:
    """Such as "3 corrected, 1 kept.", and what is not applied."""
    kept = len(report.decisions) - report.corrected
    parts = [f"{report.corrected:,} corrected"] if report.corrected or not kept else []
    parts += [f"{kept:,} kept"] if kept else []
    return " ".join((f"{', '.join(parts)}.", *report.lost))


def _decided_words(report: DatasetReport) -> str:
    return f"Show {counted(report.corrected, 'correction')}" if report.corrected else "Show decisions"
