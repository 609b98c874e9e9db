"""Decoding the pictures of a job several at a time, while the network works on those before."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.limits import MEMORY_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    Prepare = Callable[[Path], NDArray[np.uint8]]

MAX_PARALLEL = 8
"""Pictures that are decoded at the same time by default; more threads would wait for Python's lock."""


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

    def take(self, count: int) -> list[Decoded]:
        """Wait for the next pictures in the order added, at most as many as are pending."""


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
        reason = error.reason.sentence
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
        lock = threading.Lock()
        self._work_came = threading.Condition(lock)
        self._enough_is_ready = threading.Condition(lock)
        self._waiting: deque[tuple[int, Path]] = deque()
        self._ready: dict[int, Decoded] = {}
        self._wanted = 0
        self._out = 0
        self._closed = False

    def put(self, pictures: Iterable[tuple[int, Path]]) -> None:
        """Add pictures that are to be decoded."""
        with self._work_came:
            self._waiting.extend(pictures)
            self._work_came.notify_all()

    def fetch(self, numbers: Sequence[int]) -> list[Decoded]:
        """Wait for pictures, which were put before any others that are out."""
        with self._enough_is_ready:
            self._wanted = len(numbers)
            self._enough_is_ready.wait_for(lambda: all(number in self._ready for number in numbers))
            self._wanted = self._ahead + 1
            self._out -= len(numbers)
            self._work_came.notify_all()
            return [self._ready.pop(number) for number in numbers]

    def work(self) -> None:
        """Decode pictures until the desk is closed; each of TensorFlow's threads stays in here.

        Nothing may be raised from here: TensorFlow would end the whole data set.
        """
        while (picture := self._next()) is not None:
            decoded = read_or_reason(*picture, self._prepare)
            with self._enough_is_ready:
                self._ready[picture[0]] = decoded
                if len(self._ready) >= self._wanted:  # waking the taker for each picture would cost time
                    self._enough_is_ready.notify_all()

    def close(self) -> None:
        """Let all threads go; pictures that are still to come are not read any more."""
        with self._work_came:
            self._closed = True
            self._waiting.clear()
            self._ready.clear()
            self._work_came.notify_all()

    def _next(self) -> tuple[int, Path] | None:
        with self._work_came:
            self._work_came.wait_for(lambda: self._closed or (self._waiting and self._out < self._ahead))
            if self._closed:
                return None
            self._out += 1
            return self._waiting.popleft()


class ParallelDecoder:
    """Decodes in the threads of a ``tf.data`` pipeline, and gives the pictures back in order.

    At most ``ahead`` pictures are in the works or waiting to be taken, so memory stays flat however quick
    the decoding and however slow the network is.
    """

    def __init__(self, prepare: Prepare, *, ahead: int, parallel: int | None = None) -> None:
        """Begin no thread before the first pictures are taken.

        Args:
            prepare: From a path to pixels at the network's size; called by several threads at a time.
            ahead: Pictures to hold at most, decoded or being decoded; more are never taken at once.
            parallel: Pictures to decode at the same time; `default_parallel` by default.
        """
        self._desk = _Desk(prepare, ahead)
        self._parallel = parallel or default_parallel()
        self._order: deque[int] = deque()
        self._threads: object = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.close()
        self._threads = None

    @property
    def pending(self) -> int:
        """Pictures that were added and not taken."""
        return len(self._order)

    def add(self, pictures: Iterable[tuple[int, Path]]) -> None:
        """Give more pictures to decode, by number and path."""
        pictures = list(pictures)
        self._order.extend(number for number, _ in pictures)
        self._desk.put(pictures)

    def take(self, count: int) -> list[Decoded]:
        """Wait for the next pictures in the order added, at most as many as are pending."""
        if self._threads is None:
            self._threads = _threads_for(self._desk, self._parallel)
        numbers = [self._order[place] for place in range(min(count, len(self._order)))]
        decoded = self._desk.fetch(numbers)
        for _ in numbers:
            self._order.popleft()
        return decoded


def _threads_for(desk: _Desk, parallel: int) -> object:
    """Send threads of TensorFlow's to a desk, where they stay until it is closed.

    A pipeline runs as many calls at a time as it was told to, and begins the next one when an answer is
    taken. So the first calls return at once, and the taking of their answers begins those that stay.

    Returns:
        What keeps the pipeline alive.
    """
    import tensorflow as tf

    def call(number: Any) -> Any:
        if number >= parallel:
            desk.work()
        return np.int64(number)

    def visit(number: Any) -> Any:
        return tf.numpy_function(call, [number], tf.int64)

    # Converted, it would leave a temporary file behind when the process is killed.
    plain_visit = tf.autograph.experimental.do_not_convert(visit)
    options = tf.data.Options()
    options.threading.private_threadpool_size = parallel
    options.autotune.enabled = False
    options.deterministic = False
    with tf.device("CPU:0"):
        calls = tf.data.Dataset.range(2 * parallel).map(plain_visit, num_parallel_calls=parallel)
        answers = calls.with_options(options).as_numpy_iterator()
    for _ in range(parallel):
        next(answers)
    return answers
