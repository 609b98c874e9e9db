"""Icons of all sizes and kinds, from the one drawing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels; the sizes of the hicolor theme that desktops ask for."""


def draw(python: Path, folder: Path) -> None:
    """Draw the icons.

    Args:
        python: The Python of an environment with Qt and Pillow.
        folder: Gets ``sightline-SIZE.png``, ``sightline.ico`` and ``sightline.icns``.
    """
    surroundings = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([python, __file__, folder], check=True, env=surroundings)


def main(folder: Path) -> None:
    """Draw them here and now; needs the packages."""
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    drawing = Path(__file__).resolve().parent.parent.parent / "resources" / "icons" / "sightline.svg"
    renderer = QSvgRenderer(str(drawing))
    folder.mkdir(parents=True, exist_ok=True)
    for side in (*SIZES, 1024):
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"sightline-{side}.png"))
    largest = Image.open(folder / "sightline-1024.png")
    largest.save(folder / "sightline.icns")
    largest.save(folder / "sightline.ico", sizes=[(side, side) for side in (16, 24, 32, 48, 64, 128, 256)])
    application.quit()


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
