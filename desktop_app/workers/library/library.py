"""The models of the library, as the window uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID
from desktop_app.workers.library.library_worker import (
    DownloadRequest,
    DownloadWorker,
    ExportRequest,
    ImportRequest,
    ImportVgg19Request,
    LibraryWorker,
    connecting,
)
from desktop_app.workers.threads.thread import WorkerThread, stop_all

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.store import Library
    from desktop_app.workers.classify.messages import ModelEntry


class LibraryService(QObject):
    """Lists, downloads, imports, exports and removes models; lives in the GUI thread.

    Downloads have a thread of their own, so that the library stays usable for their minutes.
    """

    models_changed = Signal(object)
    transfer_progressed = Signal(object)
    transfer_ended = Signal(str, str, bool)
    operation_ended = Signal(str, bool)
    labels_needed = Signal(object)
    wrong_checksum = Signal(object, str)
    undo_available = Signal(str)
    model_forgotten = Signal(str)

    _refresh_requested = Signal()
    _download_requested = Signal(object)
    _import_requested = Signal(object)
    _import_vgg19_requested = Signal(object)
    _export_requested = Signal(object)
    _remove_requested = Signal(str)
    _undo_requested = Signal()
    _empty_requested = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models: tuple[ModelEntry, ...] = ()
        self._downloads: dict[str, CancelSource] = {}
        self._cancel = CancelSource()
        self._threads = [WorkerThread(name, self) for name in ("library", "download")]
        worker = self._threads[0].adopt(LibraryWorker(library))
        downloader = self._threads[1].adopt(DownloadWorker(library))
        self._refresh_requested.connect(worker.refresh)
        self._import_requested.connect(worker.import_model)
        self._import_vgg19_requested.connect(worker.import_vgg19)
        self._export_requested.connect(worker.export)
        self._remove_requested.connect(worker.remove)
        self._undo_requested.connect(worker.undo_remove)
        self._empty_requested.connect(worker.empty_trash)
        self._download_requested.connect(downloader.download)
        worker.listed.connect(self._on_listed)
        worker.ended.connect(self.operation_ended)
        worker.labels_needed.connect(self.labels_needed)
        worker.wrong_checksum.connect(self.wrong_checksum)
        worker.undo_available.connect(self.undo_available)
        worker.model_changed.connect(self.model_forgotten)
        for source in (worker, downloader):
            source.progressed.connect(self.transfer_progressed)
        downloader.ended.connect(self._on_download_ended)
        for thread in self._threads:
            thread.start()

    def models(self) -> tuple[ModelEntry, ...]:
        """The models as last listed: Everyday, VGG19 (installed or not), then the others by name."""
        return self._models

    def downloading(self) -> set[str]:
        """Ids of the running downloads."""
        return set(self._downloads)

    def refresh(self) -> None:
        """List the models again; `models_changed` follows."""
        self._refresh_requested.emit()

    def download(self, model_id: str) -> None:
        """Fetch VGG19 or its convolutions; an earlier, unfinished download is resumed."""
        if model_id not in self._downloads:
            # The first bytes may be many seconds away: a server that does not answer is tried several times.
            before_bytes = connecting(model_id, tuple(self._downloads))
            self._downloads[model_id] = CancelSource()
            self.transfer_progressed.emit(before_bytes)
            self._download_requested.emit(DownloadRequest(model_id, self._downloads[model_id].token))

    def cancel_download(self, model_id: str) -> None:
        """Stop a download; what has arrived is kept."""
        if model_id in self._downloads:
            self._downloads[model_id].cancel()

    def import_vgg19(self, path: Path, *, unverified: bool = False) -> None:
        """Take a weights file of VGG19; `wrong_checksum` asks when it is not the published one."""
        self._import_vgg19_requested.emit(ImportVgg19Request(path, unverified, self._cancel.token))

    def import_model(
        self, path: Path, name: str | None = None, labels: tuple[str, ...] | None = None
    ) -> None:
        """Add a model from a file; `labels_needed` asks when it brings none."""
        self._import_requested.emit(ImportRequest(path, name, labels, self._cancel.token))

    def export(self, model_id: str, path: Path) -> None:
        """Write a model with its card to one file."""
        self._export_requested.emit(ExportRequest(model_id, path, self._cancel.token))

    def remove(self, model_id: str) -> None:
        """Move a model to the trash; `undo_available` follows."""
        self._remove_requested.emit(model_id)

    def undo_remove(self) -> None:
        """Restore the last removed model."""
        self._undo_requested.emit()

    def empty_trash(self) -> None:
        """Delete removed models permanently."""
        self._empty_requested.emit()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel downloads, imports and exports and end the threads; return whether they ended in time."""
        self._cancel.cancel()
        for cancel in self._downloads.values():
            cancel.cancel()
        return stop_all(self._threads, seconds)

    @Slot(object)
    def _on_listed(self, models: tuple[ModelEntry, ...]) -> None:
        self._models = models
        self.models_changed.emit(models)

    @Slot(str, str, bool)
    def _on_download_ended(self, model_id: str, sentence: str, ok: bool) -> None:
        self._downloads.pop(model_id, None)
        if ok and model_id != BACKBONE_ID:
            self.model_forgotten.emit(model_id)
        self.refresh()
        self.transfer_ended.emit(model_id, sentence, ok)
