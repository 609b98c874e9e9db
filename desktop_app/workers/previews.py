"""The preview thread's worker: decodes pictures for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.errors import SightlineError
from desktop_app.core.images.sources import DataSource, FileSource, PixelSource, Source
from desktop_app.workers.messages import PicturePreview

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """Decode a picture so that its longer side is at most ``max_side`` pixels."""

    number: int
    source: Source
    max_side: int


class PreviewWorker(QObject):
    """Wraps `read_preview`; a picture that cannot be shown says so through its item, not here."""

    ready = Signal(object)
    ended = Signal(int)

    @Slot(object)
    def decode(self, request: PreviewRequest) -> None:
        """Decode one preview; `ended` follows in any case."""
        try:
            decoded = self._read(request.source, request.max_side)
            if decoded is not None:
                pixels, (width, height) = decoded
                self.ready.emit(PicturePreview(request.number, pixels, width, height))
        except SightlineError:
            pass
        finally:
            self.ended.emit(request.number)

    def _read(self, source: Source, max_side: int) -> tuple[NDArray[np.uint8], tuple[int, int]] | None:
        from desktop_app.core.images.decode import read_preview
        from desktop_app.core.images.resize import resize

        if isinstance(source, FileSource):
            return read_preview(Path(source.path), max_side)
        if isinstance(source, DataSource):
            return read_preview(source.data, max_side)
        if isinstance(source, PixelSource):
            height, width = source.pixels.shape[:2]
            scale = min(1.0, max_side / max(height, width))
            shown = resize(
                source.pixels, max(1, round(height * scale)), max(1, round(width * scale)), "squash"
            )
            return np.ascontiguousarray(shown), (width, height)
        return None  # a link has a preview once it has been fetched
