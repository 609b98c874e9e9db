"""NIfTI by nibabel, read only: slices of a volume in their stored order, turned as they are looked at."""

from __future__ import annotations

import gzip
import io
import math
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import package

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLOURS = {128: 3, 2304: 4}
"""Codes of red, green and blue bytes, and of these with transparency (NIFTI_TYPE_RGB24, RGBA32)."""

_COMPLEX = frozenset({32, 1792, 2048})
_HEADER_BYTES = 540
_UNPACKED_BYTES = 2_000_000_000
_EXPORT = "Convert it with a program for NIfTI files, then try again."


class _View(NamedTuple):
    """How a slice is turned: down the rows to the feet or the back, across to the left or the back.

    Attributes:
        transposed: Whether its first axis runs down.
        flipped: Whether rows and columns run the other way.
    """

    transposed: bool
    flipped: tuple[bool, bool]


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header; see `readers.MODULES`."""
    nibabel = package("nibabel", "a NIfTI picture")
    stream.seek(0)
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    numbers = cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if packed else stream
    header = _header(nibabel, numbers)
    shape = tuple(int(side) for side in header.get_data_shape())
    shape = (*shape, 1)[:2] if len(shape) < 2 else shape
    _check(header, shape)
    code = int(header["datatype"])
    bands = _COLOURS.get(code, 1)
    proxy = nibabel.arrayproxy.ArrayProxy(numbers, header)
    scaled = proxy.slope != 1 or proxy.inter != 0
    stored = np.dtype(np.uint8) if bands > 1 else np.dtype(header.get_data_dtype()).newbyteorder("=")
    dtype = np.dtype(np.float64) if scaled and bands == 1 else stored
    view = _view(nibabel, header)
    above = shape[2:]

    def read(plane: int) -> NDArray[Any]:
        place = tuple(int(number) for number in np.unravel_index(plane, above, order="F")) if above else ()
        found = np.asarray(proxy[(slice(None), slice(None), *place)])
        if bands > 1:
            found = np.stack([found[name] for name in "RGBA"[:bands]], axis=-1)
        else:
            found = found.astype(dtype, copy=False)[..., np.newaxis]
        if not view.transposed:
            found = found.swapaxes(0, 1)
        return found[:: -1 if view.flipped[0] else 1, :: -1 if view.flipped[1] else 1]

    height, width = (shape[0], shape[1]) if view.transposed else (shape[1], shape[0])
    low, high = float(header["cal_min"]), float(header["cal_max"])
    declared = bands == 1 and low < high and math.isfinite(low) and math.isfinite(high)
    return Frames(
        kind="NIfTI",
        height=height,
        width=width,
        bands=bands,
        dtype=dtype,
        read=read,
        colours="grey" if bands == 1 else "rgb",
        planes=math.prod(above),
        plane_word="slices",
        low=low if declared else None,
        high=high if declared else None,
        alpha=3 if bands == 4 else None,
        needed_bytes=height * width * bands * (2 * dtype.itemsize + 16),
    )


def _header(nibabel: Any, numbers: BinaryIO) -> Any:
    head = io.BytesIO(numbers.read(_HEADER_BYTES))
    numbers.seek(0)
    kind = nibabel.Nifti2Header if head.getvalue()[4:7] == b"n+2" else nibabel.Nifti1Header
    return kind.from_fileobj(head, check=False)


def _check(header: Any, shape: tuple[int, ...]) -> None:
    code = int(header["datatype"])
    if code in _COMPLEX:
        raise UnreadableImage("The NIfTI file holds complex numbers, which are no picture.", _EXPORT)
    if (
        math.prod(shape[4:]) > 1
    ):  # the fifth axis holds the parts of a vector, slices and times come before it
        raise UnreadableImage(
            f"The NIfTI file holds {math.prod(shape[4:])} numbers for each point, which are no slices.",
            _EXPORT,
        )
    if min(shape, default=0) < 1:
        raise UnreadableImage("The NIfTI file holds no picture: one of its sides is 0.", _EXPORT)
    if math.prod(shape) * header.get_data_dtype().itemsize > _UNPACKED_BYTES:
        raise UnreadableImage(
            f"The NIfTI volume unpacks to more than {_UNPACKED_BYTES // 1_000_000_000} GB.",
            "Cut it into smaller volumes, then try again.",
        )


def _view(nibabel: Any, header: Any) -> _View:
    """How slices are looked at: the head or the face up, the patient's right on the left.

    A volume that does not say how it lies in space, or only by the matrix that programs write when nobody
    has given one, is shown as it is stored: the first axis across, the second down.
    """
    stored = _View(transposed=False, flipped=(False, False))
    if not int(header["sform_code"]) and not int(header["qform_code"]):
        return stored
    affine = header.get_best_affine()
    if not np.isfinite(affine).all() or np.array_equal(affine, np.eye(4)):
        return stored
    axes = nibabel.aff2axcodes(affine)[:2]
    if None in axes:
        return stored
    rank = {"L": 0, "R": 0, "A": 1, "P": 1, "S": 2, "I": 2}
    transposed = rank[axes[0]] > rank[axes[1]]
    down, across = (axes[0], axes[1]) if transposed else (axes[1], axes[0])
    return _View(transposed, (down in "ASR", across in "RAS"))
