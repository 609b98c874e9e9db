"""How this copy of Sightline was built: packaged or not, from which commit, and where updates are published.

Building the packaged app writes ``build.json`` into it (see ``packaging/frozen/freeze.py``); a checkout or
an installed wheel has none.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, fields
from pathlib import Path

FILE_NAME = "build.json"
UPDATES_VARIABLE = "SIGHTLINE_UPDATES_URL"
"""Environment variable with the address where updates are published; it overrides the build's own."""


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """What is known about the build.

    Attributes:
        packaged: Whether this is the app that brings its own Python.
        commit: Beginning of the commit that it was built from, with a ``+`` when files were changed since;
            empty when that is unknown.
        date: Day of that commit, as YYYY-MM-DD, so that the same sources give the same build; may be empty.
        updates_url: Address of the file that names the newest version; empty when nobody has said so.
    """

    packaged: bool = False
    commit: str = ""
    date: str = ""
    updates_url: str = ""

    @property
    def sentence(self) -> str:
        """For a person, without a full stop."""
        if not self.packaged:
            return "not packaged, runs from its sources"
        source = f"commit {self.commit}" if self.commit else "unknown sources"
        return f"packaged, {source} of {self.date}" if self.date else f"packaged, {source}"


def packaged_folder() -> Path | None:
    """The folder that the packaged app has its parts in; None outside of it."""
    folder = getattr(sys, "_MEIPASS", None)
    return None if folder is None else Path(folder)


def build_info() -> BuildInfo:
    """Read how this copy was built; what cannot be read is left empty."""
    folder = packaged_folder()
    known = {} if folder is None else _known(folder / FILE_NAME)
    known["updates_url"] = os.environ.get(UPDATES_VARIABLE, known.get("updates_url", "")).strip()
    return BuildInfo(packaged=folder is not None, **known)


def _known(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    names = {field.name for field in fields(BuildInfo)} - {"packaged"}
    return {name: value for name, value in found.items() if name in names and isinstance(value, str)}
