"""The pictures that wait, and those under way."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from desktop_app.core.images.sources import LinkSource, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES_UNDER_WAY = 6
"""Enough to keep the decoder and the network busy at once; each takes at most a decoded picture of memory."""

LINKS_UNDER_WAY = 2
"""Downloads queued to the link thread; the others stay cancellable here."""


class WaitingItems:
    """A queue of item numbers with links apart, since a slow server must not hold up files."""

    def __init__(self) -> None:
        self._files: deque[int] = deque()
        self._links: deque[int] = deque()
        self._decoding: set[int] = set()
        self._fetching: set[int] = set()
        self._at_network: set[int] = set()

    def append(self, number: int, source: Source) -> None:
        """Queue an item behind all others."""
        (self._links if isinstance(source, LinkSource) else self._files).append(number)

    def put_back(self, number: int, source: Source) -> None:
        """Queue an item before all others."""
        (self._links if isinstance(source, LinkSource) else self._files).appendleft(number)

    def next_ones(self, held: int) -> Iterator[tuple[int, bool]]:
        """Take the items that may start now.

        Args:
            held: The number of decoded pictures that wait for the model.

        Yields:
            Each item's number, and whether it goes to the link thread.
        """
        while self._files and len(self._decoding) + len(self._at_network) + held < FILES_UNDER_WAY:
            number = self._files.popleft()
            self._decoding.add(number)
            yield number, False
        while self._links and len(self._fetching) < LINKS_UNDER_WAY and held < FILES_UNDER_WAY:
            number = self._links.popleft()
            self._fetching.add(number)
            yield number, True

    def came_back(self, number: int) -> None:
        """Note that decoding or fetching an item has ended, in whatever way."""
        self._decoding.discard(number)
        self._fetching.discard(number)

    def sent_to_network(self, number: int) -> None:
        """Note that the network has an item."""
        self._at_network.add(number)

    def answered(self, number: int) -> None:
        """Note that the network is done with an item."""
        self._at_network.discard(number)

    def take_all(self) -> list[int]:
        """Empty the queue; what is under way stays so until it comes back."""
        numbers = [*self._files, *self._links]
        self._files.clear()
        self._links.clear()
        return numbers
