"""Advice on folders that nothing can be learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXPECTED = (
    "Put each class in its own folder, such as cats and dogs, and choose the folder that holds them. "
    "Folders named train, validation and test can split the pictures."
)
"""What a folder must look like, as advice."""

ADD_CLASS = "Add at least one more class folder."


def lead_above(folder: Path) -> str:
    """Advice for somebody who chose one of the classes; empty where there is no folder above."""
    above = printable(folder.absolute().parent.name)
    return f"Is this a single class? Choose its parent folder, {above}. " if above else ""


def some(names: Sequence[str], most: int = 5) -> str:
    """List a few names: "a, b, c, d, e and 7 more"."""
    shown = [printable(name) for name in names[:most]]
    return ", ".join(shown) + (f" and {len(names) - most:,} more" if len(names) > most else "")
