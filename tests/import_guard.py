"""Watches who imports what: a thread beside the main one imports `core` through the loader only."""

from __future__ import annotations

import importlib.abc
import sys
import threading
from typing import TYPE_CHECKING

from desktop_app.core.engine.libraries import loading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType


class ImportGuard(importlib.abc.MetaPathFinder):
    """Finds nothing, and notes what is imported in a thread that has not taken the loader's lock.

    Args:
        package: What is watched, with all that is in it.

    Attributes:
        strays: The modules, each with the place that asked for it.
    """

    def __init__(self, package: str = "desktop_app.core") -> None:
        self._package = package
        self.strays: list[str] = []

    def __enter__(self) -> ImportGuard:
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *_exception: object) -> None:
        sys.meta_path.remove(self)

    def find_spec(self, name: str, _path: Sequence[str] | None = None, _target: object = None) -> None:
        """Look at who asks; the finders that follow do the work."""
        if not f"{name}.".startswith(f"{self._package}."):
            return
        if threading.get_ident() == threading.main_thread().ident or loading.held_here:
            return
        places = [
            (str(frame.f_globals.get("__name__")), frame.f_lineno) for frame in _up_from(sys._getframe(1))
        ]
        module, line = next(place for place in places if "importlib" not in place[0])
        self.strays.append(f"{name}, by {module}, line {line}")


def _up_from(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
