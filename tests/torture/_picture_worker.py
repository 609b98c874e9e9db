"""Decodes damaged pictures in a process of its own; `tests.torture.pictures` watches it.

One line for each picture on stdout: its number, the seconds and the extra bytes of memory that it took, and
``ok``, ``refused``, or the exception that should not have come out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_fitted, read_image, read_preview
from desktop_app.core.images.decoding.fitting import Fitting
from tests.core.images.mutations import mutate
from tests.core.images.samples import valid_files
from tests.torture._stopwatch import Stopwatch

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


def memory(name: str) -> int:
    """``VmRSS`` (now) or ``VmHWM`` (peak) in bytes; 0 where the system does not report it."""
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def forget_peak() -> None:
    """Reset the peak to what is used now."""
    if CLEAR.exists():
        CLEAR.write_text("5")


def decode(data: bytes, number: int) -> str:
    """Decode in one of the three ways in which the app does."""
    try:
        if number % 3 == 0:
            pixels = read_image(data)
        elif number % 3 == 1:
            pixels = read_fitted(data, Fitting(32, 32, "squash"))
        else:
            pixels, _size = read_preview(data, 192)
        good = pixels.dtype == "uint8" and pixels.ndim == 3 and pixels.shape[2] == 3
    except UnreadableImage as error:
        return "refused" if str(error) and error.advice else "refused without advice"
    except BaseException as error:
        return f"{type(error).__name__}: {error}".replace("\n", " ")
    return "ok" if good else f"wrong array: {pixels.dtype} {pixels.shape}"


def main(first: int, end: int) -> None:
    files = valid_files()
    for number in range(first, end):
        _name, data = mutate(files, number)
        print(f"{number} begins", flush=True)
        forget_peak()
        before, watch = memory("VmRSS"), Stopwatch()
        outcome = decode(data, number)
        seconds = watch.seconds()
        print(f"{number} {seconds:.6f} {memory('VmHWM') - before} {outcome}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
