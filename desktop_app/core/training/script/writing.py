"""A script in a folder, with what it needs to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.files import replacing_folder
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.script.main_source import WEIGHTS
from desktop_app.core.training.script.script import SCRIPT, SPLIT, script_of

if TYPE_CHECKING:
    from pathlib import Path

    import keras

    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.script.facts import Facts
    from desktop_app.core.training.script.script import Script

_WEIGHT_BYTES = 4
_ADVICE = "Choose a folder that does not exist yet."


def write_script(entry: RunEntry, folder: Path) -> Script:
    """Write the script of a run, its list of pictures and its backbone's weights into a new folder.

    The folder appears whole or not at all.

    Args:
        entry: The run.
        folder: Folder to make; an empty one is replaced.

    Returns:
        The script that was written.

    Raises:
        UsageError: There is something at the folder already.
        StorageError: The folder cannot be written.
        SightlineError: There is no script for the run, or the backbone's weights are missing.
    """
    _require_free(folder)
    script = script_of(entry, in_folder=True)
    weights = _weights(script.facts)
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
    if weights is not None:
        require_space(folder.parent, _WEIGHT_BYTES * weights.count_params())
    with replacing_folder(folder, before=lambda _there: _require_free(folder)) as fresh:
        (fresh / SCRIPT).write_text(script.text, encoding="utf-8", newline="\n")
        (fresh / SPLIT).write_bytes(script.facts.split_file.read_bytes())
        if weights is not None:
            weights.save_weights(fresh / WEIGHTS)
    return script


def _weights(facts: Facts) -> keras.Model | None:
    """The backbone with its published weights; None where the script needs none.

    Raises:
        ModelError: They are missing, or not the backbone's.
    """
    if facts.backbone is None or not facts.from_file:
        return None
    return facts.backbone.build(facts.size, facts.backbone.require_weights())


def _require_free(folder: Path) -> None:
    with storage_errors(folder):
        if folder.is_dir() and not any(folder.iterdir()):
            return
        if folder.exists() or folder.is_symlink():
            raise UsageError(f"There is something at {printable(str(folder))} already.", _ADVICE)
