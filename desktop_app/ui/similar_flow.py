"""The dialogs that compare pictures, for the panes that ask for them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from desktop_app.workers.library.library import LibraryService
    from desktop_app.workers.similar.similar_service import SimilarService


class SimilarFlow(QObject):
    """Opens one dialog at a time, each over the window.

    Signals:
        classify_requested: The paths of pictures to show in the Classify pane.
        data_created: The folder of a data set that the user has made.
        said: A sentence for the status bar, and whether it reports a failure.
    """

    classify_requested = Signal(object)
    data_created = Signal(object)
    said = Signal(str, bool)

    def __init__(self, service: SimilarService, library: LibraryService, window: QWidget) -> None:
        super().__init__(window)
        self._service = service
        self._library = library
        self._window = window

    def show_in_job(self, picture: Path, job: Path) -> None:
        """Show the pictures of a batch job by their likeness to one."""
        self._show(picture, partial(_in_job, self._service, job))

    def show(self, picture: Path, paths: Sequence[Path]) -> None:
        """Show pictures by their likeness to one."""
        self._show(picture, partial(_among, self._service, paths))

    def sort(self, folder: Path) -> None:
        """Sort an unsorted folder into classes."""
        from desktop_app.ui.sorting.sorting_dialog import SortingDialog

        dialog = SortingDialog(self._service, folder, self._window)
        dialog.data_created.connect(self.data_created)
        dialog.said.connect(self.said)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show(self, picture: Path, ask: Callable[[Path], object]) -> None:
        from desktop_app.ui.similar.similar_dialog import SimilarDialog

        models = [
            (entry.model_id, entry.name)
            for entry in self._library.models()
            if entry.card is not None and entry.card.task == "embedding" and not entry.problem
        ]
        dialog = SimilarDialog(self._service, ask, picture, models, self._window)
        dialog.classify_requested.connect(self.classify_requested)
        dialog.said.connect(self.said)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _in_job(service: SimilarService, job: Path, picture: Path) -> None:
    service.find_similar_in_job(picture, job)


def _among(service: SimilarService, paths: Sequence[Path], picture: Path) -> None:
    service.find_similar(picture, paths)
