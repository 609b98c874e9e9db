"""Filling the stores that networks are fed from: with pictures, or with what a backbone makes of them."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.pipeline.arrays import FeatureStore, PictureStore
from desktop_app.core.datasets.pipeline.reading import read_prepared
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.memory import free_memory
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.limits import MEMORY_BYTES
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import Preprocessing

MAX_PARALLEL = 8
"""Pictures that are decoded at the same time; more threads would wait for Python's lock."""

CALL_SECONDS = 0.02
"""How long TensorFlow's threads stay in Python at a time: a call costs as much as reading a small picture."""


def fill(
    paths: Sequence[Path],
    *,
    height: int,
    width: int,
    folder: Path,
    on_progress: Callable[[int, int], None],
    on_bad: Callable[[Path, str], None],
    check: Callable[[], None] = lambda: None,
    memory_limit: int | None = None,
) -> PictureStore:
    """Read pictures, several at a time, into one array.

    Args:
        paths: Of the files; their order is that of the rows.
        height: Of the network's input, in pixels.
        width: Likewise.
        folder: For the file that holds the pictures when they do not fit into memory; it exists.
        on_progress: Told the files done and all files, now and then and at the end.
        on_bad: Told each file that cannot be read, with the reason as a sentence.
        check: Called before every picture; what it raises ends the work.
        memory_limit: Bytes up to which the pictures are kept in memory; by default a quarter of what is free.

    Returns:
        The pictures, to be closed by the caller.

    Raises:
        StorageError: They fit neither into memory nor on the disk.
    """
    rows, on_disk = allocate((len(paths), height, width, 3), np.uint8, folder, memory_limit)
    store = PictureStore(rows, np.zeros(len(paths), np.bool_), on_disk=on_disk)
    del rows  # the traceback of an error would keep it
    report = _paced(on_progress, len(paths))
    with ExitStack() as at_error:
        at_error.enter_context(store)
        check()
        answers = at_error.enter_context(closing(_read_all(paths, store)))
        for done, (index, reason) in enumerate(answers, start=1):
            store.good[index] = not reason
            if reason:
                on_bad(paths[index], reason)
            report(done)
            check()
        at_error.pop_all()
    return store


def fill_features(
    store: PictureStore,
    backbone: keras.Model,
    *,
    preprocessing: Preprocessing,
    channels: int,
    batch_size: int,
    folder: Path,
    on_progress: Callable[[int, int], None],
    check: Callable[[], None] = lambda: None,
    memory_limit: int | None = None,
) -> FeatureStore:
    """Let a backbone answer once for every picture of a store.

    Args:
        store: The pictures.
        backbone: From float32 ``(N, height, width, channels)`` to features of a fixed shape.
        preprocessing: That the backbone expects.
        channels: 3, or 1 for grey.
        batch_size: Pictures in one call of the network.
        folder: For the file that holds the features when they do not fit into memory; it exists.
        on_progress: Told the pictures done and all pictures.
        check: Called before every batch; what it raises ends the work.
        memory_limit: As for `fill`.

    Returns:
        The features, to be closed by the caller.

    Raises:
        StorageError: They fit neither into memory nor on the disk.
    """
    import tensorflow as tf

    def answer(pixels: Any) -> Any:
        outputs = backbone(preprocess(pixels, preprocessing, channels), training=False)
        return tf.cast(outputs, tf.float32)

    shape = store.pixels.shape[1:]
    signature = [tf.TensorSpec((None, *shape), tf.uint8)]
    compiled = tf.function(answer, input_signature=signature, autograph=False)
    of_one = tuple(backbone.compute_output_shape((1, *shape[:2], channels)))[1:]
    rows, on_disk = allocate((len(store), *of_one), np.float32, folder, memory_limit)
    found = FeatureStore(rows, store.good.copy(), on_disk=on_disk)
    del rows  # the traceback of an error would keep it
    usable = np.flatnonzero(store.good)
    report = _paced(on_progress, len(usable))
    with ExitStack() as at_error:
        at_error.enter_context(found)
        for start in range(0, len(usable), batch_size):
            check()
            chosen = usable[start : start + batch_size]
            found.features[chosen] = compiled(tf.constant(store.pixels[chosen])).numpy()
            report(start + len(chosen))
        at_error.pop_all()
    return found


class _Reader:
    """Reads pictures into their rows, called by TensorFlow's threads; lets go of the rows at the end."""

    def __init__(self, paths: Sequence[Path], rows: NDArray[np.uint8]) -> None:
        self._paths = paths
        self._rows: NDArray[np.uint8] | None = rows
        self._left = iter(range(len(paths)))

    def read_some(self) -> tuple[NDArray[np.int64], NDArray[np.bytes_]]:
        """Fill rows that nobody has filled yet, for `CALL_SECONDS`.

        Nothing may be raised from here: TensorFlow would end the whole data set.

        Returns:
            The indices of the rows, and for each the reason why it stays empty, or nothing.
        """
        indices, reasons = [], []
        end = time.monotonic() + CALL_SECONDS
        while (rows := self._rows) is not None and (index := next(self._left, None)) is not None:
            indices.append(index)
            reasons.append(self._read(index, rows).encode("utf-8", "replace"))
            if time.monotonic() >= end:
                break
        return np.array(indices, np.int64), np.array(reasons, np.bytes_)

    def _read(self, index: int, rows: NDArray[np.uint8]) -> str:
        try:
            rows[index] = read_prepared(self._paths[index], *rows.shape[1:3])
        except UnreadableImage as error:
            return str(error)
        except MemoryError:
            return "There is not enough free memory to open the picture."
        except Exception as error:  # noqa: BLE001 - see `read_some`
            return f"It cannot be read: {printable(str(error)) or type(error).__name__}."
        return ""

    def release(self) -> None:
        """Let go of the rows; pictures that are still to come are not read any more."""
        self._rows = None


def _read_all(paths: Sequence[Path], store: PictureStore) -> Generator[tuple[int, str]]:
    """Fill all rows, each as soon as a thread is free; yields its index, and the reason or nothing."""
    import tensorflow as tf

    # A picture may take `MEMORY_BYTES` while it is decoded.
    parallel = max(1, min(cpu_count(), MAX_PARALLEL, free_memory() // MEMORY_BYTES))
    reader = _Reader(paths, store.pixels)

    def read(_number: Any) -> Any:
        return tf.numpy_function(reader.read_some, [], [tf.int64, tf.string])

    # Converted, it would leave a temporary file behind when the process is killed.
    plain_read = tf.autograph.experimental.do_not_convert(read)
    options = tf.data.Options()
    options.threading.private_threadpool_size = parallel
    options.autotune.enabled = False
    options.deterministic = False
    left = len(paths)
    try:
        with tf.device("CPU:0"):
            # `Dataset.counter` would leave a function behind for good.
            calls = tf.data.Dataset.range(2**62).map(plain_read, num_parallel_calls=parallel)
            answers = calls.with_options(options).as_numpy_iterator()
            while left:
                indices, reasons = next(answers)
                left -= len(indices)
                for index, reason in zip(indices, reasons, strict=True):
                    yield int(index), reason.decode()
    finally:
        reader.release()  # TensorFlow keeps its functions until the garbage collector finds them


def _paced(on_progress: Callable[[int, int], None], total: int) -> Callable[[int], None]:
    """Pass on progress at a pace that a window can show."""
    rate = ReportRate()

    def report(done: int) -> None:
        if rate.due(last=done == total):
            on_progress(done, total)

    return report
