"""Setting aside the subsets that the folders name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.datasets.layout.layout import Layout


def undivided(layout: Layout) -> Layout:
    """The same classes without subsets, so that a split is drawn from all pictures."""
    return replace(
        layout,
        folders=tuple(replace(entry, part=None) for entry in layout.folders),
        pictures=tuple(replace(entry, part=None) for entry in layout.pictures),
        parts=(),
        listed={},
    )
