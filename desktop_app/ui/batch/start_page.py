"""The Batch pane while no job is open: how to start one, and the earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.ui.batch.jobs.job_invitation import JobInvitation
from desktop_app.ui.batch.jobs.job_list import JobList
from desktop_app.ui.common.controls.widgets import vertical

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.workers.batch.messages import JobEntry


class StartPage(QWidget):
    """The invitation above the list; no list while there is no earlier job."""

    def __init__(self) -> None:
        super().__init__()
        self.invitation = JobInvitation()
        self.jobs = JobList()
        self.jobs.hide()
        layout = vertical(self, spacing=16)
        layout.addWidget(self.invitation, 3)
        layout.addWidget(self.jobs, 2)

    def show_jobs(self, entries: Sequence[JobEntry]) -> None:
        """Show the jobs."""
        self.jobs.show_jobs(entries)
        self.jobs.setVisible(bool(entries))
