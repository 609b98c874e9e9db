"""The preview thread's worker: decodes pictures for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.images.sources import LinkSource, Source
from desktop_app.workers.classify.messages import PicturePreview

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """Decode a picture so that its longer side is at most ``max_side`` pixels.

    Attributes:
        thumbnail: Whether it is for the list of pictures, not for the screen; their sizes may be the same.
    """

    number: int
    source: Source
    max_side: int
    thumbnail: bool = False


class PreviewWorker(QObject):
    """Wraps `read_preview`; a picture that cannot be shown is reported through its item, not here."""

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
        import_picture_modules()
        from desktop_app.core.images.load import load_preview

        if isinstance(source, LinkSource):
            return None  # a link has a preview once it has been fetched
        return load_preview(source, max_side)
