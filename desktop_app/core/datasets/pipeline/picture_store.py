"""Fills the stores that feed networks: with pictures, or with features that a backbone computes from them."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.pipeline.arrays import FeatureStore, PictureStore
from desktop_app.core.datasets.pipeline.augmentation import Augmenter
from desktop_app.core.datasets.pipeline.reading import read_prepared
from desktop_app.core.devices.parallel import parallel_for
from desktop_app.core.foundation.ahead import Ahead, InPlace
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.limits import MEMORY_BYTES
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.inference.handed_over import HandedOver
from desktop_app.core.networks.preprocessing import preprocess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import keras
    import tensorflow as tf
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.copies import Copies
    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.networks.input_spec import Preprocessing, View

AHEAD = 64
"""Most pictures handed to the threads at a time, counting finished ones that are not yet collected."""

TAKEN = 32
"""Pictures to wait for together: waking for each would take Python's lock from the threads."""

WAIT_SECONDS = 0.1
"""Seconds to wait for them before checking whether to end."""


def fill(
    paths: Sequence[Path],
    *,
    height: int,
    width: int,
    folder: Path,
    on_progress: Callable[[int, int], None],
    on_bad: Callable[[Path, str], None],
    fit: View = "squash",
    crop_share: float = 1.0,
    reading: PixelReading = AS_STORED,
    check: Callable[[], None] = lambda: None,
    memory_limit: int | None = None,
    make_executor: MakeExecutor = InPlace,
) -> PictureStore:
    """Read pictures, several at a time, into one array.

    Args:
        paths: Paths of the files, in the order of the rows.
        height: Height of the network's input, in pixels.
        width: Width of the network's input, in pixels.
        folder: Existing folder for the file that holds the pictures when they do not fit into memory.
        on_progress: Callback with the files done and all files, now and then and at the end.
        on_bad: Callback with each file that cannot be read, and the reason as a sentence.
        fit: Way of fitting, see `read_prepared`.
        crop_share: Share of the picture that a crop keeps, likewise.
        reading: How the numbers of the files become pictures, likewise.
        check: Callback after every picture, and while one takes long; what it raises ends the work.
        memory_limit: Bytes up to which the pictures are kept in memory; by default a quarter of what is free.
        make_executor: Factory of the executor whose threads read.

    Returns:
        The pictures, to be closed by the caller.

    Raises:
        StorageError: The pictures fit neither into memory nor on the disk.
    """
    rows, on_disk = allocate((len(paths), height, width, 3), np.uint8, folder, memory_limit)
    store = PictureStore(rows, np.zeros(len(paths), np.bool_), on_disk=on_disk)
    del rows  # the traceback of an error would keep it
    report = _paced(on_progress, len(paths))
    done = 0
    with ExitStack() as at_error:
        at_error.enter_context(store)
        check()
        with Ahead(
            make_executor,
            parallel_for(MEMORY_BYTES),
            partial(_read_into, store.pixels, paths, Fitting(height, width, fit, crop_share, reading)),
            depth=AHEAD,
        ) as ahead:
            ahead.add(range(len(paths)))
            while ahead.pending:
                check()
                for answer in ahead.take(TAKEN, WAIT_SECONDS):
                    reason = answer.result()
                    store.good[done] = not reason
                    if reason:
                        on_bad(paths[done], reason)
                    done += 1
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
    copies: Copies | None = None,
    check: Callable[[], None] = lambda: None,
    memory_limit: int | None = None,
) -> FeatureStore:
    """Run a backbone once over every picture of a store, and over changed copies of some.

    Args:
        store: The pictures.
        backbone: Network from float32 ``(N, height, width, channels)`` to features of a fixed shape.
        preprocessing: Preprocessing that the backbone expects.
        channels: Channels of its input: 3, or 1 for grey.
        batch_size: Pictures in one call of the network.
        folder: Existing folder for the file that holds the features when they do not fit into memory.
        on_progress: Callback with the pictures done and all pictures, copies included.
        copies: Changed copies that follow the pictures; None for none.
        check: Callback before every batch; what it raises ends the work.
        memory_limit: Bytes up to which the features are kept in memory, as for `fill`.

    Returns:
        The features, to be closed by the caller.

    Raises:
        StorageError: The features fit neither into memory nor on the disk.
    """
    import tensorflow as tf

    def features_of(pixels: Any) -> Any:
        outputs = backbone(preprocess(pixels, preprocessing, channels), training=False)
        return tf.cast(outputs, tf.float32)

    shape = store.pixels.shape[1:]
    signature = [tf.TensorSpec((None, *shape), tf.uint8)]
    compute = HandedOver(
        tf.function(features_of, input_signature=signature, autograph=False), len(store) + _copies(copies)
    )
    of_one = tuple(backbone.compute_output_shape((1, *shape[:2], channels)))[1:]
    more = _copies(copies)
    rows, on_disk = allocate((len(store) + more, *of_one), np.float32, folder, memory_limit)
    found = FeatureStore(rows, np.append(store.good, np.ones(more, np.bool_)), on_disk=on_disk)
    del rows  # the traceback of an error would keep it
    usable = np.flatnonzero(store.good)
    report = _paced(on_progress, len(usable) + more)
    with ExitStack() as at_error:
        at_error.enter_context(found)
        done = 0
        for start in range(0, len(usable), batch_size):
            check()
            chosen = usable[start : start + batch_size]
            found.features[chosen] = compute(store.pixels[chosen])
            done += len(chosen)
            report(done)
        if copies is not None:
            changed = _changer(copies, shape, colour=channels == 3)
            for start in range(0, more, batch_size):
                check()
                numbers = np.arange(start, min(start + batch_size, more))
                pixels = changed(store.pixels[copies.sources[numbers % len(copies.sources)]], start)
                found.features[len(store) + numbers] = compute(pixels)
                done += len(numbers)
                report(done)
        at_error.pop_all()
    return found


