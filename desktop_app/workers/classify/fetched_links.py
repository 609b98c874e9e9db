"""The pictures behind links, kept so that each is fetched once for prediction and preview."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from desktop_app.core.images.sources import DataSource

if TYPE_CHECKING:
    from desktop_app.core.images.sources import Source

KEPT_BYTES = 256 * 1024 * 1024
"""Bytes kept in memory at most; older pictures are fetched again when they are shown."""


class FetchedLinks:
    """Encoded pictures by item number, the least recently used ones dropped first."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._sources: OrderedDict[int, DataSource] = OrderedDict()
        self._bytes = 0

    def keep(self, number: int, source: Source) -> None:
        """Keep the picture of an item; the newest one is kept whatever its size."""
        if not isinstance(source, DataSource):
            return
        self._forget(number)
        self._sources[number] = source
        self._bytes += len(source.data)
        while self._bytes > self._kept_bytes and len(self._sources) > 1:
            self._forget(next(iter(self._sources)))

    def get(self, number: int) -> DataSource | None:
        """The picture of an item, or None when it is not here."""
        if number in self._sources:
            self._sources.move_to_end(number)
        return self._sources.get(number)

    def clear(self) -> None:
        """Forget all."""
        self._sources.clear()
        self._bytes = 0

    def _forget(self, number: int) -> None:
        source = self._sources.pop(number, None)
        if source is not None:
            self._bytes -= len(source.data)
