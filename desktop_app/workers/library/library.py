"""The models of the library, as the window uses them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.engine.libraries import import_card_modules
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, VGG19_ID
from desktop_app.workers.library import library_worker as work
from desktop_app.workers.library.pixels_question import PixelsQuestion, ask_about_installed
from desktop_app.workers.library.trials import TrialService
from desktop_app.workers.threads.task import Lane
from desktop_app.workers.threads.thread import stop_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.library.download.transfer import Transfer
    from desktop_app.core.library.store import Library, TrashedModel
    from desktop_app.core.trial.messages import TrialInput
    from desktop_app.workers.classify.messages import ModelEntry
    from desktop_app.workers.library.wishes import Wishes


class LibraryService(QObject):
    """Lists, downloads, imports and removes models; lives in the GUI thread.

    Downloads have a lane of their own, so that the library stays usable for their minutes.
    """

    models_changed = Signal(object)
    transfer_progressed = Signal(object)
    transfer_ended = Signal(str, str, bool)
    operation_ended = Signal(str, bool)
    meaning_needed = Signal(object)
    labels_needed = Signal(object)
    pixels_needed = Signal(object)
    import_failed = Signal(object)
    wrong_checksum = Signal(object, str)
    undo_available = Signal(str)
    model_forgotten = Signal(str)
    input_changed = Signal(str)

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._models: tuple[ModelEntry, ...] = ()
        self._removed: list[TrashedModel] = []
        self._swept = False
        self._downloads: dict[str, CancelSource] = {}
        self._cancel = CancelSource()
        self._lane = Lane("library", self)
        self._downloading = Lane("download", self)
        self.trials = TrialService(self)

    def models(self) -> tuple[ModelEntry, ...]:
        """The models as last listed, in the order of `Library.entries`; VGG19 installed or not."""
        return self._models

    def downloading(self) -> set[str]:
        """Ids of the running downloads."""
        return set(self._downloads)

    def refresh(self) -> None:
        """List the models again; `models_changed` follows. The first time, leftovers are cleared before."""
        if not self._swept:
            self._swept = True
            self._do("Clearing leftovers", work.sweep, needs=import_card_modules)
        self._do("Listing the models", work.models, needs=import_card_modules, on_result=self._on_listed)

    def download(self, model_id: str) -> None:
        """Fetch VGG19 or its convolutions; an earlier, unfinished download is resumed."""
        if model_id not in self._downloads:
            # The first bytes may be many seconds away: a server that does not answer is tried several times.
            before_bytes = work.connecting(model_id, tuple(self._downloads))
            self._downloads[model_id] = CancelSource()
            self.transfer_progressed.emit(before_bytes)
            self._downloading.do(
                work.download,
                self._library,
                model_id,
                self._downloads[model_id].token,
                work="The download",
                on_progress=partial(self._on_progress, model_id, "Downloading"),
                on_result=partial(self._on_download_ended, model_id),
                on_failure=lambda reason: self._on_download_ended(model_id, (reason.sentence, False)),
            )

    def cancel_download(self, model_id: str) -> None:
        """Stop a download; what has arrived is kept."""
        if model_id in self._downloads:
            self._downloads[model_id].cancel()

    def import_vgg19(self, path: Path, *, unverified: bool = False) -> None:
        """Take a weights file of VGG19; `wrong_checksum` asks when it is not the published one."""
        self._do(
            "The import",
            work.import_vgg19,
            path,
            unverified,
            self._cancel.token,
            on_progress=partial(self._on_progress, VGG19_ID, "Importing"),
            on_result=self._on_imported,
        )

    def import_file(self, path: Path) -> None:
        """Take a file by its kind: weights of VGG19, or a whole model."""
        self._do(
            "The import",
            work.import_file,
            path,
            self._cancel.token,
            on_progress=partial(self._on_progress, VGG19_ID, "Importing"),
            on_result=self._on_imported,
            on_failure=self._on_import_failed,
        )

    def import_model(self, path: Path, wishes: Wishes) -> None:
        """Add a model from a file.

        `meaning_needed` asks when it does not say what its outputs are for, `labels_needed` when it brings no
        names, and `pixels_needed` when it does not say how it gets its pictures.
        """
        self._do(
            "The import",
            work.import_model,
            path,
            wishes,
            self._cancel.token,
            on_result=self._on_imported,
            on_failure=self._on_import_failed,
        )

    def ask_input(self, model_id: str) -> None:
        """Ask how a model in the library is to get its pictures; `pixels_needed` follows."""
        self._do(
            "Looking at the model",
            ask_about_installed,
            model_id,
            on_result=self.pixels_needed.emit,
        )

    def set_input(self, model_id: str, given: TrialInput) -> None:
        """Change how a model in the library gets its pictures; it is loaded again where it is in use."""
        self._do("The change", work.set_input, model_id, given, on_result=self._on_input_changed)

    def set_thresholds(self, model_id: str, thresholds: tuple[float, ...]) -> None:
        """Change from which probability (0..1) on each label of a model is right."""
        self._do(
            "Changing the thresholds",
            work.set_thresholds,
            model_id,
            thresholds,
            on_result=self._on_changed,
        )

    def remove(self, model_id: str) -> None:
        """Move a model to the trash; `undo_available` follows."""
        self._do("Removing the model", work.remove, model_id, on_result=self._on_removed)

    def undo_remove(self) -> None:
        """Restore the last removed model."""
        if self._removed:
            self._do(
                "Restoring the model",
                work.restore,
                self._removed.pop(),
                on_result=self._on_changed,
                on_end=self._on_restored,
            )
        else:
            self.operation_ended.emit("There is no removed model to restore.", False)

    def empty_trash(self) -> None:
        """Delete removed models permanently."""
        self._do("Emptying the trash", type(self._library).empty_trash, on_result=self._on_trash_emptied)

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Cancel downloads and imports and end the threads; return whether they ended in time."""
        self._cancel.cancel()
        for cancel in self._downloads.values():
            cancel.cancel()
        self.trials.close()
        return stop_all((self._lane, self._downloading, self.trials.lane), seconds)

    def _do(self, name: str, function: Callable[..., object], *arguments: object, **more: object) -> None:
        options = {"on_failure": self._on_failed} | more
        self._lane.do(function, self._library, *arguments, work=name, **options)

    # Outcomes

    def _on_failed(self, reason: Reason) -> None:
        self.operation_ended.emit(reason.sentence, False)

    def _on_import_failed(self, reason: Reason) -> None:
        self._on_failed(reason)
        if not self._cancel.token.cancelled:
            self.import_failed.emit(reason)

    def _on_progress(self, model_id: str, verb: str, transfer: Transfer | work.Comparing) -> None:
        self.transfer_progressed.emit(work.transferred(model_id, verb, transfer))

    def _on_listed(self, models: tuple[ModelEntry, ...]) -> None:
        self._models = models
        self.models_changed.emit(models)

    def _on_changed(self, changed: work.Changed) -> None:
        self.model_forgotten.emit(changed.model_id)
        self._on_listed(changed.models)
        self.operation_ended.emit(changed.sentence, True)

    def _on_input_changed(self, changed: work.Changed) -> None:
        self._on_changed(changed)
        self.input_changed.emit(changed.model_id)

    def _on_imported(self, outcome: work.Imported) -> None:
        if isinstance(outcome, work.LabelsNeeded):
            self.labels_needed.emit(outcome)
        elif isinstance(outcome, work.MeaningQuestion):
            self.meaning_needed.emit(outcome)
        elif isinstance(outcome, PixelsQuestion):
            self.pixels_needed.emit(outcome)
        elif isinstance(outcome, work.OtherChecksum):
            self.wrong_checksum.emit(outcome.path, outcome.sentence)
        else:
            self._on_changed(outcome)

    def _on_removed(self, outcome: tuple[TrashedModel, work.Changed]) -> None:
        trashed, changed = outcome
        self._removed.append(trashed)
        self._on_changed(changed)
        self.undo_available.emit(changed.sentence)

    def _on_restored(self) -> None:
        self.undo_available.emit(f"Removed {self._removed[-1].model_id}." if self._removed else "")

    def _on_trash_emptied(self, _nothing: None) -> None:
        self._removed.clear()
        self.undo_available.emit("")
        self.operation_ended.emit("The trash is empty.", True)

    def _on_download_ended(self, model_id: str, end: tuple[str, bool]) -> None:
        sentence, ok = end
        self._downloads.pop(model_id, None)
        if ok and model_id != BACKBONE_ID:
            self.model_forgotten.emit(model_id)
        self.refresh()
        self.transfer_ended.emit(model_id, sentence, ok)
