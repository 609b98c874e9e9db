"""What the window and the lane of exports tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
    from desktop_app.core.export.listening import ExportProgress
    from desktop_app.core.export.proof import ExportReport
    from desktop_app.core.foundation.errors import Reason


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is to be written.

    Attributes:
        model_id: The model.
        name: Its name for people.
        form: The format.
        precision: The numbers that its weights are kept as.
        path: The file to create or replace.
    """

    model_id: str
    name: str
    form: ExportFormat
    precision: ExportPrecision
    path: Path


class ExportPhase(Enum):
    """Where an export is."""

    RUNNING = "running"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ExportStatus:
    """An export that runs or has ended.

    Attributes:
        request: What was asked for.
        phase: Where it is; ``ASKING`` is proven, and waits for the answer whether the file is wanted.
        progress: What is being done; None before the first word.
        report: What the proof found, from ``ASKING`` on; None for ``sightline``, which is a copy.
        reason: Why it failed; None otherwise.
        size: Size of the file in bytes, once it is written.
    """

    request: ExportRequest
    phase: ExportPhase = ExportPhase.RUNNING
    progress: ExportProgress | None = None
    report: ExportReport | None = None
    reason: Reason | None = None
    size: int = 0

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.phase in {ExportPhase.RUNNING, ExportPhase.ASKING}


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """What a model can be exported as.

    Attributes:
        model_id: The model.
        forms: The formats that it can be written in, which may still fail.
        weights: Size of its weights in bytes.
        measured_on: Sentence about the pictures that a loss of accuracy is measured on.
        problem: Why other formats are not among them; None when all are.
    """

    model_id: str
    forms: frozenset[ExportFormat]
    weights: int = 0
    measured_on: str = ""
    problem: Reason | None = None
