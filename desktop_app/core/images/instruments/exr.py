"""OpenEXR: linear light to sRGB, the part that has data placed in the whole picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.instruments.exr_header import Box, Header, read_header
from desktop_app.core.images.instruments.streams import held
from desktop_app.core.images.instruments.tone import encoded
from desktop_app.core.images.science.frames import Frames
from desktop_app.core.images.science.readers import package

if TYPE_CHECKING:
    import io

    from numpy.typing import NDArray

_BYTES = 4
"""Bytes of a number as it is read."""

_EXPORT = "Save it as an ordinary scan-line or tiled OpenEXR picture, or as PNG, then try again."
_REC_709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
"""Chromaticities of red, green, blue and white where a file gives none."""


_RGB = ("R", "G", "B")
_WHOLE_LAYERS = frozenset({"combined", "beauty", "rgb", "rgba", "main", "composite"})


def open_frames(stream: BinaryIO) -> Frames:
    """Read the header; see `readers.MODULES`.

    OpenEXR's newer class ``File`` takes paths only, and prints what is wrong with a file instead of
    raising it.
    """
    package("OpenEXR", "an OpenEXR picture")
    data = held(stream)
    header = read_header(data.getvalue())
    names = tuple(header.channels)
    shown, inside = header.shown, header.data
    width, height = shown.size
    _check(header)
    chosen = _chosen(names)
    endings = tuple(_split(name)[1] for name in chosen)
    coloured = endings[:3] == _RGB
    light = coloured or endings[0] == "Y" or (len(endings) == 1 and endings[0] in _RGB)
    if header.several and not light:
        raise UnreadableImage(
            f"The OpenEXR file has several parts; the first of them is no picture: {', '.join(names[:5])}.",
            _EXPORT,
        )
    alpha = len(chosen) - 1 if light and endings[-1] == "A" else None
    matrix = _to_rec_709(header.chromaticities) if coloured else None

    def read(_plane: int) -> NDArray[Any]:
        from Imath import PixelType

        found = _opened(data).channels(list(chosen), PixelType(PixelType.FLOAT))
        across, down = inside.size
        canvas = np.zeros((height, width, len(chosen)), np.float32)
        within, outer = _overlap(shown, inside)
        for band, numbers in enumerate(found):
            canvas[(*outer, band)] = np.frombuffer(numbers, np.float32).reshape(down, across)[within]
        return _to_srgb(canvas, alpha, matrix) if light else canvas

    return Frames(
        kind="EXR",
        height=height,
        width=width,
        bands=len(chosen),
        dtype=np.dtype(np.float32),
        read=read,
        colours="rgb" if coloured else "grey" if light or len(chosen) == 1 else "bands",
        band_names=chosen,
        low=0 if light else None,
        high=1 if light else None,
        alpha=alpha,
        needed_bytes=_BYTES * (4 * width * height + 2 * inside.size[0] * inside.size[1]) * len(chosen),
        mode=f"{', '.join(chosen)}, float",
    )


def _opened(data: io.BytesIO) -> Any:
    """The first part of a file; other views and depth follow."""
    import OpenEXR

    data.seek(0)
    return OpenEXR.InputFile(data)


def _check(header: Header) -> None:
    """Refuse what has no number for each pixel."""
    if header.deep:
        raise UnreadableImage(
            "The OpenEXR file holds deep data, which are no picture by themselves.", _EXPORT
        )
    if any(distances != (1, 1) for distances in header.channels.values()):
        raise UnreadableImage(
            "The OpenEXR picture keeps its colours at a lower resolution than its brightness.", _EXPORT
        )
    if _overlap(header.shown, header.data)[0][0] == slice(0, 0):
        raise UnreadableImage(
            "The OpenEXR picture has no pixels in the part of it that is to be shown.", _EXPORT
        )
    if not header.channels:
        raise UnreadableImage("The OpenEXR file holds no channels.", _EXPORT)


def _split(name: str) -> tuple[str, str]:
    """Layer and channel of a channel's whole name."""
    layer, _dot, channel = name.rpartition(".")
    return layer, channel


