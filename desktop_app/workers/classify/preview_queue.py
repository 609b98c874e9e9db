"""The requested previews: the picture on the screen first, then the newest thumbnails."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.core.images.sources import LinkSource, Source
from desktop_app.workers.classify.messages import PicturePreview
from desktop_app.workers.classify.pictures import THUMBNAIL_SIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.workers.threads.task import Lane

    Decoded = tuple[NDArray[np.uint8], tuple[int, int]]


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


class PreviewQueue:
    """Hands a lane one request at a time, so that a newer request overtakes older ones.

    A picture that cannot be shown is reported through its item, not here.

    Attributes:
        reading: How the numbers of the pictures are read: as the model does; None for as they are stored.

    Args:
        lane: The lane that decodes.
        on_preview: The receiver of each `PicturePreview` for the screen.
        on_thumbnail: The receiver of those for the list.
    """

    def __init__(
        self,
        lane: Lane,
        *,
        on_preview: Callable[[PicturePreview], object],
        on_thumbnail: Callable[[PicturePreview], object],
    ) -> None:
        self.reading: PixelReading | None = None
        self._lane = lane
        self._on_preview = on_preview
        self._on_thumbnail = on_thumbnail
        self._preview: PreviewRequest | None = None
        self._thumbnails: dict[int, PreviewRequest] = {}
        self._busy = False

    def show(self, number: int, source: Source, max_side: int) -> None:
        """Request a picture for the screen; an earlier request is dropped."""
        self._preview = PreviewRequest(number, source, max_side)
        self._advance()

    def add_thumbnail(self, number: int, source: Source) -> None:
        """Request a thumbnail, before all that were requested earlier."""
        self._thumbnails.pop(number, None)
        self._thumbnails[number] = PreviewRequest(number, source, THUMBNAIL_SIDE, thumbnail=True)
        self._advance()

    def source_arrived(self, number: int, source: Source) -> None:
        """Serve the requests for a link, now that its picture is here."""
        if self._preview is not None and self._preview.number == number:
            self._preview = replace(self._preview, source=source)
        if number in self._thumbnails:
            self._thumbnails[number] = replace(self._thumbnails[number], source=source)
        self._advance()

    def clear(self) -> None:
        """Drop all requests."""
        self._preview = None
        self._thumbnails.clear()

    def _on_read(self, request: PreviewRequest, decoded: Decoded) -> None:
        pixels, (width, height) = decoded
        preview = PicturePreview(request.number, pixels, width, height)
        if request.thumbnail:
            self._on_thumbnail(preview)
        elif self._preview is None or self._preview.number == preview.number:
            self._on_preview(preview)

    def _on_end(self) -> None:
        self._busy = False
        self._advance()

    def _advance(self) -> None:
        request = None if self._busy else self._next()
        if request is not None:
            self._busy = True
            on_result = partial(self._on_read, request)
            self._lane.do(_read, request, self.reading, on_result=on_result, on_end=self._on_end)

    def _next(self) -> PreviewRequest | None:
        """Take the next request; one for a link that is not here yet stays."""
        if self._preview is not None and not isinstance(self._preview.source, LinkSource):
            request, self._preview = self._preview, None
            return request
        for number in reversed(self._thumbnails):
            if not isinstance(self._thumbnails[number].source, LinkSource):
                return self._thumbnails.pop(number)
        return None


def _read(request: PreviewRequest, reading: PixelReading | None) -> Decoded:
    from desktop_app.core.images.decoding.reading import AS_STORED
    from desktop_app.core.images.load import load_preview

    return load_preview(request.source, request.max_side, reading=reading or AS_STORED)
