"""How much memory the results of a network's layers take together while it classifies one picture."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop_app.core.library.inspection.keras.network.rule import Config, Shape

PIXEL_BYTES = 8
"""For each number of the picture: as float32, and as uint8 or float64 beside it."""


@dataclass(slots=True, eq=False)
class Result:
    """What a call of a layer gives, in memory until the last call that needs it.

    Attributes:
        shape: Shape for one picture: without the batch axis.
        number_bytes: Bytes of each of its numbers.
        step: Step in which it is made: one after the latest of its inputs. Calls of the same step may run at
            the same time.
        last_step: Step in which it is needed for the last time.
        scratch: Bytes that the call takes besides, while it runs.
    """

    shape: Shape
    number_bytes: int
    step: int
    last_step: int
    scratch: int = 0

    @property
    def bytes(self) -> int:
        """Bytes of the numbers alone."""
        return math.prod(self.shape) * self.number_bytes


def entry(shape: Shape) -> Result:
    """The picture that goes into the network."""
    return Result(shape, PIXEL_BYTES, 0, 0)


def called(inputs: list[Result], shapes: Sequence[Shape], config: Config, scratch: int) -> list[Result]:
    """Note a call: its inputs are needed until then.

    Args:
        inputs: Inputs of the layer.
        shapes: Shapes of its results.
        config: Configuration of the layer, for its number format.
        scratch: Numbers that it holds besides while it works.
    """
    # Halves are computed in float32. A function of Keras without a format of its own keeps its inputs'.
    kept = max(one.number_bytes for one in inputs)
    number_bytes = kept if "dtype" not in config else 8 if "float64" in str(config["dtype"]) else 4
    step = 1 + max(one.step for one in inputs)
    for one in inputs:
        one.last_step = max(one.last_step, step)
    # Keras first converts what has a smaller format.
    converted = sum(math.prod(one.shape) for one in inputs if one.number_bytes < number_bytes)
    held = [(scratch + converted) * number_bytes, *[0] * (len(shapes) - 1)]
    return [Result(shape, number_bytes, step, step, more) for shape, more in zip(shapes, held, strict=True)]


def peak(results: Iterable[Result]) -> int:
    """Bytes at the worst step, if each step waits for the one before, as TensorFlow about does."""
    change: defaultdict[int, int] = defaultdict(int)
    for result in results:
        change[result.step] += result.bytes + result.scratch
        change[result.step + 1] -= result.scratch
        change[result.last_step + 1] -= result.bytes
    return max(accumulate(change[step] for step in sorted(change)), default=0)