def _chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """The channels that are the picture, in the order of colours and transparency.

    Raises:
        UnreadableImage: Several layers might be it.
    """
    layers: dict[str, set[str]] = {}
    for name in names:
        layer, channel = _split(name)
        layers.setdefault(layer, set()).add(channel)
    coloured = [layer for layer, channels in layers.items() if set(_RGB) <= channels]
    whole = [layer for layer in coloured if layer == "" or layer.rpartition(".")[2].lower() in _WHOLE_LAYERS]
    found = whole or coloured
    if len(found) > 1:
        raise UnreadableImage(
            f"The OpenEXR picture has several layers, none of them whole: {', '.join(sorted(found)[:5])}.",
            _EXPORT,
        )
    kinds = _RGB if found else ("Y",)
    layer = found[0] if found else ""
    if not found and "Y" not in layers.get("", set()):
        return names
    prefix = f"{layer}." if layer else ""
    return tuple(f"{prefix}{channel}" for channel in (*kinds, "A") if channel in layers[layer])


def _overlap(shown: Box, data: Box) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where the part that both windows share lies in the data, and in the picture; rows first."""
    left, top = max(shown.left, data.left), max(shown.top, data.top)
    right, bottom = min(shown.right, data.right) + 1, min(shown.bottom, data.bottom) + 1

    def part(box: Box) -> tuple[slice, slice]:
        down = slice(max(top - box.top, 0), max(bottom - box.top, 0))
        return down, slice(max(left - box.left, 0), max(right - box.left, 0))

    if right <= left or bottom <= top:
        nothing = (slice(0, 0), slice(0, 0))
        return nothing, nothing
    return part(data), part(shown)


def _to_srgb(
    light: NDArray[np.float32], alpha: int | None, matrix: NDArray[Any] | None
) -> NDArray[np.float32]:
    """Linear light to sRGB, in place; colours are divided by the transparency first."""
    colours = light if alpha is None else light[..., :alpha]
    if alpha is not None:
        cover = light[..., alpha:]
        np.divide(colours, cover, out=colours, where=cover > 0)
    if matrix is not None:
        colours[...] = colours @ matrix.T.astype(np.float32)
    colours[...] = encoded(colours)
    return light


def _to_rec_709(chromaticities: tuple[float, ...]) -> NDArray[Any] | None:
    """Matrix from a file's own primaries to those of Rec. 709 and sRGB; None where they are the same."""
    own = np.array(chromaticities, np.float64)
    if (
        not chromaticities
        or not np.isfinite(own).all()
        or np.abs(own - _REC_709).max() < 1e-3
        or not (own[1::2] > 0).all()
    ):
        return None
    matrix: NDArray[Any] = np.linalg.inv(_to_xyz(np.asarray(_REC_709))) @ _adapted(own)
    return matrix


def _to_xyz(chromaticities: NDArray[Any]) -> NDArray[Any]:
    """Matrix from red, green and blue to CIE XYZ (SMPTE RP 177)."""
    x, y = chromaticities[0::2], chromaticities[1::2]
    columns = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    scale = np.linalg.solve(columns[:, :3], columns[:, 3])
    matrix: NDArray[Any] = columns[:, :3] * scale
    return matrix


def _adapted(own: NDArray[Any]) -> NDArray[Any]:
    """`_to_xyz` with white moved to that of Rec. 709, by Bradford's matrix."""
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    matrix = _to_xyz(own)
    white_709 = _to_xyz(np.asarray(_REC_709)).sum(axis=1)
    gains = (bradford @ white_709) / (bradford @ matrix.sum(axis=1))
    adapted: NDArray[Any] = np.linalg.inv(bradford) @ np.diag(gains) @ bradford @ matrix
    return adapted
