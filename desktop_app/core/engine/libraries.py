"""Loading large shared objects without stopping the other threads of the process.

Python holds its lock while it maps an extension module, and the system's loader has a lock of its own: a
thread that imports an extension while another maps a large library waits for the loader while it holds
Python's lock, and every thread stands still. So the files are mapped through a foreign call, which releases
Python's lock, and what might be imported meanwhile is imported before.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

loading = threading.RLock()
"""Held while libraries are being mapped; take it to load one by other means, from whichever thread."""

mapping = threading.Lock()
"""Held while one library is being mapped: whoever starts a thread then waits for the system's loader."""

_PICTURE_EXTENSIONS = {
    "numpy": ("_core/_multiarray_umath.*",),
    "PIL": ("_imaging.*", "_imagingcms.*", "_webp.*", "_avif.*"),
    "pillow_heif": ("../_pillow_heif.*",),
}
"""Extension modules of more than a few hundred kB that decoding needs, by package."""

_CARD_EXTENSIONS = {"pydantic_core": ("_pydantic_core.*",)}

_picture_modules_ready = threading.Event()
_card_modules_ready = threading.Event()
_run_modules_ready = threading.Event()


def map_library(path: Path) -> None:
    """Map a shared object for good, outside Python's lock.

    Failing is harmless: the import that follows loads it by itself, or says what is wrong.
    """
    with mapping:
        if sys.platform == "win32":
            load = ctypes.windll.kernel32.LoadLibraryW
            load.restype = ctypes.c_void_p
            load(ctypes.c_wchar_p(str(path)))
        else:
            # A call of a foreign function releases Python's lock; ctypes.CDLL(path) itself would hold it.
            dlopen = ctypes.CDLL(None).dlopen
            dlopen.restype = ctypes.c_void_p
            dlopen(ctypes.c_char_p(os.fsencode(path)), ctypes.c_int(os.RTLD_NOW | os.RTLD_LOCAL))


def package_folder(name: str) -> Path | None:
    """Find a package without importing it; None when it is not installed."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def map_libraries(package: str, patterns: tuple[str, ...]) -> None:
    """Map the shared objects of a package that match any of the patterns, in the patterns' order."""
    folder = package_folder(package)
    if folder is None:
        return
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if {".so", ".pyd", ".dll", ".dylib"} & set(path.suffixes):
                map_library(path)


def import_picture_modules() -> None:
    """Import what decoding needs; the first call does the work, the others wait for it at most."""
    modules = [
        f"desktop_app.core.images.{name}" for name in ("decoding.decode", "folders", "links.fetch", "load")
    ]
    _import_once(_picture_modules_ready, _PICTURE_EXTENSIONS, modules)


def import_card_modules() -> None:
    """Import what reading a model's card needs, likewise."""
    _import_once(_card_modules_ready, _CARD_EXTENSIONS, ["desktop_app.core.library.card"])


def import_run_modules() -> None:
    """Import what the list of training runs needs, likewise.

    One thread after the other: the window's thread would get its turn too late among several that import.
    """
    extensions = _PICTURE_EXTENSIONS | _CARD_EXTENSIONS
    _import_once(_run_modules_ready, extensions, ["desktop_app.core.training.runs.store"])


def _import_once(
    ready: threading.Event, extensions: Mapping[str, tuple[str, ...]], modules: Sequence[str]
) -> None:
    if ready.is_set():
        return
    with loading:
        if ready.is_set():
            return
        for package, patterns in extensions.items():
            map_libraries(package, patterns)
        for module in modules:
            importlib.import_module(module)
        ready.set()
