"""How much is measured, on which pictures, and where the files for it lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Effort = Literal["trial", "usual", "full"]


@dataclass(frozen=True)
class Plan:
    """What the caller asks of a measurement.

    Attributes:
        scratch: An empty folder of this measurement.
        runs: Rounds that count; there is a warm-up before them.
        effort: ``trial`` only shows that it runs, ``usual`` fits into `make bench`, ``full`` takes as many
            pictures as the goals name.
        data: Folder with photos, or with one folder of them per class; None for generated ones.
    """

    scratch: Path
    runs: int = 5
    effort: Effort = "usual"
    data: Path | None = None

    def count(self, trial: int, usual: int, full: int | None = None) -> int:
        """Choose a number by effort; ``full`` is as ``usual`` unless it is given."""
        return {"trial": trial, "usual": usual, "full": usual if full is None else full}[self.effort]
