"""The library threads' workers: one wraps downloads, one all that is quick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.errors import Cancelled, SightlineError
from desktop_app.core.images.sources import printable
from desktop_app.workers.messages import TransferProgress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.cancellation import CancelToken
    from desktop_app.core.library.store import Library, TrashedModel
    from desktop_app.core.library.transfer import Transfer


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """Fetch a published model."""

    model_id: str
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Add a model from a file, with labels when the user gave some."""

    path: Path
    name: str | None
    labels: tuple[str, ...] | None
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class ImportVgg19Request:
    """Take a weights file of VGG19 that the user has."""

    path: Path
    unverified: bool
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Write a model with its card to one file."""

    model_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class LabelsNeeded:
    """A model file does not name its classes: the window asks for ``outputs`` names."""

    path: Path
    outputs: int


def _progress(model_id: str, verb: str) -> Callable[[Transfer], TransferProgress]:
    def convert(transfer: Transfer) -> TransferProgress:
        return TransferProgress(
            model_id,
            transfer.done,
            transfer.total,
            transfer.bytes_per_second,
            transfer.seconds_left,
            f"{verb}: {transfer.sentence}",
        )

    return convert


def _sentence(error: SightlineError) -> str:
    return f"{error} {error.advice}".strip()


class DownloadWorker(QObject):
    """Wraps `install_vgg19`; lives in the download thread."""

    progressed = Signal(object)
    ended = Signal(str, str, bool)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    @Slot(object)
    def download(self, request: DownloadRequest) -> None:
        """Download, verify and install; `ended` follows in any case."""
        from desktop_app.core.library.install import install_vgg19

        sentence, ok = "The download failed.", False
        convert = _progress(request.model_id, "Downloading VGG19")
        try:
            install_vgg19(
                self._library,
                on_progress=lambda transfer: self.progressed.emit(convert(transfer)),
                cancel=request.cancel,
            )
            sentence, ok = "VGG19 is ready.", True
        except Cancelled:
            sentence = "The download was stopped; what has arrived is kept for the next try."
        except SightlineError as error:
            sentence = _sentence(error)
        finally:
            self.ended.emit(request.model_id, sentence, ok)


class LibraryWorker(QObject):
    """Wraps the library's other calls; lives in the library thread."""

    listed = Signal(object)
    progressed = Signal(object)
    ended = Signal(str, bool)
    labels_needed = Signal(object)
    wrong_checksum = Signal(object, str)
    undo_available = Signal(str)
    model_changed = Signal(str)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._removed: list[TrashedModel] = []

    @Slot()
    def refresh(self) -> None:
        """List the models."""
        self.listed.emit(tuple(self._library.entries()))

    @Slot(object)
    def import_model(self, request: ImportRequest) -> None:
        """Add a model from a file."""
        from desktop_app.core.library.importing import LabelsNeeded as NoLabels
        from desktop_app.core.library.importing import import_model

        try:
            card = import_model(
                self._library,
                request.path,
                name=request.name,
                labels=request.labels,
                cancel=request.cancel,
            )
        except NoLabels as error:
            self.labels_needed.emit(LabelsNeeded(request.path, error.outputs))
        except Cancelled:
            self.ended.emit("The import was stopped.", False)
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self._changed(card.id, f"Imported {card.name}.")

    @Slot(object)
    def import_vgg19(self, request: ImportVgg19Request) -> None:
        """Take a weights file of VGG19, verified unless the user insists."""
        from desktop_app.core.library.install import WrongChecksum, import_vgg19

        convert = _progress("vgg19", "Importing VGG19")
        try:
            import_vgg19(
                self._library,
                request.path,
                unverified=request.unverified,
                on_progress=lambda transfer: self.progressed.emit(convert(transfer)),
                cancel=request.cancel,
            )
        except WrongChecksum as error:
            self.wrong_checksum.emit(request.path, _sentence(error))
        except Cancelled:
            self.ended.emit("The import was stopped.", False)
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self._changed("vgg19", "Imported VGG19.")

    @Slot(object)
    def export(self, request: ExportRequest) -> None:
        """Write a model to one file."""
        try:
            self._library.export(request.model_id, request.path)
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self.ended.emit(f"Exported to {printable(request.path.name)}.", True)

    @Slot(str)
    def remove(self, model_id: str) -> None:
        """Move a model to the trash."""
        try:
            name = self._library.get(model_id).name
            self._removed.append(self._library.remove(model_id))
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self._changed(model_id, f"Removed {name}.")
            self.undo_available.emit(f"Removed {name}.")

    @Slot()
    def undo_remove(self) -> None:
        """Take the last removed model back."""
        if not self._removed:
            return
        trashed = self._removed.pop()
        try:
            self._library.restore(trashed)
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self._changed(trashed.model_id, f"Took {trashed.model_id} back.")
        self.undo_available.emit(f"Removed {self._removed[-1].model_id}." if self._removed else "")

    @Slot()
    def empty_trash(self) -> None:
        """Delete removed models for good."""
        try:
            self._library.empty_trash()
        except SightlineError as error:
            self.ended.emit(_sentence(error), False)
        else:
            self._removed.clear()
            self.undo_available.emit("")
            self.ended.emit("The trash is empty.", True)

    def _changed(self, model_id: str, sentence: str) -> None:
        self.model_changed.emit(model_id)
        self.refresh()
        self.ended.emit(sentence, True)
