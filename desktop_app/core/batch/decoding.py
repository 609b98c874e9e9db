"""Decoding the pictures of a job several at a time, while the network works on those before."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from desktop_app.core.datasets.memory import free_memory
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.errors import UnreadableImage
from desktop_app.core.images.limits import MEMORY_BYTES
from desktop_app.core.images.sources import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    Prepare = Callable[[Path], NDArray[np.uint8]]

MAX_PARALLEL = 8
"""Pictures that are decoded at the same time by default; more threads would wait for Python's lock."""

CALL_SECONDS = 0.02
"""How long TensorFlow's threads stay in Python at a time: a call costs as much as reading a small picture."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture that is ready for the network, or why it is not.

    Attributes:
        number: Of the picture in its job.
        pixels: RGB, uint8 ``(height, width, 3)`` at the network's size; None when it cannot be read.
        reason: Why, as a sentence; empty otherwise.
        seconds: That reading it took.
    """

    number: int
    pixels: NDArray[np.uint8] | None
    reason: str
    seconds: float


class Decoder(Protocol):
    """What a runner needs of a decoder; a context manager that stops the work at its end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def pending(self) -> int:
        """Pictures that were added and not taken."""

    def add(self, pictures: Iterable[tuple[int, Path]]) -> None:
        """Give more pictures to decode, by number and path."""

    def take(self) -> Decoded:
        """Wait for the next picture in the order added; only while some are pending."""


def default_parallel() -> int:
    """How many pictures to decode at a time: as many as there are cores, and memory for."""
    return max(1, min(cpu_count(), MAX_PARALLEL, free_memory() // MEMORY_BYTES))


def read_or_reason(number: int, path: Path, prepare: Prepare) -> Decoded:
    """Read one picture; whatever is wrong with it becomes its reason."""
    started = time.perf_counter()
    pixels, reason = None, ""
    try:
        pixels = prepare(path)
    except UnreadableImage as error:
        reason = f"{error} {error.advice}".strip()
    except MemoryError:
        reason = "There is not enough free memory to open the picture. Close other programs."
    except Exception as error:  # noqa: BLE001 - in TensorFlow's threads it would end the whole data set
        reason = f"It cannot be read: {printable(str(error)) or type(error).__name__}."
    return Decoded(number, pixels, reason, time.perf_counter() - started)


class _Desk:
    """Hands pictures to threads and takes them back, at most ``ahead`` at a time; shared by all threads."""

    def __init__(self, prepare: Prepare, ahead: int) -> None:
        self._prepare = prepare
        self._ahead = ahead
        self._changed = threading.Condition()
        self._waiting: deque[tuple[int, Path]] = deque()
        self._ready: dict[int, Decoded] = {}
        self._out = 0
        self._closed = False

    def put(self, pictures: Iterable[tuple[int, Path]]) -> None:
        """Add pictures that are to be decoded."""
        with self._changed:
            self._waiting.extend(pictures)
            self._changed.notify_all()

    def fetch(self, number: int) -> Decoded | None:
        """Take a picture back, if it is ready."""
        with self._changed:
            decoded = self._ready.pop(number, None)
            if decoded is not None:
                self._out -= 1
                self._changed.notify_all()
        return decoded

    def work(self) -> int:
        """Decode pictures for `CALL_SECONDS`, called by TensorFlow's threads; waits for the first one.

        Nothing may be raised from here: TensorFlow would end the whole data set.

        Returns:
            How many were decoded; 0 when the desk was closed.
        """
        end, count = None, 0
        while (picture := self._next(wait=not count)) is not None:
            end = end or time.monotonic() + CALL_SECONDS
            decoded = read_or_reason(*picture, self._prepare)
            count += 1
            with self._changed:
                self._ready[picture[0]] = decoded
            if time.monotonic() >= end:
                break
        return count

    def close(self) -> None:
        """Let waiting threads go; pictures that are still to come are not read any more."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._ready.clear()
            self._changed.notify_all()

    def _next(self, *, wait: bool) -> tuple[int, Path] | None:
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._closed or self._can_go_on())
            if self._closed or not self._can_go_on():
                return None
            self._out += 1
            return self._waiting.popleft()

    def _can_go_on(self) -> bool:
        return bool(self._waiting) and self._out < self._ahead


class ParallelDecoder:
    """Decodes in the threads of a ``tf.data`` pipeline, and gives the pictures back in order.

    At most ``ahead`` pictures are in the works or waiting to be taken, so memory stays flat however quick
    the decoding and however slow the network is.
    """

    def __init__(self, prepare: Prepare, *, ahead: int, parallel: int | None = None) -> None:
        """Begin no thread before the first picture is taken.

        Args:
            prepare: From a path to pixels at the network's size; called by several threads at a time.
            ahead: Pictures to hold at most, decoded or being decoded.
            parallel: Pictures to decode at the same time; `default_parallel` by default.
        """
        self._desk = _Desk(prepare, ahead)
        self._parallel = parallel or default_parallel()
        self._order: deque[int] = deque()
        self._calls: Generator[int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.close()
        if self._calls is not None:
            self._calls.close()

    @property
    def pending(self) -> int:
        """Pictures that were added and not taken."""
        return len(self._order)

    def add(self, pictures: Iterable[tuple[int, Path]]) -> None:
        """Give more pictures to decode, by number and path."""
        pictures = list(pictures)
        self._order.extend(number for number, _ in pictures)
        self._desk.put(pictures)

    def take(self) -> Decoded:
        """Wait for the next picture in the order added; only while some are pending."""
        if self._calls is None:
            self._calls = _calls(self._desk, self._parallel)
        while (decoded := self._desk.fetch(self._order[0])) is None:
            # It is being decoded, or it is the next that a thread will fetch: so a call will end.
            next(self._calls)
        self._order.popleft()
        return decoded


def _calls(desk: _Desk, parallel: int) -> Generator[int]:
    """Let TensorFlow's threads call ``desk.work`` again and again; yields as calls end."""
    import tensorflow as tf

    def work(_number: Any) -> Any:
        return tf.numpy_function(lambda: np.int64(desk.work()), [], tf.int64)

    options = tf.data.Options()
    options.threading.private_threadpool_size = parallel
    options.autotune.enabled = False
    options.deterministic = False
    try:
        with tf.device("CPU:0"):
            calls = tf.data.Dataset.counter().map(work, num_parallel_calls=parallel).with_options(options)
            answers = calls.as_numpy_iterator()
        while True:
            yield int(next(answers))
    finally:
        desk.close()  # TensorFlow keeps its functions until the garbage collector finds them
