"""Filing pictures by label: the question, the work, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop_app.ui.batch.filing.filing_bar import FilingBar
from desktop_app.ui.batch.filing.filing_dialog import FilingDialog
from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.common.folders import show_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_app.core.batch.filing.filing import Filed, Plan
    from desktop_app.core.batch.filing.journals import LastFiling
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.foundation.errors import Reason
    from desktop_app.workers.batch.batch_service import BatchService

_DOING: dict[How, str] = {
    "copy": "Copying pictures",
    "move": "Moving pictures",
    "link": "Linking pictures",
}


class FilingFlow(QObject):
    """Asks the questions of filing, and shows its progress.

    Attributes:
        undo_bar: The bar at the foot of the page.

    Signals:
        said: A sentence for the status bar, and whether it reports a failure.
    """

    said = Signal(str, bool)

    def __init__(self, service: BatchService, parent: QWidget) -> None:
        super().__init__(parent)
        self._service = service
        self._window = parent
        self.undo_bar = FilingBar()
        self.undo_bar.cancel_requested.connect(service.cancel_filing)
        self.undo_bar.undo_requested.connect(self._on_undo_requested)
        self.undo_bar.giving_up_requested.connect(self._on_giving_up_requested)
        self.undo_bar.folder_requested.connect(lambda folder: self.said.emit(*show_folder(folder)))
        service.filing_progressed.connect(self.undo_bar.show_progress)
        service.filed.connect(self._on_filed)
        service.undo_available.connect(self.undo_bar.offer)
        service.failed.connect(self._on_failed)
        service.message.connect(self._on_message)
        service.job_opened.connect(self._on_job_changed)
        service.job_closed.connect(self._on_job_changed)

    def begin(self, numbers: Sequence[int] | None, how: How) -> None:
        """Ask how and where to file pictures of the open job, and then do it.

        Args:
            numbers: The numbers of the pictures; None means all.
            how: The initial choice.
        """
        opened = self._service.opened
        if opened is None:
            return
        dialog = FilingDialog(self._service, opened.spec, numbers, how, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(self._on_confirmed)
        dialog.open()

    def _on_confirmed(self, planned: Plan) -> None:
        self.undo_bar.show_work(_DOING[planned.how], len(planned.steps))
        self._service.carry_out(planned)

    def _on_undo_requested(self) -> None:
        self.undo_bar.show_work("Undoing")
        self._service.undo_filing()

    def _on_giving_up_requested(self, last: LastFiling) -> None:
        window, moot = self._window.window(), self._service.undo_available
        if confirm(window, "Leave what was filed", last.given_up, "Leave as it is", until=moot):
            self.undo_bar.show_result("")
            self._service.give_up_undo(last)

    def _on_filed(self, filed: Filed | None) -> None:
        if filed is not None:  # else a message has said why
            self.undo_bar.show_result(filed.sentence, filed.problems, filed.folder if filed.done else None)

    def _on_job_changed(self) -> None:
        """Forget the filing of the previous job once it has ended."""
        if not self.undo_bar.working:
            self.undo_bar.forget()

    def _on_failed(self, reason: Reason) -> None:
        self._on_message(reason.sentence, wanted=False)

    def _on_message(self, words: str, wanted: bool) -> None:
        """End the display of work that failed; other errors are reported elsewhere."""
        if self.undo_bar.working and not wanted and not self._service.filing:
            self.undo_bar.show_result(words)
