"""Computing the features of pictures with the small ImageNet network, or with a model for features."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.devices.parallel import parallel_for
from desktop_app.core.engine.compiled import CompiledNetwork
from desktop_app.core.features.cache import FeatureCache
from desktop_app.core.features.vectors import Features
from desktop_app.core.foundation import paths as places
from desktop_app.core.foundation.ahead import Ahead, InPlace
from desktop_app.core.foundation.errors import ModelError, UnreadableImage
from desktop_app.core.foundation.report_rate import ReportRate
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.limits import MEMORY_BYTES
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.library.imagenet.openvino_network import lite_for_openvino
from desktop_app.core.library.imagenet.published import SMALL
from desktop_app.core.networks.efficientnet_lite import FEATURES

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.foundation.ahead import MakeExecutor
    from desktop_app.core.library.store import Library

    Compute = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    """From RGB uint8 ``(N, height, width, 3)`` to float32 ``(N, features)``."""

_BATCH = 32
_AHEAD = 64
_WAIT_SECONDS = 0.1

Read = tuple["os.stat_result | None", "NDArray[np.uint8] | None", str]
"""Status before reading, pixels, and the reason why there are none."""


@dataclass(frozen=True, slots=True)
class FeatureSource:
    """What computes features.

    Attributes:
        maker: What they depend on besides the picture.
        width: The number of features of a picture.
        fitting: What of a picture the network sees.
        file: Name of the file that keeps them between two starts.
    """

    maker: str
    width: int
    fitting: Fitting
    file: str


BUILT_IN = FeatureSource(
    f"{SMALL.sha256} squash 2", FEATURES, Fitting(SMALL.variant.size, SMALL.variant.size), "features.db"
)
"""The small ImageNet network; the last number of its name grows with what is computed differently."""


def cache_file(source: FeatureSource = BUILT_IN) -> Path:
    """Where features are kept between two starts."""
    return places.datasets() / source.file


def extractor(library: Library) -> Compute:
    """Load the small ImageNet network without its last layer; OpenVINO runs it, in 32-bit numbers.

    Args:
        library: Library with the network.

    Returns:
        Function from RGB uint8 ``(N, 224, 224, 3)`` to features, float32 ``(N, 1280)``.

    Raises:
        ModelError: The network is missing or damaged.
        EngineError: OpenVINO does not start.
    """
    entry = library.get(SMALL.model_id)
    if entry.problem or entry.weights is None:
        raise ModelError(
            f"{SMALL.name} is needed to compare pictures, but cannot be used: {entry.problem}.",
            "Reinstall Sightline.",
        )
    network = CompiledNetwork(
        lite_for_openvino(SMALL.variant, entry.weights, features_only=True), "float32", cpu_count()
    )
    return lambda pixels: network.run(pixels)[0]


def features_of(
    paths: Sequence[Path],
    *,
    make_compute: Callable[[], Compute],
    cache: Path | None = None,
    source: FeatureSource = BUILT_IN,
    reading: PixelReading = AS_STORED,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    on_bad: Callable[[Path, str], None] = lambda _path, _reason: None,
    check: Callable[[], None] = lambda: None,
    make_executor: MakeExecutor = InPlace,
) -> Features:
    """Look at pictures, several at a time; what is known from before is not computed again.

    Args:
        paths: Paths of the pictures.
        make_compute: Function that loads the network, such as ``partial(extractor, library)``; called
            where a picture is not in the cache.
        cache: File of the cache, such as `cache_file`; none by default.
        source: What ``make_compute`` loads.
        reading: How the numbers of the files become pictures.
        on_progress: Callback with the pictures done and all pictures, now and then and at the end.
        on_bad: Callback with each file that cannot be read, and the reason as a sentence.
        check: Callback between pictures; what it raises ends the work, and what is done stays in the cache.
        make_executor: Factory of the executor whose threads read.

    Returns:
        The features, in the order of the paths.

    Raises:
        ModelError: The network is missing or damaged.
        EngineError: TensorFlow does not start.
    """
    found = Features(
        tuple(paths), np.zeros((len(paths), source.width), np.float32), np.zeros(len(paths), np.bool_)
    )
    rate = ReportRate()

    def advance(done: int) -> None:
        check()
        if rate.due(last=done == len(paths)):
            on_progress(done, len(paths))

    with contextlib.nullcontext() if cache is None else _cache(cache, source, reading) as known:
        missing = [row for row in range(len(paths)) if not _recall(found, row, known)]
        done = len(paths) - len(missing)
        advance(done)
        compute = make_compute() if missing else None
        fitting = source.fitting if reading == AS_STORED else source.fitting._replace(reading=reading)
        for batch in _read(paths, missing, fitting, make_executor, check):
            assert compute is not None
            for row, reason in _fill_in(found, batch, compute, known):
                on_bad(paths[row], reason)
            done += len(batch)
            advance(done)
    return found


def _cache(file: Path, source: FeatureSource, reading: PixelReading) -> FeatureCache:
    """Open the cache; pictures that are read in another way are other pictures."""
    variant = "" if reading == AS_STORED else reading.model_dump_json()
    return FeatureCache(file, source.maker, source.width, variant=variant)


def _recall(found: Features, row: int, known: FeatureCache | None) -> bool:
    """Fill in a picture that the cache has; False when it must be computed."""
    status = _status(found.paths[row])
    vector = known.get(found.paths[row], status) if known and status else None
    if vector is None:
        return False
    found.vectors[row], found.good[row] = vector, True
    return True


def _fill_in(
    found: Features, batch: Sequence[tuple[int, Read]], compute: Compute, known: FeatureCache | None
) -> Iterator[tuple[int, str]]:
    """Compute the features of pictures that were read; yield the others with their reasons."""
    rows = [row for row, (_, pixels, _) in batch if pixels is not None]
    readable = [pixels for _, (_, pixels, _) in batch if pixels is not None]
    if readable:
        found.vectors[rows] = compute(np.stack(readable))
        found.good[rows] = True
    for row, (status, pixels, reason) in batch:
        if pixels is None:
            yield row, reason
        elif known and status:
            known.put(found.paths[row], status, found.vectors[row])
    if known:
        known.commit()


def _read(
    paths: Sequence[Path],
    rows: Sequence[int],
    fitting: Fitting,
    make_executor: MakeExecutor,
    check: Callable[[], None],
) -> Iterator[list[tuple[int, Read]]]:
    """Read pictures ahead, and give them in batches."""
    read = partial(_read_one, fitting=fitting)
    with Ahead(make_executor, parallel_for(MEMORY_BYTES), read, depth=_AHEAD) as ahead:
        ahead.add(paths[row] for row in rows)
        waiting = iter(rows)
        batch: list[tuple[int, Read]] = []
        while ahead.pending:
            check()
            done = ahead.take(_BATCH - len(batch), _WAIT_SECONDS)
            batch.extend((next(waiting), future.result()) for future in done)
            if len(batch) == _BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _read_one(path: Path, fitting: Fitting) -> Read:
    status = _status(path)
    try:
        return status, read_fitted(path, fitting), ""
    except UnreadableImage as error:
        return status, None, error.reason.sentence
    except MemoryError:
        return status, None, "There is not enough free memory to open the picture."
    except Exception as error:  # noqa: BLE001 - one picture does not end the rest
        return status, None, f"It cannot be read: {printable(str(error)) or type(error).__name__}."


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
