"""What a data set has to know of the numbers in a file, so that all its files are read alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.levels import finite_range, is_numeric
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.decoding.render import levels_of, own_bands

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.images.science.frames import Frames

SHARES = (0.0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0)
"""Shares of the numbers that lie below each of `NumberFacts.quantiles`."""

_SAMPLED = 200_000
"""Numbers that quantiles are estimated from; the least and greatest are exact."""

_BLANK_SHARE = 0.02
"""Share of the range of a stack that a plane must cover not to be blank."""


class NumberFacts(NamedTuple):
    """Facts about one file.

    Attributes:
        quantiles: Numbers below which lie the `SHARES`; empty for pictures of 8 bits.
        black: The number that is black when the file is read by itself; with ``white``, in ascending order.
        white: The one that is white.
        declared: Whether the file says so.
        floating: Whether they are floating-point numbers.
        planes: Planes that differ; 1 for none.
        plane_word: What they are, in the plural.
        first_blank: Whether the first plane shows nothing, and others do.
        middle_blank: The same for the middle one.
        bands: Number of bands, where somebody has to choose which are shown; 0 elsewhere.
        band_names: Their names, where the file gives them.
    """

    quantiles: tuple[float, ...] = ()
    black: float = 0.0
    white: float = 255.0
    declared: bool = False
    floating: bool = False
    planes: int = 1
    plane_word: str = "planes"
    first_blank: bool = False
    middle_blank: bool = False
    bands: int = 0
    band_names: tuple[str, ...] = ()


NO_FACTS = NumberFacts()
"""A usual picture."""


def facts_of(frames: Frames, numbers: NDArray[Any]) -> NumberFacts:
    """Collect the facts.

    Args:
        frames: What the file says.
        numbers: The numbers that are shown, ``(height, width, bands)``.
    """
    facts = NO_FACTS
    if is_numeric(frames.dtype) and frames.colours not in {"cmyk", "lab"}:
        found = finite_range(numbers)
        if found is not None:
            levels = levels_of(frames, numbers, AS_STORED)
            facts = facts._replace(
                quantiles=_quantiles(numbers, found),
                black=min(levels),
                white=max(levels),
                declared=frames.low is not None,
                floating=frames.dtype.kind == "f",
            )
    if frames.colours == "bands":
        facts = facts._replace(bands=len(own_bands(frames)), band_names=frames.band_names)
    return _with_planes(facts, frames) if frames.planes > 1 else facts


def proposed_bands(count: int) -> tuple[int, int, int]:
    """The bands to show of a picture with so many of them, until somebody chooses: from 0.

    Thirteen or twelve are those of Sentinel-2, whose red, green and blue are bands 4, 3 and 2.
    """
    if count in {12, 13}:
        return 3, 2, 1
    return 0, min(1, count - 1), min(2, count - 1)


def refuse_blank_first(frames: Frames, reading: PixelReading) -> None:
    """Refuse a stack whose first plane shows nothing, where nobody has chosen a plane.

    Raises:
        UnreadableImage: It is one.
    """
    if frames.planes == 1 or reading.plane is not None:
        return
    ends = finite_range(np.asarray(frames.read(0)))
    if ends is not None and ends[0] < ends[1]:
        return
    if _with_planes(NO_FACTS, frames).first_blank:
        raise UnreadableImage(
            f"The first of its {frames.planes:,} {frames.plane_word} shows nothing, and nobody has chosen "
            "another one.",
            "Save another one as a picture of its own, or use a model that was trained on such files.",
        )


def with_bands(frames: Frames, reading: PixelReading) -> PixelReading:
    """Show the proposed bands where nobody has chosen."""
    if frames.colours == "bands" and reading.bands is None:
        return reading.model_copy(update={"bands": proposed_bands(len(own_bands(frames)))})
    return reading


def _quantiles(numbers: NDArray[Any], ends: tuple[float, float]) -> tuple[float, ...]:
    values = np.ma.compressed(numbers) if np.ma.isMA(numbers) else np.asarray(numbers).reshape(-1)
    values = values[:: max(len(values) // _SAMPLED, 1)]
    if values.dtype.kind == "f":
        values = values[np.isfinite(values)]
    if not values.size:
        return tuple(float(end) for end in np.interp(SHARES, (0, 1), ends))
    inner = np.quantile(values.astype(np.float64), SHARES[1:-1])
    return (ends[0], *(float(value) for value in inner), ends[1])


def _with_planes(facts: NumberFacts, frames: Frames) -> NumberFacts:
    """Compare the first, the middle and the last plane."""
    chosen = sorted({0, frames.planes // 2, frames.planes - 1})
    planes = [np.asarray(frames.read(plane)) for plane in chosen]
    if all(plane.shape == planes[0].shape and (plane == planes[0]).all() for plane in planes[1:]):
        return facts
    spreads = [high - low for low, high in (finite_range(plane) or (0.0, 0.0) for plane in planes)]
    blank = [spread <= _BLANK_SHARE * max(spreads) for spread in spreads]
    return facts._replace(
        planes=frames.planes,
        plane_word=frames.plane_word,
        first_blank=blank[0],
        middle_blank=blank[chosen.index(frames.planes // 2)],
    )
