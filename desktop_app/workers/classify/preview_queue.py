"""The requested previews: the picture on the screen first, then the newest thumbnails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.images.sources import LinkSource, Source
from desktop_app.workers.classify.pictures import THUMBNAIL_SIDE
from desktop_app.workers.classify.previews import PreviewRequest, PreviewWorker

if TYPE_CHECKING:
    from desktop_app.workers.classify.messages import PicturePreview
    from desktop_app.workers.threads.thread import WorkerThread


class PreviewQueue(QObject):
    """Hands one request at a time to the preview thread, so that a newer request overtakes older ones."""

    preview_ready = Signal(object)
    thumbnail_ready = Signal(object)
    _requested = Signal(object)

    def __init__(self, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self._preview: PreviewRequest | None = None
        self._thumbnails: dict[int, PreviewRequest] = {}
        self._under_way: PreviewRequest | None = None
        worker = thread.adopt(PreviewWorker())
        self._requested.connect(worker.decode)
        worker.ready.connect(self._on_ready)
        worker.ended.connect(self._on_ended)

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

    @Slot(object)
    def _on_ready(self, preview: PicturePreview) -> None:
        request = self._under_way
        if request is None:
            return
        if request.thumbnail:
            self.thumbnail_ready.emit(preview)
        elif self._preview is None or self._preview.number == preview.number:
            self.preview_ready.emit(preview)

    @Slot(int)
    def _on_ended(self, number: int) -> None:  # noqa: ARG002 - the slot's signature
        self._under_way = None
        self._advance()

    def _advance(self) -> None:
        if self._under_way is not None:
            return
        self._under_way = self._next()
        if self._under_way is not None:
            self._requested.emit(self._under_way)

    def _next(self) -> PreviewRequest | None:
        """Take the next request; one for a link that is not here yet stays."""
        if self._preview is not None and not isinstance(self._preview.source, LinkSource):
            request, self._preview = self._preview, None
            return request
        for number in reversed(self._thumbnails):
            if not isinstance(self._thumbnails[number].source, LinkSource):
                return self._thumbnails.pop(number)
        return None
