"""Sentences as a client may read them: without where this computer keeps its files."""

from __future__ import annotations

import os
import re
from pathlib import Path

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.text import printable

_BELOW = r"(?:[\\/][^\\/\s:'\"]+)*[\\/]"


def public_text(text: str) -> str:
    """Name files of this computer without their folders, and make the text one that any program can print.

    What a client sent comes back in sentences too: JSON may carry half characters.
    """
    for place in _places():
        if place in text:
            text = re.sub(re.escape(place) + _BELOW, "", text)
    return printable(text.encode("utf-8", "replace").decode("utf-8"))


def _places() -> list[str]:
    """Folders that say who the user is, or how the app is installed; the innermost first."""
    found = {str(paths.home()), str(paths.resources().parent), str(paths.shipped_models().parent)}
    user = os.path.expanduser("~")  # noqa: PTH111 - raises never
    return sorted({place for place in found | {user} if len(Path(place).parts) > 1}, key=len, reverse=True)
