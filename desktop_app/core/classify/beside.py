"""Making a model ready in a process of its own, so that this one stays without TensorFlow.

TensorFlow cannot be unloaded: a window that has it keeps several hundred megabytes until it is closed.
"""

from __future__ import annotations

import logging
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.classify.loader import load_classifier, usable_model
from desktop_app.core.classify.naming import require_labels
from desktop_app.core.devices.probe import gpu_expected
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.children import child
from desktop_app.core.foundation.errors import ModelError, SightlineError
from desktop_app.core.inference.engine_record import read_record
from desktop_app.core.installation.own_command import own_command
from desktop_app.core.library.foreign_kinds import is_foreign

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.classify.classifier import Classifier
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.inference.choice import EngineChoice
    from desktop_app.core.inference.engine_record import EngineRecord
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library

_log = logging.getLogger(__name__)

PROGRESS = "{} of {} pictures"
"""What the process says on a line of its own, for each portion of pictures."""
_PROGRESS = re.compile(r"^(\d+) of (\d+) pictures$", re.MULTILINE)
_SILENT_SECONDS = 300.0
"""The longest time between two words; a cold start of TensorFlow on a slow disk takes up to a minute."""
_TURN_SECONDS = 0.1
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would open a terminal for it."""
_SHOWN = 300
"""Characters of a process's last output that the log has room for."""


def compare_beside(
    entry: InstalledModel,
    *,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> EngineRecord:
    """Let ``sightline models prepare`` make a model ready; the process ends with the call, however it ends.

    Args:
        entry: A model of the user's library or of this installation.
        cancel: Token; the model stays as it is.
        on_progress: Callback for the pictures that were compared, and their number.

    Returns:
        What was found.

    Raises:
        Cancelled: The user cancelled.
        ModelError: The process could not be started, failed or fell silent; or the model is in another
            library, which a process would not look into.
        EngineError: OpenVINO does not start here.
    """
    libraries = (paths.library(), paths.shipped_models(), paths.prepared_models())
    if entry.folder is None or entry.folder.parent not in libraries:
        raise ModelError(f"{entry.name} is in a library of its own.")
    try:
        with tempfile.TemporaryDirectory(prefix="sightline-", ignore_cleanup_errors=True) as folder:
            _run(entry.model_id, Path(folder) / "output.txt", cancel, on_progress)
    except OSError as error:
        raise ModelError(f"No process could be started: {error.strerror or error}.") from error
    record = read_record(entry, openvino_version())
    if record is None:
        raise ModelError(f"The process left no record of {entry.name}.")
    return record


def load_beside(
    model_id: str, library: Library, choice: EngineChoice, tell: Callable[[str], None]
) -> Classifier:
    """Load a model as `load_classifier` does, made ready first by another process where it has to be.

    Where that fails, `load_classifier` does it here.

    Args:
        model_id: A model of the user's library or of this installation.
        library: That library.
        choice: Which engine and numbers the user wants.
        tell: Callback for what is being done.

    Raises:
        ModelError, EngineError: As `load_classifier` says.
    """
    if choice.engine != "tensorflow":
        entry = usable_model(model_id, library)
        assert entry.card is not None
        require_labels(entry.card)
        try:
            if read_record(entry, openvino_version()) is None and not gpu_expected():
                foreign = entry.card is not None and is_foreign(entry.card.architecture)
                other = "another engine" if foreign else "TensorFlow"
                sentence = f"Comparing OpenVINO with {other} for {entry.name}, this once"
                tell(f"{sentence}…")
                compare_beside(
                    entry, on_progress=lambda *counts: tell(f"{sentence}: {PROGRESS.format(*counts)}…")
                )
        except SightlineError as error:
            _log.info("%s is not made ready by another process: %s", model_id, error)
    return load_classifier(model_id, library, choice, tell)


def _run(model_id: str, output: Path, cancel: CancelToken, on_progress: Callable[[int, int], None]) -> None:
    """Run the process, whose output goes to a file, so that nothing has to read it meanwhile.

    Raises:
        Cancelled: The user cancelled.
        ModelError: It failed or fell silent.
        OSError: It could not be started.
    """
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "creationflags": _FLAGS}
    command = own_command("models", "prepare", model_id)
    said, heard_at, told = "", time.monotonic(), ("", "")
    with output.open("wb") as stream, child(command, output.parent, stdout=stream, **options) as process:
        ended = False
        while not ended:
            cancel.wait(_TURN_SECONDS)
            cancel.check()
            ended = process.poll() is not None  # before reading: what it said last counts too
            before, said = said, output.read_text(encoding="utf-8", errors="replace")
            if said != before:
                heard_at = time.monotonic()
            elif time.monotonic() - heard_at > _SILENT_SECONDS:
                raise ModelError(f"The process said nothing for {_SILENT_SECONDS:.0f} seconds.")
            if (counts := _PROGRESS.findall(said)[-1:]) and counts[0] != told:
                told = counts[0]
                on_progress(int(told[0]), int(told[1]))
    if process.returncode:
        said = output.read_text(encoding="utf-8", errors="replace")
        last = " ".join(said.split())[-_SHOWN:]
        raise ModelError(f"The process ended with status {process.returncode} and said: {last}")
