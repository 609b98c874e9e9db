"""Small pictures for the rows in view."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from desktop_app.core.images.sources import ReadPicture
from desktop_app.ui.common.dropping.mime import image_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.threads.thumbnails import PictureThumbnail

KEPT = 512
"""Thumbnails in memory, up to 37 kB each; older ones are made again when they come into view."""


class PictureThumbnails(QObject):
    """Asks once for each picture, and remembers those that cannot be read.

    Signals:
        arrived: The path of a picture whose thumbnail is ready, or that turned out to be unreadable.
    """

    arrived = Signal(object)

    def __init__(self, service: BatchService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._pictures: OrderedDict[Path, QPixmap | None] = OrderedDict()
        self._asked: set[Path] = set()
        service.thumbnail_ready.connect(self._on_thumbnail_ready)

    def of(self, path: Path) -> QPixmap | None:
        """The thumbnail of a picture; None until it is there, and for one that cannot be read."""
        picture = self._pictures.get(path)
        if picture is not None:
            self._pictures.move_to_end(path)
        return picture

    def clear(self) -> None:
        """Forget everything: another job is shown."""
        self._pictures.clear()
        self._asked.clear()

    def look_at(self, paths: Iterable[Path]) -> None:
        """Ask for those that are missing; other requests may have displaced earlier ones."""
        looked_at = [path for path in paths if path not in self._pictures]
        missing = [path for path in looked_at if path not in self._asked]
        self._asked = set(looked_at)
        if missing:
            self._service.request_thumbnails(missing)

    def _on_thumbnail_ready(self, thumbnail: PictureThumbnail) -> None:
        path, pixels = thumbnail.path, thumbnail.pixels
        if isinstance(path, ReadPicture):
            return  # somebody else asked for it
        self._pictures[path] = None if pixels is None else QPixmap.fromImage(image_of(pixels))
        while len(self._pictures) > KEPT:
            self._pictures.popitem(last=False)
        self.arrived.emit(path)
