"""Small pictures of files, asked for when they are first looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from desktop_app.core.images.sources import ReadPicture
from desktop_app.ui.common.dropping.mime import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import SignalInstance

    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.workers.threads.thumbnails import PictureThumbnail

KEPT = 512
"""Thumbnails kept in memory; older ones are asked for again when they come into view."""


class ThumbnailService(Protocol):
    """What makes thumbnails, and drops those that wait when other pictures are looked at.

    Attributes:
        thumbnail_ready: Signal with the requested `PictureThumbnail`.
        scan_started: Signal that other pictures are looked at.
    """

    thumbnail_ready: SignalInstance
    scan_started: SignalInstance

    def request_thumbnails(self, paths: Sequence[Path | ReadPicture]) -> None:
        """Ask for thumbnails in this order, before all that were asked for earlier."""


class Thumbnails(QObject):
    """What is asked for during one turn of the event loop goes to the service as one request.

    Attributes:
        reading: How the numbers of the pictures are read, unless it is said otherwise; None for as stored.

    Signals:
        arrived: The path of a picture whose thumbnail is there now.
    """

    arrived = Signal(object)

    def __init__(self, service: ThumbnailService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self.reading: PixelReading | None = None
        self._pictures: OrderedDict[Path | ReadPicture, QPixmap] = OrderedDict()
        self._asked: set[Path | ReadPicture] = set()
        self._wanted: list[Path | ReadPicture] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._request)
        service.thumbnail_ready.connect(self._on_thumbnail_ready)
        service.scan_started.connect(self._on_scan_started)

    def of(self, path: Path, reading: PixelReading | None = None) -> QPixmap | None:
        """The thumbnail of a picture; None until it has arrived, and always None if it cannot be read.

        Args:
            path: Path of the picture.
            reading: How its numbers are read; None for `reading`.
        """
        reading = reading or self.reading
        key = path if reading is None or reading.is_as_stored else ReadPicture(path, reading)
        known = self._pictures.get(key)
        if known is not None:
            self._pictures.move_to_end(key)
        elif key not in self._asked:
            self._asked.add(key)
            self._wanted.append(key)
            self._timer.start()
        return known

    def _request(self) -> None:
        wanted, self._wanted = self._wanted, []
        self._service.request_thumbnails(wanted)

    def _on_scan_started(self) -> None:
        """Ask again, when they are looked at, for those that have not come: they are given up."""
        self._asked.intersection_update(self._pictures)

    def _on_thumbnail_ready(self, thumbnail: PictureThumbnail) -> None:
        if thumbnail.pixels is None or thumbnail.path not in self._asked:
            return  # somebody else asked for it, or there is nothing to see
        self._pictures[thumbnail.path] = QPixmap.fromImage(image_of(thumbnail.pixels))
        while len(self._pictures) > KEPT:
            old, _ = self._pictures.popitem(last=False)
            self._asked.discard(old)
        made = thumbnail.path
        self.arrived.emit(made.path if isinstance(made, ReadPicture) else made)
