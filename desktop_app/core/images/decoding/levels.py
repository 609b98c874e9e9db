"""Which numbers are black and white, in pictures of more than 8 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPTHS = tuple(2.0**bits - 1 for bits in (8, 10, 12, 14, 16))
"""White of the usual cameras and scanners, which store 10, 12 or 14 bits in 16."""

LEFT_EMPTY = 4095
"""Greatest number of a colour TIFF or a PNG of 16 bits that is still that of a camera of 12 bits or fewer: no
other picture uses just a sixteenth of its range."""

_FULL_SHARE = 0.5
"""Share of the range of a type that numbers must cover for its ends to be black and white, where no usual
depth holds them all."""


_LEAST_COUNT = 16.0
"""Greatest number below which floats are not taken for a picture of 0..255: it would be all but black."""


class Levels(NamedTuple):
    """The numbers that become black and white; ``black`` is the larger one in a negative."""

    black: float
    white: float


def is_numeric(dtype: np.dtype[Any]) -> bool:
    """Whether numbers of this type have to be brought to 0..255 at all."""
    return dtype not in (np.dtype(np.uint8), np.dtype(np.bool_))


def usual_levels(low: float, high: float, dtype: np.dtype[Any]) -> Levels:
    """Choose black and white for numbers of which nothing else is known.

    Integers lie in the smallest usual bit depth that holds them all, else in the range of their type when
    they cover much of it; floats in 0..1 or, where they reach well beyond 1, 0..255; and all others
    in their own range.

    Args:
        low: Least number.
        high: Greatest number.
        dtype: Type of the numbers.
    """
    if dtype == np.bool_:
        return Levels(0, 1)
    if dtype == np.uint8:
        return Levels(0, 255)
    if dtype.kind == "f":
        overshoot = 1 < high < _LEAST_COUNT  # a resized picture of 0..1, or one of light, not of 0..255
        return Levels(low, high) if overshoot else _in((1.0, 255.0), low, high)
    least, most = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
    if low < 0:
        much = dtype.itemsize == 1 or high - low > _FULL_SHARE * (most - least)
        return Levels(least, most) if much else Levels(low, high)
    whites = tuple(white for white in DEPTHS if white < most)
    if most <= max(DEPTHS) or high > _FULL_SHARE * most:
        whites += (most,)
    return _in(whites, low, high)


def _in(whites: tuple[float, ...], low: float, high: float) -> Levels:
    """From 0 to the first of these that is not exceeded, else the numbers' own range."""
    fitting = [white for white in whites if high <= white]
    return Levels(0, fitting[0]) if low >= 0 and fitting else Levels(low, high)


def finite_range(numbers: NDArray[Any]) -> tuple[float, float] | None:
    """Least and greatest of the numbers that are finite and not masked; None for none."""
    masked = np.ma.getmask(numbers)
    values = np.asarray(numbers)
    if masked is not np.ma.nomask:
        values = values[~masked]
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else None


def to_bytes(numbers: NDArray[Any], levels: Levels) -> NDArray[np.uint8]:
    """Scale numbers to 0..255; not-a-number and what is masked become black, infinities black and white."""
    wide_enough = np.float32 if numbers.dtype.itemsize <= 2 else np.float64
    with np.errstate(all="ignore"):  # infinities and signalling not-a-numbers are in the file, not our doing
        values: NDArray[np.floating[Any]] = np.asarray(numbers).astype(wide_enough)
        values -= levels.black
        values *= 255 / (levels.white - levels.black or 1.0)
        np.rint(values, out=values)
    values.clip(0, 255, out=values)
    if numbers.dtype.kind == "f":
        values[np.isnan(values)] = 0
    pixels = values.astype(np.uint8)
    masked = np.ma.getmask(numbers)
    if masked is not np.ma.nomask:
        pixels[masked] = 0
    return pixels
