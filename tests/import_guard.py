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

UNGUARDED = (
    "desktop_app.workers.application.about",
    "desktop_app.workers.application.device_monitor",
    "desktop_app.workers.batch.filing_worker",
    "desktop_app.workers.batch.jobs",
    "desktop_app.workers.batch.reader",
    "desktop_app.workers.batch.reports_worker",
    "desktop_app.workers.batch.run",
    "desktop_app.workers.batch.run_worker",
    "desktop_app.workers.classify.inference",
    "desktop_app.workers.library.library_worker",
    "desktop_app.workers.service.label_service",
    "desktop_app.workers.training.augmentation_worker",
    "desktop_app.workers.training.dataset_worker",
    "desktop_app.workers.training.estimates",
    "desktop_app.workers.training.worker",
)
"""Workers that import parts of `core` by themselves, in their threads."""


class ImportGuard(importlib.abc.MetaPathFinder):
    """Finds nothing, and notes what is imported in a thread that has not taken the loader's lock.

    Args:
        package: What is watched, with all that is in it.
        unguarded: Modules that may import it all the same.

    Attributes:
        strays: The modules, each with the place that asked for it.
    """

    def __init__(self, package: str = "desktop_app.core", unguarded: Sequence[str] = UNGUARDED) -> None:
        self._package = package
        self._unguarded = unguarded
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
        if not any(module in self._unguarded for module, _ in places):
            module, line = next(place for place in places if "importlib" not in place[0])
            self.strays.append(f"{name}, by {module}, line {line}")


def _up_from(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
