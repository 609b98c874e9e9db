"""The journals beside a job: what was filed out of it and not undone, even if the app crashed since."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop_app.core.batch.filing.filing import DONE, Filed
from desktop_app.core.batch.filing.journal import read_entries
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting

if TYPE_CHECKING:
    from pathlib import Path

_TAIL = ".journal"

_LOST = {
    "copied": "The copies stay there, and Undo will no longer remove them.",
    "moved": "They stay there, and Undo will no longer move them back.",
    "linked": "The links stay there, and Undo will no longer remove them.",
}


@dataclass(frozen=True, slots=True)
class LastFiling:
    """The filing that would be undone first.

    Attributes:
        journal: The journal for `filing.undo`.
        filed: The part of it that stands.
        in_vain: Whether undoing all that stands was tried before.
    """

    journal: Path
    filed: Filed
    in_vain: bool = False

    @property
    def given_up(self) -> str:
        """What is lost by never undoing it, as text."""
        return f"{self.filed.sentence} {_LOST[self.filed.what]} No file is touched."


@dataclass(frozen=True, slots=True)
class FiledFiles:
    """The files that a job's pictures became.

    Attributes:
        moved: The present paths of pictures, by the paths where they were found.
        targets: The new paths of all copies, links and moved pictures.
    """

    moved: dict[Path, Path] = field(default_factory=dict)
    targets: frozenset[Path] = frozenset()


def new_journal(job: Path) -> Path:
    """Name the next journal of a job."""
    return job.with_name(f"{job.stem}.{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{_TAIL}")


def journals_of(job: Path) -> list[Path]:
    """List the journals of a job, the oldest first."""
    try:
        names = sorted(path.name for path in job.parent.iterdir())
    except OSError:
        return []
    return [job.with_name(name) for name in names if name.startswith(f"{job.stem}.") and name.endswith(_TAIL)]


def last_filing(job: Path) -> LastFiling | None:
    """Find the last filing of which something stands; a journal that cannot be read is passed over.

    A filing of which all that stands was tried to be taken back, in vain, must not keep the earlier ones from
    it: its turn comes again behind them.
    """
    tried_in_vain: LastFiling | None = None
    for journal in reversed(journals_of(job)):
        with contextlib.suppress(SightlineError), collector_resting():
            entries = read_entries(journal, settled=False)
            if entries:
                folder = entries[0].target.parent.parent  # around the folder of the label
                filed = Filed(DONE[entries[0].how], len(entries), (), folder=folder)
                found = LastFiling(journal, filed, in_vain=all(entry.undoing for entry in entries))
                if not found.in_vain:
                    return found
                tried_in_vain = tried_in_vain or found
    return tried_in_vain


def filed_files(job: Path) -> FiledFiles:
    """Read what was filed out of a job; a journal that cannot be read counts as empty."""
    moved: dict[Path, Path] = {}
    found: dict[Path, Path] = {}  # what was moved twice is known by its first place
    targets: set[Path] = set()
    for journal in journals_of(job):
        with contextlib.suppress(SightlineError), collector_resting():
            for entry in read_entries(journal):
                if entry.size is None and not os.path.lexists(entry.target):  # a step that a crash cut short
                    continue
                targets.add(entry.target)
                if entry.how == "move":
                    first = found.pop(entry.source, entry.source)
                    moved[first], found[entry.target] = entry.target, first
    return FiledFiles(moved, frozenset(targets))
