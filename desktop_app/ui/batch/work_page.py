"""The open job: its progress, its pictures, and its overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QWidget

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.job.rows import Status
from desktop_app.core.foundation.text import counted
from desktop_app.ui.batch.export_flow import ExportFlow
from desktop_app.ui.batch.filing.filing_flow import FilingFlow
from desktop_app.ui.batch.jobs.job_header import JobHeader
from desktop_app.ui.batch.overview.overview_panel import OverviewPanel
from desktop_app.ui.batch.table.empty_table import EmptyTable
from desktop_app.ui.batch.table.filter_row import FilterRow
from desktop_app.ui.batch.table.picture_actions import PictureActions
from desktop_app.ui.batch.table.picture_table import PictureTable
from desktop_app.ui.common.controls.elided_label import ElidedLabel
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QResizeEvent

    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.run.pace import Progress
    from desktop_app.core.batch.run.runner import Summary
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.batch.messages import JobOverview, JobView, OpenJob

_WIDE = 960
"""From this width on there is room for the overview beside the table."""


class WorkPage(QWidget):
    """Header, filters, table, overview; follows the service.

    Signals:
        classify_requested: The paths of pictures to show in the Classify pane.
        back_requested: The user wants to see the other jobs.
        said: A sentence for the status bar, and whether it reports a failure.
        similar_requested: The path of a picture, and that of the job with the pictures to compare.
    """

    classify_requested = Signal(object)
    back_requested = Signal()
    said = Signal(str, bool)
    similar_requested = Signal(object, object)

    def __init__(self, service: BatchService) -> None:
        super().__init__()
        self._service = service
        self._sort = Sort()
        self._total = 0
        self._overview: JobOverview | None = None
        self._summary: Summary | None = None
        self._beside, self._instead = True, False
        self._header = JobHeader()
        self._filters = FilterRow()
        self._count = ElidedLabel(muted=True)
        self._count.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clear = button("Clear filters", look="inline")
        self._file = button("Sort into folders…", "folder")
        self._file.setAccessibleName("Sort into folders")
        self._export = button("Export…", "export", tip="Write all results to a file")
        self._toggle = button("Overview", "panel")
        self._toggle.setCheckable(True)
        self._table = PictureTable(service)
        self._actions = PictureActions(self._table)
        self._empty = EmptyTable()
        self._panel = OverviewPanel()
        self._filing = FilingFlow(service, self)
        self._exporting = ExportFlow(service, self)
        self._lay_out()
        self._connect_widgets()
        self._connect_service()
        self.setFocusProxy(self._table)
        if service.opened is not None:
            self._on_job_opened(service.opened)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the overview beside the table, or in its place if there is no room."""
        super().resizeEvent(event)
        self._arrange()

    # Construction

    def _lay_out(self) -> None:
        above = horizontal(spacing=8)
        above.addWidget(self._count, 1)
        above.addWidget(self._clear)
        for each in (self._file, self._export, self._toggle):
            above.addWidget(each)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._table)
        self._stack.addWidget(self._empty)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self._stack)
        self._splitter.addWidget(self._panel)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([700, 280])
        layout = vertical(self, spacing=8)
        layout.addWidget(self._header)
        layout.addWidget(self._filters)
        layout.addLayout(above)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self._filing.undo_bar)

    def _connect_widgets(self) -> None:
        header, service = self._header, self._service
        header.back_requested.connect(self.back_requested)
        header.pause_requested.connect(lambda hold: service.pause() if hold else service.unpause())
        header.cancel_requested.connect(service.cancel)
        header.resume_requested.connect(service.resume)
        self._filters.changed.connect(self._on_filter_changed)
        self._clear.clicked.connect(self._filters.clear)
        self._empty.clear_requested.connect(self._filters.clear)
        self._file.clicked.connect(self._file_shown)
        self._export.clicked.connect(self._exporting.begin)
        self._toggle.toggled.connect(self._on_toggled)
        self._table.sort_requested.connect(self._on_sort_requested)
        self._table.view_wanted.connect(self._ask)
        self._table.selection_told.connect(self._show_count)
        self._actions.classify_requested.connect(self.classify_requested)
        self._actions.filing_requested.connect(lambda how: self._begin_filing(self._table.selected(), how))
        self._actions.export_requested.connect(self._exporting.begin)
        self._actions.similar_requested.connect(self._on_similar_requested)
        self._actions.said.connect(self.said)
        self._filing.said.connect(self.said)
        self._panel.label_chosen.connect(self._on_label_chosen)

    def _connect_service(self) -> None:
        service = self._service
        service.job_opened.connect(self._on_job_opened)
        service.job_closed.connect(self._on_job_closed)
        service.running_changed.connect(self._on_running_changed)
        service.model_loading.connect(self._header.show_loading)
        service.answering.connect(self._header.show_answering)
        service.progressed.connect(self._on_progressed)
        service.ended.connect(self._on_ended)
        service.rows_changed.connect(self._ask)
        service.view_ready.connect(self._on_view_ready)
        service.overview_ready.connect(self._on_overview_ready)
        service.jobs_changed.connect(self._show_rest)

    # Requests of the user

    def _ask(self) -> None:
        self._service.ask_view(self._filters.filter, self._sort)

    def _on_filter_changed(self, wanted: RowFilter) -> None:
        self._panel.show_chosen(wanted.label if wanted.kind is None else wanted.kind)
        self._table.show_answers(shown=wanted.status in {None, Status.DONE})
        self._ask()
        self._show_count()

    def _on_label_chosen(self, place: int | str | None) -> None:
        """Filter, and show the table if the overview is in its place."""
        self._filters.choose_label(place)
        if place is not None and not self._is_wide:
            self._toggle.setChecked(False)
            self._table.setFocus()

    def _on_sort_requested(self, sort: Sort) -> None:
        if sort != self._sort:  # Qt says some of them twice
            self._sort = sort
            self._ask()

    def _on_similar_requested(self, picture: Path) -> None:
        if self._service.opened is not None:
            self.similar_requested.emit(picture, self._service.opened.path)

    def _file_shown(self) -> None:
        """File the selected pictures; a single one may be selected by chance, so then all that are shown."""
        numbers = self._table.selected()
        self._begin_filing(numbers if len(numbers) > 1 else self._table.numbers, "copy")

    def _begin_filing(self, numbers: NDArray[np.int64], how: How) -> None:
        everything = len(numbers) == self._table.shown and self._filters.filter == RowFilter()
        self._filing.begin(None if everything else numbers.tolist(), how)

    def _on_toggled(self, checked: bool) -> None:
        if self._is_wide:
            self._beside = checked
        else:
            self._instead = checked
        self._arrange()

    @property
    def _is_wide(self) -> bool:
        return self.width() >= _WIDE

    def _arrange(self) -> None:
        wanted = self._beside if self._is_wide else self._instead
        self._file.setText("Sort into folders…" if self._is_wide else "Sort…")
        if self._toggle.isChecked() != wanted:
            self._toggle.setChecked(wanted)
            return
        self._toggle.setText("Hide overview" if wanted else "Overview")
        self._panel.setVisible(wanted)
        self._stack.setVisible(self._is_wide or not wanted)

    # Reports of the service

    def _on_job_opened(self, job: OpenJob) -> None:
        self._overview = self._summary = None
        self._total = 0
        self._sort = Sort()
        self._header.show_job(job)
        self._header.show_running(running=self._service.running, paused=self._service.paused)
        self._filters.begin([entry.readable for entry in job.spec.classes], job.spec.task)
        self._actions.show_task(job.spec.task)
        self._actions.forget()
        self._table.show_job(job.spec)
        self._table.show_answers(shown=True)
        self._panel.clear()
        self._show_count()
        self._ask()

    def _on_job_closed(self) -> None:
        self._overview = self._summary = None
        self._actions.forget()
        self._table.show_job(None)
        self._panel.clear()

    def _on_running_changed(self, running: bool) -> None:
        if running:
            self._summary = None
        self._header.show_running(running=running, paused=self._service.paused)
        self._show_rest()
        self._show_count()

    def _on_progressed(self, progress: Progress) -> None:
        self._header.show_progress(progress)

    def _on_ended(self, summary: Summary) -> None:
        self._summary = summary
        if summary.finished and self.isVisible():  # the bar disappearing alone says little
            self.said.emit(f"Finished: {summary.sentence}", False)

    def _on_view_ready(self, view: JobView) -> None:
        if (view.filter, view.sort) == (self._filters.filter, self._sort):
            self._table.show_view(view)
            self._show_count()

    def _on_overview_ready(self, overview: JobOverview) -> None:
        job = self._service.opened
        if job is None:
            return
        self._overview = overview
        self._total = overview.counts.total
        self._panel.show_overview(job.spec, overview)
        kinds = tuple(entry for entry in overview.groups if isinstance(entry[0], str))
        self._filters.show_labels(kinds + overview.labels)
        self._show_rest()
        self._show_count()

    def _show_rest(self) -> None:
        """Show the counts of the job when it is not running."""
        job, overview = self._service.opened, self._overview
        if job is None or overview is None or self._service.running:
            return
        states = [entry.state for entry in self._service.jobs if entry.path == job.path]
        finished = self._summary.finished if self._summary is not None else states == ["finished"]
        resumable = states != ["running"]
        self._header.show_rest(overview.counts, finished=finished, resumable=resumable, summary=self._summary)

    def _show_count(self) -> None:
        """Show how many pictures the table has and how many are selected."""
        shown, wanted = self._table.shown, self._filters.filter
        filtered = wanted != RowFilter()
        total = max(self._total, shown)
        every = counted(total, "picture") if self._is_wide or not filtered else f"{total:,}"
        words = f"{shown:,} of {every}" if filtered else every
        selected = len(self._table.selected())
        self._count.setText(f"{words} · {selected:,} selected" if selected > 1 else words)
        self._clear.setVisible(filtered and shown > 0)  # an empty table has a button of its own
        whose = f"the {selected:,} selected pictures" if selected > 1 else "all shown pictures"
        task = self._service.opened.spec.task if self._service.opened is not None else "classification"
        ways = "Copy or link" if task == "multi-label" else "Copy, move or link"
        self._file.setToolTip(f"{ways} {whose} into a folder for each label")
        if task == "regression":
            self._file.setToolTip(
                "The model estimates amounts, not labels: sort the table by the number instead"
            )
        self._file.setEnabled(total > 0 and task != "regression")
        self._export.setEnabled(total > 0)
        self._stack.setCurrentWidget(self._table if shown else self._empty)
        if not shown:
            self._empty.show_reason(filtered=filtered, running=self._service.running)
