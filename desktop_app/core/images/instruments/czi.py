"""CZI, the microscope files of Zeiss, by pylibCZIrw: channels, planes, colours with blue first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.streams import on_disk
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import package

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TYPES: dict[str, np.dtype[Any]] = {
    "Gray8": np.dtype(np.uint8),
    "Gray16": np.dtype(np.uint16),
    "Gray32Float": np.dtype(np.float32),
    "Bgr24": np.dtype(np.uint8),
    "Bgr48": np.dtype(np.uint16),
    "Bgr96Float": np.dtype(np.float32),
}
_EXPORT = "Export it as TIFF from the microscope's program, then try again."
_BESIDE_PLANES = frozenset("XYCSM")
"""Dimensions that are no planes: sides, channels, scenes and tiles of a mosaic."""


class _Layout(NamedTuple):
    """What a file holds.

    Attributes:
        width: Width of all scenes together.
        height: Height, likewise.
        channels: Numbers of the channels.
        kind: The pixel type of all channels.
        planes: First number and count of each dimension that has planes.
    """

    width: int
    height: int
    channels: tuple[int, ...]
    kind: str
    planes: dict[str, tuple[int, int]]


def open_frames(stream: BinaryIO) -> Frames:
    """Read the directory of a file; see `readers.MODULES`."""
    package("pylibCZIrw.czi", "a picture of a Zeiss microscope (CZI)")
    with on_disk(stream, ".czi") as path:
        layout = _layout(path)
    coloured = layout.kind.startswith("Bgr")
    bands = 3 if coloured else len(layout.channels)
    names, counts = tuple(layout.planes), tuple(count for _first, count in layout.planes.values())

    def read(plane: int) -> NDArray[Any]:
        from pylibCZIrw import czi

        place = {
            name: layout.planes[name][0] + int(number)
            for name, number in zip(names, np.unravel_index(plane, counts), strict=True)
        }
        with on_disk(stream, ".czi") as copy, czi.open_czi(str(copy)) as document:
            channels = [document.read(plane={**place, "C": channel}) for channel in layout.channels]
        if coloured:
            return np.asarray(channels[0])[..., ::-1]
        return np.concatenate(channels, axis=-1)

    return Frames(
        kind="CZI",
        height=layout.height,
        width=layout.width,
        bands=bands,
        dtype=_TYPES[layout.kind],
        read=read,
        colours="rgb" if coloured else "grey" if bands == 1 else "bands",
        planes=math.prod(counts),
        needed_bytes=3 * layout.width * layout.height * bands * _TYPES[layout.kind].itemsize,
    )


def _layout(path: Any) -> _Layout:
    from pylibCZIrw import czi

    with czi.open_czi(str(path)) as document:
        sides = document.total_bounding_rectangle
        spans = {name: (int(first), int(end)) for name, (first, end) in document.total_bounding_box.items()}
        kinds = {int(channel): str(kind) for channel, kind in document.pixel_types.items()}
    planes = {
        name: (first, end - first) for name, (first, end) in spans.items() if name not in _BESIDE_PLANES
    }
    unread = sorted(set(kinds.values()) - set(_TYPES))
    if not kinds or unread:
        raise UnreadableImage(
            f"The CZI picture is of a kind ({', '.join(unread) or 'empty'}) not read.", _EXPORT
        )
    if len(set(kinds.values())) > 1 or (len(kinds) > 1 and next(iter(kinds.values())).startswith("Bgr")):
        raise UnreadableImage("The CZI picture has channels of several kinds.", _EXPORT)
    kind = next(iter(kinds.values()))
    return _Layout(int(sides.w), int(sides.h), tuple(sorted(kinds)), kind, planes)
