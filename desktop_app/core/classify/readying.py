"""Making a model ready for OpenVINO as soon as it comes, in this process or in one of its own.

Nothing that fails here loses the model: what is not made ready now is made ready at its first use.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desktop_app.core.classify.beside import compare_beside
from desktop_app.core.classify.loader import by_tensorflow, usable_model
from desktop_app.core.devices.probe import gpu_expected
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import Cancelled, ModelError, SightlineError
from desktop_app.core.inference.engine_record import read_record
from desktop_app.core.library.feature_bank import read_bank
from desktop_app.core.library.foreign_kinds import is_foreign

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.inference.engine_record import EngineRecord
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library

_log = logging.getLogger(__name__)


def make_ready_now(
    library: Library,
    model_id: str,
    *,
    cancel: CancelToken = NEVER,
    tell: Callable[[str], None] = lambda _sentence: None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    beside: bool = False,
) -> EngineRecord | None:
    """Make a model ready that was just installed, and note the proof on its card.

    Args:
        library: The library that it is in.
        model_id: The model.
        cancel: Token; the model stays as it is.
        tell: Callback for what is being done.
        on_progress: Callback for the pictures that were compared, and their number.
        beside: Whether another process compares, so that TensorFlow is not loaded into this one; the library
            is that of the user then.

    Returns:
        What was found; None where a GPU answers for it, or where it failed or was cancelled.
    """
    try:
        entry = usable_model(model_id, library)
        foreign = entry.card is not None and is_foreign(entry.card.architecture)
        if gpu_expected() and not foreign:
            return None
        if (record := read_record(entry, openvino_version())) is None:
            cancel.check()
            if beside:
                record = compare_beside(entry, cancel=cancel, on_progress=on_progress)
            else:
                record = compare_here(entry, cancel=cancel, tell=tell, on_progress=on_progress)
        note_proofs(library, entry, record)
    except Cancelled:
        _log.info("%s is made ready for OpenVINO at its first use: cancelled", model_id)
        return None
    except SightlineError as error:
        _log.info("%s is made ready for OpenVINO at its first use: %s", model_id, error)
        return None
    return record


def compare_here(
    entry: InstalledModel,
    *,
    cancel: CancelToken = NEVER,
    tell: Callable[[str], None] = lambda _sentence: None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> EngineRecord:
    """Make a model ready in this process.

    Args:
        entry: The model.
        cancel: Token; the model stays as it is.
        tell: Callback for what is being done.
        on_progress: Callback for the pictures that were compared, and their number.

    Returns:
        What was found.

    Raises:
        Cancelled: The user cancelled.
        ModelError: TensorFlow cannot load it.
        EngineError: TensorFlow or OpenVINO does not start.
        StorageError: The weights are gone, or the disk is full or refuses.
    """
    from desktop_app.core.classify.answering import make_ready
    from desktop_app.core.classify.foreign import make_foreign_ready

    def look(done: int, total: int) -> None:
        cancel.check()
        on_progress(done, total)

    if entry.card is not None and is_foreign(entry.card.architecture):
        return make_foreign_ready(entry, tell=tell, on_progress=look)
    bank = read_bank(entry)
    return make_ready(entry, lambda: by_tensorflow(entry, bank, "", tell), bank, tell=tell, on_progress=look)


def make_shipped_ready(entry: InstalledModel) -> None:
    """Make a built-in model ready in its own folder, before it is packaged.

    Raises:
        ModelError: It cannot be loaded, or OpenVINO cannot answer for it.
        EngineError: TensorFlow or OpenVINO does not start.
        StorageError: Its folder cannot be written.
    """
    from desktop_app.core.classify.answering import make_ready

    bank = read_bank(entry)
    record = make_ready(entry, lambda: by_tensorflow(entry, bank, "", _say_nothing), bank, into=entry.folder)
    if record.problem:
        raise ModelError(f"{entry.name} cannot be made ready: {record.problem}")


def _say_nothing(_sentence: str) -> None:
    pass


def note_proofs(library: Library, entry: InstalledModel, record: EngineRecord) -> None:
    """Write what was found on the card of a model of the user, unless it has changed meanwhile.

    Raises:
        ModelError: It is gone.
        StorageError: The card cannot be written; it is as before.
    """
    there = library.get(entry.model_id)
    if there.shipped or there.card is None or there.card != entry.card or there.card.proofs == record.proofs:
        return
    library.amend(there, {"proofs": record.proofs}, None)
