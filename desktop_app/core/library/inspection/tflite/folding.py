"""Operators that only compute shapes: their results are known before any picture comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.tflite.operators.shaping import cuts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.tflite.operators.rule import Call

    Numbers = NDArray[np.int64]

MOST = 64
"""Numbers that are followed: shapes and axes have a few, borders twice as many."""
_LARGEST = 2**40


def folded(call: Call) -> Numbers | None:
    """The result of an operator on whole numbers that are all known.

    Returns:
        Its numbers; None where they depend on the picture, are too many, or no shape is computed in this way.
    """
    if call.name == "SHAPE":
        return np.array(call.shape(), np.int64)
    function = _FUNCTIONS.get(call.name)
    if function is None or any(value is not None and value.numbers is None for value in call.inputs):
        return None
    found = function(call, [value.numbers for value in call.inputs if value is not None])  # type: ignore[misc]
    if found.size > MOST or (found.size and int(np.abs(found).max()) > _LARGEST):
        return None
    return found


def _reshaped(_call: Call, numbers: list[Numbers]) -> Numbers:
    return numbers[0].reshape(-1)


_FUNCTIONS: dict[str, Callable[[Call, list[Numbers]], Numbers]] = {
    "STRIDED_SLICE": lambda call, numbers: np.asarray(numbers[0][cuts(call)], np.int64),
    "GATHER": lambda _call, numbers: np.asarray(np.take(numbers[0], numbers[1]), np.int64),
    "PACK": lambda _call, numbers: np.stack(numbers),
    "CONCATENATION": lambda _call, numbers: np.concatenate(numbers),
    "CAST": lambda _call, numbers: numbers[0],
    "ADD": lambda _call, numbers: numbers[0] + numbers[1],
    "SUB": lambda _call, numbers: numbers[0] - numbers[1],
    "MUL": lambda _call, numbers: numbers[0] * numbers[1],
    "REDUCE_PROD": lambda _call, numbers: np.asarray(np.prod(numbers[0]), np.int64),
    "RESHAPE": _reshaped,
    "SQUEEZE": _reshaped,
    "EXPAND_DIMS": _reshaped,
}
"""For numbers in a row, which shapes are; the shape of the result is the rule's."""
