"""Requests that arrive together are answered in one run of the network.

There is no thread that collects them. The first request that has its picture ready becomes the leader: it
waits a moment for the requests that are still decoding theirs, runs the network for all, hands each its row
and makes the first of those who came meanwhile the next leader. So the network is run by one thread at a
time, or by as many as it is quickest with, pictures are decoded in the other threads meanwhile, and a client
that is alone waits for nobody.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from desktop_app.core.classify.classifier import BATCH_SIZE
from desktop_app.core.service.limits import BATCH_PATIENCE_SECONDS
from desktop_app.core.service.refusals import retry_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Row = NDArray[np.floating[Any]]


class RequestLimit:
    """A bounded number of requests at the same time: others have to try again."""

    def __init__(self, limit: int, full: str, advice: str) -> None:
        """Allow ``limit`` requests, at least 1.

        Args:
            limit: The number of requests at the same time.
            full: The sentence for those beyond the limit.
            advice: The advice for them.
        """
        self.limit = limit
        self._full, self._advice = full, advice
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def taken(self) -> int:
        """Number of requests under way."""
        return self._taken

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Count a request while the block runs.

        Raises:
            Refusal: The limit is reached: status 429 with Retry-After.
        """
        with self._lock:
            if self._taken >= self.limit:
                raise retry_later(429, self._full, self._advice)
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken -= 1


@dataclass(eq=False, slots=True)
class _Waiting:
    """One prepared picture that waits: for its row, or to become the leader."""

    pixels: Pixels
    called: threading.Event = field(default_factory=threading.Event)
    row: Row | None = None
    error: Exception | None = None

    @property
    def answered(self) -> bool:
        return self.row is not None or self.error is not None


class MicroBatcher:
    """Collects prepared pictures of many threads and runs the network for all of them at once.

    How many may wait is bounded by those who call: see `RequestLimit`.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Pixels]], NDArray[np.floating[Any]]],
        *,
        size: int = BATCH_SIZE,
        runs: int = 1,
        patience: float = BATCH_PATIENCE_SECONDS,
        on_batch: Callable[[int], None] = lambda _size: None,
    ) -> None:
        """Run nothing yet.

        Args:
            run: The function from prepared pictures to rows, in order; called by ``runs`` threads at a time.
            size: The maximum number of pictures in one run, at least 1.
            runs: The maximum number of runs at the same time, at least 1.
            patience: The seconds that the free network waits for more pictures at most.
            on_batch: The callback that gets the number of pictures of every run.
        """
        self._run = run
        self._size = size
        self._runs = runs
        self._patience = patience
        self._on_batch = on_batch
        self._changed = threading.Condition()
        self._waiting: deque[_Waiting] = deque()
        self._preparing = 0
        self._led = 0

    @property
    def waiting(self) -> int:
        """Prepared pictures that wait for the network."""
        return len(self._waiting)

    def answer(self, prepare: Callable[[], Pixels]) -> Row:
        """Prepare a picture in this thread and give back the network's row for it.

        Args:
            prepare: Decodes the picture and brings it to the network's size. While it runs, a leader may
                wait for this request.

        Returns:
            The network's outputs for this picture.

        Raises:
            Exception: What ``prepare`` raised, or what the run of the network did.
        """
        request = self._arrive(prepare)
        request.called.wait()
        if not request.answered:
            self._lead(request)
        if request.error is not None:
            raise request.error
        assert request.row is not None
        return request.row

    def _arrive(self, prepare: Callable[[], Pixels]) -> _Waiting:
        """Join those who wait; with too few leaders, this request is called to lead at once."""
        with self._changed:
            self._preparing += 1
        request: _Waiting | None = None
        try:
            request = _Waiting(prepare())
            return request
        finally:
            with self._changed:
                self._preparing -= 1
                if request is not None:
                    self._waiting.append(request)
                    if self._led < self._runs:
                        self._led += 1
                        request.called.set()
                self._changed.notify_all()  # only leaders ever wait for it

    def _lead(self, own: _Waiting) -> None:
        """Answer a batch, whose first request is this thread's own, and call the next leader."""
        batch = self._gather(own)
        try:
            self._on_batch(len(batch))
            rows = self._run([request.pixels for request in batch])
            for request, row in zip(batch, rows, strict=True):
                request.row = row
        except Exception as error:  # noqa: BLE001 - each request raises it in its own thread
            for request in batch:
                request.row, request.error = None, error
        with self._changed:
            successor = next(self._uncalled(), None)
            if successor is None:
                self._led -= 1
            else:
                successor.called.set()
        for request in batch:
            request.called.set()

    def _uncalled(self) -> Iterator[_Waiting]:
        """Those who wait and do not lead, the first to come first."""
        return (request for request in self._waiting if not request.called.is_set())

    def _gather(self, own: _Waiting) -> list[_Waiting]:
        """Wait for those who are still preparing, but not longer than the patience.

        It counts from now, not from the first arrival: that one's patience often ended while the network ran
        for others, and whoever runs at once then runs for few.
        """
        with self._changed:
            deadline = time.monotonic() + self._patience
            while len(self._waiting) < self._size and self._preparing:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            batch = [own, *islice(self._uncalled(), self._size - 1)]
            for request in batch:
                self._waiting.remove(request)
            return batch
