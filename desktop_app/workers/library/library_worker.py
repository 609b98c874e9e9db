"""What the library's lanes do: each function makes one call of the library."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, VGG19_ID
from desktop_app.workers.classify.messages import TransferProgress
from desktop_app.workers.library.pixels_question import PixelsQuestion
from desktop_app.workers.library.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.transfer import Transfer
    from desktop_app.core.library.store import Library, TrashedModel
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.trial.messages import TrialInput
    from desktop_app.workers.classify.messages import ModelEntry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changed:
    """A model was added, removed or replaced.

    Attributes:
        sentence: The outcome.
        models: All models afterwards.
    """

    model_id: str
    sentence: str
    models: tuple[ModelEntry, ...]


@dataclass(frozen=True, slots=True)
class LabelsNeeded:
    """A model file does not name its classes: the window asks for ``outputs`` names.

    Attributes:
        path: The model file.
        outputs: The number of names.
        task: What they name.
        given: How the model gets its pictures, or probably does, to check the names with; None where it is
            not known.
        decided: Whether its pixel values are known.
        wishes: What the user has said before.
    """

    path: Path
    outputs: int
    task: Task = "classification"
    given: TrialInput | None = None
    decided: bool = True
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, slots=True)
class MeaningQuestion:
    """A model file does not say what its outputs are for: the window asks.

    Attributes:
        path: The model file.
        outputs: The number of its outputs.
        tasks: What is plausible, the likeliest first.
        seen: What was seen, as a sentence.
        wishes: What the user has said before.
    """

    path: Path
    outputs: int
    tasks: tuple[Task, ...]
    seen: str
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, slots=True)
class OtherChecksum:
    """A weights file is not the published one, as the sentence says: the window asks whether to use it."""

    path: Path
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparing:
    """The progress of the comparison of OpenVINO with TensorFlow for a model that has come.

    Attributes:
        done: The pictures that were compared.
        total: The number of pictures; None while another process loads TensorFlow.
    """

    done: int = 0
    total: int | None = None


Imported = Changed | LabelsNeeded | MeaningQuestion | OtherChecksum | PixelsQuestion

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


def transferred(model_id: str, verb: str, transfer: Transfer | Comparing) -> TransferProgress:
    """Describe the progress of a download or an import, and of the comparison after it."""
    if isinstance(transfer, Comparing):
        pictures = f": {transfer.done} of {transfer.total} pictures" if transfer.total else "…"
        message = f"{_NAMES[model_id]}: comparing OpenVINO with TensorFlow{pictures}"
        return TransferProgress(model_id, transfer.done, transfer.total, 0.0, None, message)
    message = f"{verb} {_NAMES[model_id]}: {transfer.sentence}"
    return TransferProgress(
        model_id, transfer.done, transfer.total, transfer.bytes_per_second, transfer.seconds_left, message
    )


def download(
    library: Library,
    model_id: str,
    cancel: CancelToken,
    *,
    on_progress: Callable[[Transfer | Comparing], None],
) -> tuple[str, bool]:
    """Download, verify and install published weights; returns a sentence, and whether they are here."""
    try:
        if model_id == BACKBONE_ID:
            from desktop_app.core.library.vgg19.backbone import download_backbone

            download_backbone(cancel, on_progress)
        else:
            from desktop_app.core.library.vgg19.install import install_vgg19

            install_vgg19(library, on_progress=on_progress, cancel=cancel)
            _make_ready(library, model_id, cancel, on_progress)
    except Cancelled:
        return "The download was stopped. What has arrived is kept.", False
    return f"{_NAMES[model_id]} {'are' if model_id == BACKBONE_ID else 'is'} ready.", True


def sweep(library: Library) -> None:
    """Clear leftovers."""
    swept = library.sweep()
    if swept:
        _log.info("Cleared %d leftovers of a run that was killed.", swept)


def models(library: Library) -> tuple[ModelEntry, ...]:
    """List the models, with what computes their answers."""
    from desktop_app.core.inference.engine_record import engine_words

    return tuple(replace(entry, engine=engine_words(entry)) for entry in library.entries())


def _make_ready(
    library: Library,
    model_id: str,
    cancel: CancelToken,
    on_progress: Callable[[Comparing], None] = lambda _progress: None,
) -> None:
    """Make a model ready for OpenVINO that has come; cancelled, it is made ready at its first use."""
    from desktop_app.core.classify.readying import make_ready_now

    on_progress(Comparing())
    make_ready_now(
        library,
        model_id,
        cancel=cancel,
        on_progress=lambda done, total: on_progress(Comparing(done, total)),
        beside=True,
    )


def import_file(
    library: Library, path: Path, cancel: CancelToken, *, on_progress: Callable[[Transfer | Comparing], None]
) -> Imported:
    """Take a file by its kind: weights of VGG19, or a whole model."""
    from desktop_app.core.library.vgg19.install import may_be_vgg19

    if may_be_vgg19(path):
        return import_vgg19(library, path, False, cancel, on_progress=on_progress)
    return import_model(library, path, Wishes(), cancel)


def import_model(library: Library, path: Path, wishes: Wishes, cancel: CancelToken) -> Imported:
    """Add a model from a file, with what the user said about it."""
    from desktop_app.core.library.exchange.importing import LabelsNeeded as NoLabels
    from desktop_app.core.library.exchange.importing import MeaningNeeded, PixelsNeeded, import_model
    from desktop_app.core.library.exchange.importing import Wishes as Said
    from desktop_app.core.trial.messages import TrialInput

    said = Said(
        name=wishes.name, labels=wishes.labels, task=wishes.task, units=wishes.units, ask_amounts=True
    )
    if (given := wishes.given) is not None:
        said = replace(
            said,
            preprocessing=given.preprocessing,
            fit=given.fit,
            crop_share=given.crop_share,
            resample=given.resample,
            grey=given.grey,
        )
    try:
        card = import_model(library, path, said, cancel=cancel)
    except NoLabels as error:
        likely = TrialInput.of(error.input) if error.input is not None else None
        return LabelsNeeded(path, error.outputs, error.task, likely, error.decided, wishes)
    except MeaningNeeded as error:
        return MeaningQuestion(path, error.outputs, error.tasks, error.seen, wishes)
    except PixelsNeeded as error:
        return PixelsQuestion(path, error.card, error.clues, error.producer, wishes)
    _make_ready(library, card.id, cancel)
    return Changed(card.id, f"Imported {card.name}.", models(library))


def import_vgg19(
    library: Library,
    path: Path,
    unverified: bool,
    cancel: CancelToken,
    *,
    on_progress: Callable[[Transfer | Comparing], None],
) -> Imported:
    """Take a weights file of VGG19 that the user has, verified unless the user insists."""
    from desktop_app.core.library.vgg19.install import WrongChecksum, import_vgg19

    try:
        import_vgg19(library, path, unverified=unverified, on_progress=on_progress, cancel=cancel)
    except WrongChecksum as error:
        return OtherChecksum(path, error.reason.sentence)
    _make_ready(library, VGG19_ID, cancel, on_progress)
    return Changed(VGG19_ID, "Imported VGG19.", models(library))


def set_input(library: Library, model_id: str, given: TrialInput) -> Changed:
    """Change how a model from elsewhere gets its pictures."""
    entry = library.settable(model_id)
    assert entry.card is not None
    card = library.set_input(model_id, given.changes(entry.card.input.channels))
    return Changed(model_id, f"{card.name} gets its pictures in another way from now on.", models(library))


def set_thresholds(library: Library, model_id: str, thresholds: tuple[float, ...]) -> Changed:
    """Change the threshold of each label."""
    card = library.get(model_id).card
    names = [] if card is None else [entry.class_id for entry in card.classes]
    changed = library.set_thresholds(model_id, dict(zip(names, thresholds, strict=True)))
    return Changed(model_id, f"Changed the thresholds of {changed.name}.", models(library))


def remove(library: Library, model_id: str) -> tuple[TrashedModel, Changed]:
    """Move a model to the trash."""
    name = library.get(model_id).name
    trashed = library.remove(model_id)
    return trashed, Changed(model_id, f"Removed {name}.", models(library))


def restore(library: Library, trashed: TrashedModel) -> Changed:
    """Restore a removed model."""
    library.restore(trashed)
    return Changed(trashed.model_id, f"Restored {trashed.model_id}.", models(library))
