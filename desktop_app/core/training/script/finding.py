"""From an id to the run that is meant: a run's own, or that of the model that it has made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError, UsageError
from desktop_app.core.foundation.text import printable
from desktop_app.core.training.runs.run_folder import RunFolder, UnknownRun

if TYPE_CHECKING:
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.store import RunStore

_MADE_BY = "Training run "
"""How the source of a trained model begins on its card."""


def find_run(name: str, runs: RunStore, library: Library) -> RunEntry:
    """Find a run by its id or by that of its model.

    Args:
        name: The id.
        runs: The runs.
        library: The models.

    Raises:
        UsageError: Nothing has this id, or the model was not trained here.
        RunError: The run cannot be read, or was removed.
    """
    try:
        return _readable(runs.get(name))
    except UnknownRun as error:
        model = next((entry for entry in library.entries() if entry.model_id == name), None)
        if model is None:
            raise UnknownRun(
                f"There is no run and no model '{printable(name)}'.",
                f"{error.advice} 'sightline models' lists the models.",
            ) from error
    card = model.card
    if card is None:
        raise SightlineError(f"The model '{name}' cannot be read: {model.problem}", "Name its run instead.")
    if card.origin != "trained" or not card.source.startswith(_MADE_BY):
        raise UsageError(
            f"{card.name} was not trained here, so there is no code that trains it.",
            "'sightline runs' lists the trainings that there is code for.",
        )
    made_by = card.source.removeprefix(_MADE_BY)
    try:
        return _readable(runs.get(made_by))
    except UnknownRun as error:
        raise SightlineError(
            f"The run '{printable(made_by)}' that made {card.name} is not here any more.",
            "If it was the last one removed, 'sightline runs restore' restores it.",
        ) from error


def _readable(entry: RunEntry) -> RunEntry:
    """A run whose record can be read; raises the error that says why not, and what to do."""
    if entry.problem:
        RunFolder(entry.folder).read_record()
        raise SightlineError(entry.problem)
    return entry
