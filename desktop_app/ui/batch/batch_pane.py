"""The Batch pane: a whole folder, classified as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from desktop_app.core.images.sources import FileSource
from desktop_app.ui.batch.start_page import StartPage
from desktop_app.ui.batch.trouble_bar import TroubleBar
from desktop_app.ui.batch.work_page import WorkPage
from desktop_app.ui.common.controls.widgets import vertical
from desktop_app.ui.common.dialogs import confirm
from desktop_app.ui.common.dropping.drop_pane import DropPane
from desktop_app.ui.common.files.file_dialog import FileDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QShowEvent

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.images.sources import Source
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.batch.messages import JobEntry
    from desktop_app.workers.classify.messages import ModelEntry
    from desktop_app.workers.library.library import LibraryService

_FILTERS = "All files (*)"


class BatchPane(DropPane):
    """Shows either how to start or the open job; a drop starts a job at once.

    Signals:
        classify_requested: The paths of pictures to show in the Classify pane.
        download_requested: The id of the published model to download.
        said: A sentence for the status bar, and whether it reports a failure.
        similar_requested: The path of a picture, and that of the job with the pictures to compare.
    """

    classify_requested = Signal(object)
    download_requested = Signal(str)
    said = Signal(str, bool)
    similar_requested = Signal(object, object)

    def __init__(self, service: BatchService, models: LibraryService, model_id: str = "") -> None:
        super().__init__("Drop to classify everything")
        self._service = service
        self._models = models
        self._current = model_id
        self._chosen = ""
        self._resuming: Path | None = None
        self._postponed: Sequence[Path] = ()
        self._start = StartPage()
        self._work = WorkPage(service)
        self._trouble = TroubleBar()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._start)
        self._stack.addWidget(self._work)
        layout = vertical(self, spacing=8, margins=(16, 16, 16, 16))
        layout.addWidget(self._trouble)
        layout.addWidget(self._stack, 1)
        self._connect_widgets()
        self._connect_services()
        self._on_models_changed(models.models())
        self._start.show_jobs(service.jobs)
        self._turn_to(work=service.opened is not None)

    def show_current(self, model_id: str) -> None:
        """Propose the model in use elsewhere, until the user chooses one here."""
        self._current = model_id
        self._show_model()

    def begin(self, paths: Sequence[Path]) -> None:
        """Classify files and folders as a new job; at the start of the app, once the models are known."""
        self._trouble.hide()
        self._postponed = () if self._models.models() else paths
        if not self._postponed:
            self._service.begin(paths, self._model_id())

    def choose_folder(self) -> None:
        """Ask for a folder, and begin."""
        chosen = FileDialog.open_folder(self, "Classify a folder of pictures")
        if chosen:
            self.begin([Path(chosen)])

    def choose_pictures(self) -> None:
        """Ask for files, and begin."""
        chosen, _ = FileDialog.open_files(self, "Classify pictures", "", _FILTERS)
        if chosen:
            self.begin([Path(name) for name in chosen])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the table, or to the list of jobs."""
        super().focusInEvent(event)
        self._lead_keyboard()

    def showEvent(self, event: QShowEvent) -> None:
        """List the jobs again: the command line may have worked on one meanwhile."""
        super().showEvent(event)
        self._service.refresh_jobs()

    def _connect_widgets(self) -> None:
        self.sources_arrived.connect(self._on_sources_arrived)
        self.refused.connect(lambda sentence: self.said.emit(sentence, True))
        invitation, jobs = self._start.invitation, self._start.jobs
        invitation.folder_requested.connect(self.choose_folder)
        invitation.pictures_requested.connect(self.choose_pictures)
        invitation.picker.model_chosen.connect(self._on_model_chosen)
        invitation.picker.missing_chosen.connect(self.download_requested)
        jobs.open_requested.connect(self._open)
        jobs.resume_requested.connect(self._resume)
        jobs.remove_requested.connect(self._remove)
        self._work.back_requested.connect(lambda: self._turn_to(work=False))
        self._work.classify_requested.connect(self.classify_requested)
        self._work.said.connect(self.said)
        self._work.similar_requested.connect(self.similar_requested)

    def _connect_services(self) -> None:
        service = self._service
        service.jobs_changed.connect(self._start.show_jobs)
        service.job_opened.connect(self._on_job_opened)
        service.job_closed.connect(lambda: self._turn_to(work=False))
        service.failed.connect(self._on_failed)
        self._models.models_changed.connect(self._on_models_changed)

    # Requests of the user

    def _on_sources_arrived(self, sources: Sequence[Source]) -> None:
        paths = [source.path for source in sources if isinstance(source, FileSource)]
        if paths:
            self.begin(paths)
        else:
            self.said.emit("Batch is for folders and files on this computer; Classify takes the rest.", True)

    def _on_model_chosen(self, model_id: str) -> None:
        self._chosen = model_id

    def _open(self, path: Path) -> None:
        self._trouble.hide()
        opened = self._service.opened
        if opened is not None and opened.path == path:
            self._turn_to(work=True)
        else:
            self._service.open(path)

    def _resume(self, path: Path) -> None:
        self._trouble.hide()
        opened = self._service.opened
        if opened is not None and opened.path == path:
            self._turn_to(work=True)
            self._service.resume()
        else:
            self._resuming = path
            self._service.open(path)

    def _remove(self, entry: JobEntry) -> None:
        question = (
            f"The results for {entry.name} will be deleted, and what was filed from them can no longer "
            "be undone. The pictures themselves stay where they are."
        )
        if confirm(self.window(), "Delete a batch", question, "Delete"):
            self._service.remove(entry.path)

    # Reports of the services

    def _on_job_opened(self) -> None:
        opened = self._service.opened
        resuming, self._resuming = self._resuming, None
        if opened is not None:
            self._start.jobs.choose(opened.path)
        self._turn_to(work=True)
        if opened is not None and opened.path == resuming and not self._service.running:
            self._service.resume()

    def _on_failed(self, reason: Reason) -> None:
        self._resuming = None
        self._trouble.show_trouble(reason)

    def _on_models_changed(self, entries: Sequence[ModelEntry]) -> None:
        self._start.invitation.picker.show_entries(entries)
        if self._chosen not in {entry.model_id for entry in entries if not entry.problem}:
            self._chosen = ""
        self._show_model()
        if self._postponed and entries:
            self.begin(self._postponed)

    def _show_model(self) -> None:
        self._start.invitation.picker.show_current(self._model_id())

    def _model_id(self) -> str:
        """The model to use: the one chosen here, else that of the Classify pane, else the first."""
        if self._chosen or self._current:
            return self._chosen or self._current
        usable = (entry.model_id for entry in self._models.models() if not entry.problem)
        return next(usable, "")

    def _turn_to(self, *, work: bool) -> None:
        page = self._work if work else self._start
        keyboard = self.focusWidget()
        self._stack.setCurrentWidget(page)
        if keyboard is not None and not page.isAncestorOf(keyboard):
            self._lead_keyboard()

    def _lead_keyboard(self) -> None:
        """Move the focus to the table, or to the list of jobs."""
        if self._stack.currentWidget() is self._work:
            self._work.setFocus()
        elif self._start.jobs.isVisible():
            self._start.jobs.setFocus()
