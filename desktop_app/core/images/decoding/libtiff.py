"""libtiff, the library below Pillow's TIFF decoder, prints its messages to the terminal by itself."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache


@cache
def quieten_libtiff() -> None:
    """Remove libtiff's handlers, once for the process: the user reads our own sentence about what is wrong.

    Where libtiff is linked so that it cannot be found through Pillow's module (Windows), it stays as it is.
    """
    from PIL import _imaging

    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(_imaging.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            set_handler = getattr(library, name)
            set_handler.argtypes, set_handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            set_handler(None)