def _copies(copies: Copies | None) -> int:
    return copies.total if copies is not None else 0


def _changer(
    copies: Copies, shape: tuple[int, ...], *, colour: bool
) -> Callable[[NDArray[np.uint8], int], tf.Tensor]:
    """Make the function that changes pictures: those of a batch, by amounts that follow from its number."""
    import tensorflow as tf

    augment = Augmenter(copies.settings, colour=colour)

    def change(pixels: Any, seed: Any) -> Any:
        changed = tf.round(augment(tf.cast(pixels, tf.float32), seed))
        return tf.cast(tf.clip_by_value(changed, 0.0, 255.0), tf.uint8)

    signature = [tf.TensorSpec((None, *shape), tf.uint8), tf.TensorSpec((2,), tf.int32)]
    with tf.device("CPU:0"):
        compiled = tf.function(change, input_signature=signature, autograph=False)

    def changed(pixels: NDArray[np.uint8], number: int) -> tf.Tensor:
        with tf.device("CPU:0"):
            return compiled(tf.constant(pixels), tf.constant([copies.seed, number], tf.int32))

    return changed


def _read_into(rows: NDArray[np.uint8], paths: Sequence[Path], fitting: Fitting, index: int) -> str:
    """Fill a row; return why it stays empty, or an empty text."""
    try:
        rows[index] = read_prepared(paths[index], fitting)
    except UnreadableImage as error:
        return str(error)
    except MemoryError:
        return "There is not enough free memory to open the picture."
    except Exception as error:  # noqa: BLE001 - one picture does not end the rest
        return f"It cannot be read: {printable(str(error)) or type(error).__name__}."
    return ""


def _paced(on_progress: Callable[[int, int], None], total: int) -> Callable[[int], None]:
    """Limit reports of progress to a pace that a window can show."""
    rate = ReportRate()

    def report(done: int) -> None:
        if rate.due(last=done == total):
            on_progress(done, total)

    return report
