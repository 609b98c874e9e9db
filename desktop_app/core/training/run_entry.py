"""A run as lists show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.events import EpochMetrics
    from desktop_app.core.training.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A past or present run as the list shows it.

    Attributes:
        record: Contents of its ``run.json``; ``state`` is ``interrupted`` when nobody works on a running one.
        folder: Where it lies.
        history: Its finished epochs.
        problem: Why it cannot be read, as a sentence; empty when it can.
        resumable: Whether there is a checkpoint to go on from.
    """

    record: RunRecord
    folder: Path
    history: tuple[EpochMetrics, ...]
    problem: str = ""
    resumable: bool = False
