"""Where a fit writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.store import Library
    from desktop_app.core.training.runs.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class Place:
    """All that a fit writes to: ten fits with ten places write to no common file.

    Attributes:
        run: Folder of the run, which has a record. A split that is there already is used.
        scratch: Folder for pictures that do not fit into memory; gone when the fit has ended.
        library: Library that gets the model; None when the model is not kept, as that of one fold of several.
    """

    run: RunFolder
    scratch: Path
    library: Library | None
