"""The pages that the service shows to a browser; they need nothing from anywhere else."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from desktop_app.core.foundation import paths

_FOLDER = "service"


class Page(NamedTuple):
    """A file as it is sent."""

    body: bytes
    content_type: str


_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

PAGES = {"/": "index.html", "/docs": "docs.html"}
"""What a person opens."""

ICON = "icon.svg"
PARTS = ("service.css", "ask.js", "index.js", "docs.js", ICON)
"""What the pages load, each at ``/parts/`` and its name."""


@cache
def read_page(name: str) -> Page:
    """Read one of the files that are named above.

    Raises:
        OSError: The installation is damaged.
    """
    folder = paths.resources()
    path = folder / "icons" / "sightline.svg" if name == ICON else folder / _FOLDER / name
    return Page(path.read_bytes(), f"{_TYPES[path.suffix[1:]]}; charset=utf-8")
