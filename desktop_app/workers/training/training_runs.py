"""Listing, renaming and removing training runs."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.errors import Reason
    from desktop_app.core.training.runs.run_entry import RunEntry
    from desktop_app.core.training.runs.store import RunStore
    from desktop_app.workers.threads.task import Lane

_log = logging.getLogger(__name__)

Runs = tuple["RunEntry", ...]


class TrainingRuns:
    """Has a lane work with the `RunStore`; lives in its owner's thread.

    Args:
        lane: The lane for the work, which has imported what reads runs.
        store: The folder of the runs; None takes the user's.
        on_listed: The receiver of the runs, newest first, whenever something may have changed.
        on_offer: The receiver of the removal that can be undone, as a sentence; empty when there is none.
        say: The receiver of the outcome of a request, as a sentence, and whether it succeeded.
    """

    def __init__(
        self,
        lane: Lane,
        store: RunStore | None,
        *,
        on_listed: Callable[[Runs], object],
        on_offer: Callable[[str], object],
        say: Callable[[str, bool], object],
    ) -> None:
        self._lane = lane
        self._given = store
        self._on_listed = on_listed
        self._on_offer = on_offer
        self._say = say
        self._removed: list[str] = []
        self._swept = False

    def refresh(self) -> None:
        """List the runs; only a failure is reported. The first call also clears leftovers."""
        first, self._swept = not self._swept, True
        if first:
            self._do("Clearing leftovers", lambda store: store.sweep(), _log_swept)
        self._do("Listing the runs", lambda store: store.list(), self._on_listed)
        if first:  # not before the list is there: it may take seconds
            self._do("Clearing leftovers", lambda store: store.sweep_datasets())

    def rename(self, run_id: str, name: str) -> None:
        """Rename a run; the list follows in any case, to replace what was typed over the old name."""
        self._do(
            "Renaming the run",
            lambda store: store.rename(run_id, name),
            lambda entry: self._say(f"Renamed to {entry.record.name}.", True),
            on_end=self.refresh,
        )

    def remove(self, run_id: str) -> None:
        """Move a run to the trash; the offer reports it, and only a failure is said."""
        self._do("Removing the run", lambda store: (store.remove(run_id), store.list()), self._on_run_removed)

    def undo_remove(self) -> None:
        """Restore the last removed run; if that fails, the offer stays."""
        self._do("Restoring the run", lambda store: (store.restore_last(), store.list()), self._on_restored)

    def empty_trash(self) -> None:
        """Delete removed runs permanently."""
        self._do("Emptying the trash", lambda store: store.empty_trash(), self._on_trash_emptied)

    @cached_property
    def _store(self) -> RunStore:
        """Only for the lane."""
        from desktop_app.core.training.runs.store import RunStore

        return self._given or RunStore.default()

    def _do(
        self,
        work: str,
        call: Callable[[RunStore], object],
        on_result: Callable[..., object] | None = None,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        self._lane.do(
            lambda: call(self._store),
            work=work,
            on_result=on_result,
            on_failure=self._on_failure,
            on_end=on_end,
        )

    def _on_failure(self, reason: Reason) -> None:
        self._say(reason.sentence, False)

    def _on_run_removed(self, outcome: tuple[RunEntry, Runs]) -> None:
        entry, runs = outcome
        stays = "" if entry.record.model_id is None else " Its model stays in Models."
        self._removed.append(f"Removed {entry.record.name}.{stays}")
        self._on_listed(runs)
        self._offer()

    def _on_restored(self, outcome: tuple[RunEntry | None, Runs]) -> None:
        entry, runs = outcome
        if entry is None:
            self._removed.clear()
            self._say("There is no removed run to restore.", False)
        else:
            del self._removed[-1:]
            self._on_listed(runs)
            self._say(f"Restored {entry.record.name}.", True)
        self._offer()

    def _on_trash_emptied(self, _nothing: None) -> None:
        self._removed.clear()
        self._offer()
        self._say("The trash is empty.", True)

    def _offer(self) -> None:
        self._on_offer(self._removed[-1] if self._removed else "")


def _log_swept(count: int) -> None:
    if count:
        _log.info("Cleared %d leftovers of trainings that were killed.", count)
