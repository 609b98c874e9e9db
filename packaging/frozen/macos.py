"""The disk image for macOS."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from frozen import platforms

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = platforms.ROOT / "packaging" / "macos" / "make_dmg.sh"


def build(app: Path, folder: Path) -> Path:
    """Build the disk image; sign and notarise it where the environment names an identity (see the script).

    Args:
        app: The bundle, ``Sightline.app``.
        folder: Where to put the image.

    Returns:
        The image.

    Raises:
        subprocess.CalledProcessError: A step failed and said why.
    """
    target = folder / image_name()
    subprocess.run(["/bin/sh", str(SCRIPT), str(app), str(target)], check=True)
    return target


def image_name() -> str:
    """The image's name."""
    return f"sightline-{platforms.version()}-macos-arm64.dmg"
