"""Which pixels a network wants, as far as its first operators and the numbers of its input say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.result.network_summary import Scaling
from desktop_app.core.library.inspection.result.pixel_scaling import Step, judge
from desktop_app.core.library.inspection.tflite.ends import whole_entry
from desktop_app.core.networks.pixels import Affine, affine_of, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_app.core.library.inspection.tflite.format.document import Quantisation
    from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer
    from desktop_app.core.library.inspection.tflite.operators.rule import Value
    from desktop_app.core.library.inspection.tflite.trace import Step as Operator
    from desktop_app.core.library.inspection.tflite.trace import Trace
    from desktop_app.core.networks.pixels import Preprocessing

    Numbers = tuple[float, ...]

_CANDIDATES: tuple[Preprocessing, ...] = ("none", "unit", "symmetric")
_PASSING = {"RESHAPE", "QUANTIZE", "DEQUANTIZE", "CAST", "TRANSPOSE", "SQUEEZE", "EXPAND_DIMS"}
_BYTES = np.arange(256.0)


def scaling_of(trace: Trace, buffer: Flatbuffer, channels: int) -> Scaling:
    """Work out which pixels a network is made for.

    Args:
        trace: What was found on the way through it.
        buffer: The file, for the numbers of its first operators.
        channels: Number of the picture's channels.
    """
    entry = trace.entry.tensor
    if entry.dtype == "uint8" and entry.quantisation is None:
        return Scaling(True, "none", f"{short(entry.name)} takes the bytes of a picture as they are")
    if entry.quantisation is not None and entry.dtype != "float32":
        return _of_bytes(entry.name, entry.quantisation, -128 if entry.dtype == "int8" else 0)
    taken = whole_entry(trace)
    if taken is not None and taken.tensor.quantisation is not None:
        return _of_range(entry.name, taken.tensor.quantisation, -128 if taken.tensor.dtype == "int8" else 0)
    return judge(_steps(trace, buffer, channels))


def bytes_as_they_are(quantisation: Quantisation, lowest: int) -> Affine | None:
    """The scaling with which the bytes of a picture go into a quantised input unchanged.

    Args:
        quantisation: What the input's whole numbers stand for.
        lowest: The number that black becomes: 0 for uint8, -128 for int8.

    Returns:
        The scaling; None where its numbers are too large or too small for one.
    """
    scale, zero_point = quantisation.scales[0], quantisation.zero_points[0]
    affine = Affine((scale,), (scale * (lowest - zero_point),))
    try:
        return affine_of(affine.text)
    except ValueError:
        return None


def _of_bytes(name: str, quantisation: Quantisation, lowest: int) -> Scaling:
    """Networks with an 8-bit input were given the bytes of pictures, by all examples that come with them."""
    affine = bytes_as_they_are(quantisation, lowest)
    if affine is None:
        return Scaling()
    low, high = affine.offset[0], 255 * affine.scale[0] + affine.offset[0]
    reason = f"{short(name)} holds bytes that stand for {low:.3g} to {high:.3g}"
    for candidate in _CANDIDATES:
        if _same_bytes(affine_of(candidate), quantisation, lowest):
            return Scaling(False, candidate, reason)
    return Scaling(False, canonical(affine.text), reason)


def _of_range(name: str, quantisation: Quantisation, lowest: int) -> Scaling:
    """The range for which a network's first step has 8-bit numbers was that of the pixels it was tried on."""
    affine = bytes_as_they_are(quantisation, lowest)
    if affine is None:
        return Scaling()
    low, high = affine.offset[0], 255 * affine.scale[0] + affine.offset[0]
    for candidate in _CANDIDATES:
        named = affine_of(candidate)
        ends = named.offset[0], 255 * named.scale[0] + named.offset[0]
        if max(abs(low - ends[0]), abs(high - ends[1])) <= 2 * affine.scale[0]:
            return Scaling(False, candidate, f"{short(name)} is stored in 8 bits for {low:.3g} to {high:.3g}")
    return Scaling()


def _same_bytes(affine: Affine, quantisation: Quantisation, lowest: int) -> bool:
    """Whether a scaling, followed by the input's quantisation, gives each byte back."""
    values = (_BYTES * affine.scale[0] + affine.offset[0]) / quantisation.scales[0]
    # Half away from zero, as TensorFlow Lite rounds.
    whole = np.trunc(values + np.copysign(0.5, values)) + quantisation.zero_points[0]
    return bool((np.clip(whole, lowest, lowest + 255) == _BYTES + lowest).all())


def _steps(trace: Trace, buffer: Flatbuffer, channels: int) -> Iterator[Step]:
    """Result, scale and offset of each operator that only scales pixels, before the first other one."""
    users: dict[int, list[Operator]] = {}
    for step in trace.steps:
        for value in step.call.inputs:
            if value is not None:
                users.setdefault(id(value), []).append(step)
    value = trace.entry
    while len(found := users.get(id(value), [])) == 1:
        step = found[0]
        if step.call.name not in _PASSING:
            change = _change(step, value, buffer, channels)
            if change is None:
                return
            yield Step(step.results[0].tensor.name, *change)
        value = step.results[0]


def _change(
    step: Operator, value: Value, buffer: Flatbuffer, channels: int
) -> tuple[Numbers, Numbers] | None:
    """Scale and offset of an operator; None where it does something else."""
    first = step.call.inputs[0] is value
    others = [one for one in step.call.inputs if one is not value]
    if len(others) != 1 or others[0] is None or step.call.options.get("activation"):
        return None
    numbers = _floats(others[0], buffer, channels)
    if numbers is None:
        return None
    one, zero = (1.0,), (0.0,)
    negative = tuple(-number for number in numbers)
    changes: dict[tuple[str, bool], tuple[Numbers, Numbers]] = {
        ("MUL", True): (numbers, zero),
        ("MUL", False): (numbers, zero),
        ("ADD", True): (one, numbers),
        ("ADD", False): (one, numbers),
        ("SUB", True): (one, negative),
        ("SUB", False): ((-1.0,), numbers),
    }
    if all(numbers):
        changes["DIV", True] = tuple(1 / number for number in numbers), zero
    return changes.get((step.call.name, first))


def _floats(value: Value, buffer: Flatbuffer, channels: int) -> Numbers | None:
    tensor = value.tensor
    if tensor.data is None or tensor.dtype != "float32" or value.size not in {1, channels}:
        return None
    found = np.frombuffer(buffer.read(tensor.data.start, tensor.data.length), "<f4")
    return tuple(map(float, found)) if np.isfinite(found).all() else None
