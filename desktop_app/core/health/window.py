"""The step of the self-test that opens the window, without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.child import Child
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

SMALLEST = (440, 640)
"""Height and width below which the window does not go, in pixels."""
_FEWEST_COLOURS = 1000
"""A window with a photo in it has tens of thousands; one whose parts were not drawn has some dozens."""


def open_window(folder: Path, pictures: Sequence[Path], *, start: Callable[..., Child] = Child) -> str:
    """Have the window classify pictures offscreen, and check its screenshot.

    Args:
        folder: Folder for the screenshot and for the output of the process.
        pictures: Files to open.
        start: Function that starts Sightline once more.

    Returns:
        What was done, as a sentence.

    Raises:
        CheckFailed: The window did not open, did not finish in time, or shows nothing.
    """
    shot = folder / "window.png"
    words = ("window", "--screenshot", str(shot), "--theme", "light", *map(str, pictures))
    with start(*words, output=folder / "window.txt", QT_QPA_PLATFORM="offscreen") as process:
        process.wait()
    try:
        pixels = load_source(FileSource(shot))
    except UnreadableImage as error:
        raise CheckFailed(f"The window gave no screenshot: {error}", "Please report this.") from error
    return check_picture(pixels)


def check_picture(pixels: NDArray[np.uint8]) -> str:
    """Look whether a picture is that of a window with photos in it.

    Args:
        pixels: The screenshot, RGB ``(H, W, 3)``.

    Raises:
        CheckFailed: It is too small or shows too little.
    """
    height, width, _channels = pixels.shape
    # 24 bits in one number: an array of rows would be sorted for half a minute.
    colours = len(np.unique(pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)))
    if height < SMALLEST[0] or width < SMALLEST[1] or colours < _FEWEST_COLOURS:
        raise CheckFailed(
            f"The window was drawn wrongly: {width} x {height} pixels in {colours} colours.",
            "Reinstall Sightline; if that does not help, please report this.",
        )
    return f"The window opened without a screen, {width} x {height} pixels, with the pictures and all panes."
