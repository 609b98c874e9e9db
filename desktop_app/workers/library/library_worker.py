"""The library threads' workers: one wraps downloads, one everything that is quick."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_card_modules
from desktop_app.core.foundation.errors import Cancelled, ModelError, Reason, SightlineError
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, VGG19_ID
from desktop_app.workers.classify.messages import TransferProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.transfer import Transfer
    from desktop_app.core.library.store import Library, TrashedModel

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """Download published weights: VGG19, or its convolutions to train on."""

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
    cancel: CancelToken


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


_NAMES = {VGG19_ID: "VGG19", BACKBONE_ID: "VGG19's convolutions"}


def connecting(model_id: str, waits_for: Collection[str] = ()) -> TransferProgress:
    """Describe a download that is about to begin.

    Args:
        model_id: The id of the download.
        waits_for: The ids of the downloads before it, since there is one at a time.
    """
    first = " and ".join(_NAMES[other] for other in waits_for)
    doing = f"waiting for {first}" if first else "connecting"
    return TransferProgress(model_id, 0, None, 0.0, None, f"Downloading {_NAMES[model_id]}: {doing}…")


class DownloadWorker(QObject):
    """Wraps `install_vgg19` and `download_backbone`; lives in the download thread."""

    progressed = Signal(object)
    ended = Signal(str, str, bool)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library

    @Slot(object)
    def download(self, request: DownloadRequest) -> None:
        """Download, verify and install; `ended` follows in any case."""
        sentence, ok = "", False
        name = _NAMES[request.model_id]
        convert = _progress(request.model_id, f"Downloading {name}")
        try:
            self._fetch(request, lambda transfer: self.progressed.emit(convert(transfer)))
            verb = "are" if request.model_id == BACKBONE_ID else "is"
            sentence, ok = f"{name} {verb} ready.", True
        except Cancelled:
            sentence = "The download was stopped. What has arrived is kept."
        except SightlineError as error:
            sentence = error.reason.sentence
        except Exception as error:
            sentence = Reason.of_defect("The download", error).sentence
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        finally:
            self.ended.emit(request.model_id, sentence, ok)

    def _fetch(self, request: DownloadRequest, on_progress: Callable[[Transfer], None]) -> None:
        if request.model_id == BACKBONE_ID:
            from desktop_app.core.library.vgg19.backbone import download_backbone

            download_backbone(request.cancel, on_progress)
            return
        from desktop_app.core.library.vgg19.install import install_vgg19

        install_vgg19(self._library, on_progress=on_progress, cancel=request.cancel)


class LibraryWorker(QObject):
    """Wraps the library's other calls; lives in the library thread.

    Each request ends with `ended`, unless a question takes its place: `labels_needed`, `wrong_checksum`.
    """

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
        self._swept = False

    @Slot()
    def refresh(self) -> None:
        """List the models; only a failure ends with `ended`. The first time, leftovers are cleared before."""
        if not self._swept:
            self._swept = True
            with self._failures_said("Clearing leftovers"):
                import_card_modules()
                self._sweep()
        with self._failures_said("Listing the models"):
            self._list()

    @Slot(object)
    def import_model(self, request: ImportRequest) -> None:
        """Add a model from a file."""
        with self._failures_said("The import"):
            from desktop_app.core.classify.loader import check_answers
            from desktop_app.core.library.exchange.importing import LabelsNeeded as NoLabels
            from desktop_app.core.library.exchange.importing import import_model

            try:
                card = import_model(
                    self._library,
                    request.path,
                    name=request.name,
                    labels=request.labels,
                    check=check_answers,
                    cancel=request.cancel,
                )
            except NoLabels as error:
                self.labels_needed.emit(LabelsNeeded(request.path, error.outputs))
            else:
                self._changed(card.id, f"Imported {card.name}.")

    @Slot(object)
    def import_vgg19(self, request: ImportVgg19Request) -> None:
        """Take a weights file of VGG19, verified unless the user insists."""
        with self._failures_said("The import"):
            from desktop_app.core.library.vgg19.install import WrongChecksum, import_vgg19

            convert = _progress(VGG19_ID, "Importing VGG19")
            try:
                import_vgg19(
                    self._library,
                    request.path,
                    unverified=request.unverified,
                    on_progress=lambda transfer: self.progressed.emit(convert(transfer)),
                    cancel=request.cancel,
                )
            except WrongChecksum as error:
                self.wrong_checksum.emit(request.path, error.reason.sentence)
            else:
                self._changed(VGG19_ID, "Imported VGG19.")

    @Slot(object)
    def export(self, request: ExportRequest) -> None:
        """Write a model to one file."""
        with self._failures_said("The export"):
            from desktop_app.core.library.exchange.exporting import export_model

            export_model(self._library, request.model_id, request.path, cancel=request.cancel)
            self.ended.emit(f"Exported to {printable(request.path.name)}.", True)

    @Slot(str)
    def remove(self, model_id: str) -> None:
        """Move a model to the trash."""
        with self._failures_said("Removing the model"):
            name = self._library.get(model_id).name
            self._removed.append(self._library.remove(model_id))
            self._changed(model_id, f"Removed {name}.")
            self.undo_available.emit(f"Removed {name}.")

    @Slot()
    def undo_remove(self) -> None:
        """Restore the last removed model."""
        with self._failures_said("Restoring the model"):
            if not self._removed:
                raise ModelError("There is no removed model to restore.")
            trashed = self._removed.pop()
            try:
                self._library.restore(trashed)
                self._changed(trashed.model_id, f"Restored {trashed.model_id}.")
            finally:
                before = f"Removed {self._removed[-1].model_id}." if self._removed else ""
                self.undo_available.emit(before)

    @Slot()
    def empty_trash(self) -> None:
        """Delete removed models permanently."""
        with self._failures_said("Emptying the trash"):
            self._library.empty_trash()
            self._removed.clear()
            self.undo_available.emit("")
            self.ended.emit("The trash is empty.", True)

    @contextlib.contextmanager
    def _failures_said(self, work: str) -> Iterator[None]:
        """Emit `ended` if the body failed; a defect is passed on to the excepthook."""
        try:
            yield
        except Cancelled:
            self.ended.emit(f"{work} was stopped.", False)
        except SightlineError as error:
            self.ended.emit(error.reason.sentence, False)
        except Exception as error:
            self.ended.emit(Reason.of_defect(work, error).sentence, False)
            raise

    def _sweep(self) -> None:
        swept = self._library.sweep()
        if swept:
            _log.info("Cleared %d leftovers of a run that was killed.", swept)

    def _list(self) -> None:
        self.listed.emit(tuple(self._library.entries()))

    def _changed(self, model_id: str, sentence: str) -> None:
        self.model_changed.emit(model_id)
        self._list()
        self.ended.emit(sentence, True)
