"""Loading TensorFlow without stopping the other threads of the process."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.errors import SightlineError

if TYPE_CHECKING:
    from collections.abc import Iterator

_lock = threading.Lock()


class EngineError(SightlineError):
    """TensorFlow is missing from the installation or cannot start."""


def engine_loaded() -> bool:
    """Whether TensorFlow and Keras are in this process already."""
    return "tensorflow" in sys.modules and "keras" in sys.modules


def load_engine() -> None:
    """Import TensorFlow and Keras, leaving the other threads running; later calls return at once.

    A plain import stops every other thread for up to a second at a time: the loader maps more than
    1 GB of shared objects while the import holds the interpreter's lock, and the garbage collector
    walks over a million new objects again and again. So the libraries are loaded first through a
    foreign call, which gives the lock away, and the collector rests until the import is done.

    Raises:
        EngineError: TensorFlow is not installed or its libraries do not load.
    """
    with _lock:
        if engine_loaded():
            return
        os.environ.setdefault("KERAS_BACKEND", "tensorflow")
        # TensorFlow reports a machine without a GPU as an error; devices.py says it in words instead.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with _collector_resting():
            _load_libraries()
            try:
                import keras  # noqa: F401
                import tensorflow  # noqa: F401, ICN001
            except ImportError as error:
                raise EngineError(
                    f"TensorFlow cannot be loaded: {error}.",
                    "Reinstall Sightline; 'sightline doctor' shows what is missing.",
                ) from error


@contextlib.contextmanager
def _collector_resting() -> Iterator[None]:
    """Switch the garbage collector off, and afterwards exempt all that was created meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _load_libraries() -> None:
    """Map TensorFlow's shared objects through the C library, outside the interpreter's lock.

    Failing here is harmless: the import that follows loads them by itself, or says what is wrong.
    """
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent
    for stem in ("tensorflow_framework", "tensorflow_cc"):
        for path in sorted(folder.glob(f"*{stem}*")):
            if path.suffix in {".dll", ".dylib"} or ".so" in path.suffixes:
                _open_library(path)
                break


def _open_library(path: Path) -> None:
    if sys.platform == "win32":
        loader = ctypes.windll.kernel32.LoadLibraryW
        loader.restype = ctypes.c_void_p
        loader(ctypes.c_wchar_p(str(path)))
    else:
        # A call of a foreign function releases the lock; ctypes.CDLL(path) itself would hold it.
        dlopen = ctypes.CDLL(None).dlopen
        dlopen.restype = ctypes.c_void_p
        dlopen(ctypes.c_char_p(os.fsencode(path)), ctypes.c_int(os.RTLD_NOW | os.RTLD_LOCAL))
