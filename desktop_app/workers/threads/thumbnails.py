"""Small pictures of files, made in a thread of their own: the latest request comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.workers.threads.thread import WorkerThread

SIDE = 96
"""Longest side in pixels."""

MOST_WAITING = 1000
"""Waiting requests, more than any list shows at once; older ones are dropped."""


@dataclass(frozen=True, slots=True)
class PictureThumbnail:
    """A small picture of a file: uint8 ``(h, w, 3)`` RGB, C-contiguous; None when it cannot be read."""

    path: Path
    pixels: NDArray[np.uint8] | None = field(repr=False, compare=False)


class ThumbnailWorker(QObject):
    """Wraps `load_preview`; lives in the thumbnail thread."""

    ready = Signal(object)

    @Slot(object)
    def make(self, path: Path) -> None:
        """Make one thumbnail; `ready` follows in any case."""
        pixels = None
        try:
            import_picture_modules()
            from desktop_app.core.images.load import load_preview

            pixels, _full_size = load_preview(FileSource(path), SIDE)
        except SightlineError:
            pass  # the data set's report gives the reason
        finally:
            self.ready.emit(PictureThumbnail(path, pixels))


class ThumbnailQueue(QObject):
    """Hands one request at a time to the thumbnail thread, so that a newer list overtakes older ones."""

    ready = Signal(object)
    _requested = Signal(object)

    def __init__(self, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Path] = []
        self._busy = False
        worker = thread.adopt(ThumbnailWorker())
        self._requested.connect(worker.make)
        worker.ready.connect(self._on_ready)

    def add(self, paths: Iterable[Path]) -> None:
        """Request thumbnails in this order, before all that were requested earlier."""
        first = dict.fromkeys(paths)
        wanted = [*first, *(path for path in reversed(self._waiting) if path not in first)]
        self._waiting = wanted[MOST_WAITING - 1 :: -1]  # the next one is the last, where it is cheap to take
        self._advance()

    def clear(self) -> None:
        """Drop all waiting requests."""
        self._waiting.clear()

    @Slot(object)
    def _on_ready(self, thumbnail: PictureThumbnail) -> None:
        self._busy = False
        self._advance()
        self.ready.emit(thumbnail)

    def _advance(self) -> None:
        if not self._busy and self._waiting:
            self._busy = True
            self._requested.emit(self._waiting.pop())
