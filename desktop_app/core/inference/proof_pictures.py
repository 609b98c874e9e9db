"""The pictures that engines are compared on: photographs, plain ones, noise, and the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.images.sample_pictures import read_pictures, sample_files
from desktop_app.core.networks.preprocessing import fit_to_input

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from desktop_app.core.networks.input_spec import InputSpec

MADE = 32
"""Pictures that are always there, photographs included."""

_SAMPLE_SIDE = 400
_SEED = 20


def proof_pictures(spec: InputSpec, own: Sequence[NDArray[np.uint8]] = ()) -> NDArray[np.uint8]:
    """Make the pictures for a network, the same ones each time.

    Args:
        spec: The network's input.
        own: Pictures of the data set that it was trained on, uint8 ``(height, width, 3)``, as prepared for
            it.

    Returns:
        uint8 ``(N, height, width, 3)``; at least `MADE`.
    """
    made = [*_photographs(spec), *_plain(spec)]
    random = np.random.default_rng(_SEED)
    while len(made) < MADE:
        made.append(_noise(spec, random, grain=2 ** (len(made) % 6)))
    return np.stack([*made, *own])


def _photographs(spec: InputSpec) -> Iterator[NDArray[np.uint8]]:
    """The samples that ship with the app, whole, their mirror images and their quarters."""
    try:
        pictures = [pixels for _, pixels in read_pictures(sample_files(), _SAMPLE_SIDE)]
    except SightlineError:
        return  # others take their place
    for pixels in pictures:
        middle, centre = pixels.shape[0] // 2, pixels.shape[1] // 2
        for part in (pixels, pixels[:, ::-1], pixels[:middle, :centre], pixels[middle:, centre:]):
            yield fit_to_input(np.ascontiguousarray(part), spec, "squash")


def _plain(spec: InputSpec) -> Iterator[NDArray[np.uint8]]:
    shape = (spec.height, spec.width, 3)
    for colour in ((0, 0, 0), (255, 255, 255), (200, 30, 60)):
        yield np.full(shape, colour, np.uint8)
    across = np.linspace(0, 255, spec.width, dtype=np.uint8)
    down = np.linspace(0, 255, spec.height, dtype=np.uint8)
    ramp = np.zeros(shape, np.uint8)
    ramp[..., 0] = across
    ramp[..., 1] = down[:, None]
    ramp[..., 2] = 255 - across
    yield ramp


def _noise(spec: InputSpec, random: np.random.Generator, grain: int) -> NDArray[np.uint8]:
    """Squares of random colours, ``grain`` pixels wide."""
    rows, columns = -(-spec.height // grain), -(-spec.width // grain)
    squares = random.integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    return squares.repeat(grain, axis=0).repeat(grain, axis=1)[: spec.height, : spec.width]
