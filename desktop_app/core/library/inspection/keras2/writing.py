"""Writing a ``.keras`` file of Keras 3 from a translated configuration and arrays of another file."""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.files import replacing, require_space, scratch_folder
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.library.inspection.containers.archive import CONFIG, METADATA, WEIGHTS
from desktop_app.core.library.inspection.containers.limits import MAX_ARCHIVE_BYTES
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras2.source import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import h5py
    import numpy as np

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.keras2.layers import Gain, Record

_PIECE = 16 * 1024**2
_SPARE = 4 * 1024**2
"""Bytes for the groups of the HDF5 file and the configuration."""
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_METADATA = {"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}
"""Version whose form the configuration has; the date is not that of anything."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An array that is copied.

    Attributes:
        source: Its path in the file that is read.
        target: Its path in the one that is written.
        gain: What part of it is multiplied; None for an exact copy.
    """

    source: str
    target: str
    gain: Gain | None = None


def write_archive(
    target: Path, document: Record, weights: h5py.File, copies: Sequence[Copy], cancel: CancelToken
) -> None:
    """Write the file, whole or not at all; memory for 16 MB of an array at a time.

    Args:
        target: File to create or replace; its folder exists.
        document: The configuration.
        weights: File that the arrays are in.
        copies: The arrays.
        cancel: Token that stops it.

    Raises:
        ModelError: An array has a number format that weights do not have, or there are too many.
        StorageError: It cannot be written.
        Cancelled: The user cancelled; nothing is left.
    """
    import h5py

    with reading():
        arrays = [weights[copy.source] for copy in copies]
        size = sum(array.nbytes for array in arrays) + _SPARE
    if size > MAX_ARCHIVE_BYTES + _SPARE:
        refuse("it has too many weights")
    require_space(target.parent, 2 * size)
    with scratch_folder(target.parent) as scratch:
        path = scratch / WEIGHTS
        with storage_errors(target, 2 * size), h5py.File(path, "w") as file:
            for array, copy in zip(arrays, copies, strict=True):
                _copy(array, file, copy, cancel)
        with replacing(target, size=size) as out, zipfile.ZipFile(out, "w") as archive:
            archive.writestr(zipfile.ZipInfo(METADATA, _NO_DATE), json.dumps(_METADATA))
            archive.writestr(zipfile.ZipInfo(CONFIG, _NO_DATE), json.dumps(document))
            member = zipfile.ZipInfo(WEIGHTS, _NO_DATE)
            member.file_size = path.stat().st_size
            with path.open("rb") as stored, archive.open(member, "w") as place:
                while piece := stored.read(_PIECE):
                    cancel.check()
                    place.write(piece)


def _copy(source: h5py.Dataset, file: h5py.File, copy: Copy, cancel: CancelToken) -> None:
    kind = source.dtype
    if kind.kind not in "fi" or (kind.kind == "i" and copy.gain):
        refuse(f"the weights {short(copy.source)} have the number format {short(str(kind))}")
    if copy.gain and kind.itemsize < 4:
        refuse(f"the weights {short(copy.source)} are too coarse for Keras 2's hard_sigmoid in Keras 3")
    factors = _factors(copy.gain, source.shape) if copy.gain else None
    target = file.create_dataset(copy.target, source.shape, kind.newbyteorder("<"))
    for place in _pieces(source.shape, kind.itemsize):
        cancel.check()
        with reading():
            numbers = source[place]
        if factors is not None:
            numbers = (numbers * factors[place[-1]]).astype(kind)
        target[place] = numbers


def _factors(gain: Gain, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """One number for each place along the last axis."""
    import numpy as np

    if not shape or shape[-1] % gain.blocks:
        refuse("a recurrent layer's weights do not fit its gates")
    width = shape[-1] // gain.blocks
    each = [gain.factor if block in gain.scaled else 1.0 for block in range(gain.blocks)]
    return np.repeat(np.array(each), width)


def _pieces(shape: tuple[int, ...], item: int) -> Iterator[tuple[slice, ...]]:
    """Cut an array into pieces of at most 16 MB, along its first axes."""
    if math.prod(shape) * item <= _PIECE:
        yield tuple(slice(0, side) for side in shape)
        return
    first, *rest = shape
    row = math.prod(rest) * item
    step = max(1, _PIECE // row)
    for start in range(0, first, step):
        here = slice(start, min(first, start + step))
        if row <= _PIECE:
            yield (here, *(slice(0, side) for side in rest))
        else:
            for below in _pieces(tuple(rest), item):
                yield (here, *below)
