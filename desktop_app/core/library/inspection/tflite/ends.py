"""How a network begins and ends: whether it takes 8-bit numbers, and which function makes its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.tflite.operators.listing import WEIGHTS
from desktop_app.core.library.inspection.tflite.types import BYTES

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.operators.rule import Value
    from desktop_app.core.library.inspection.tflite.trace import Step, Trace

_PASSING = {"RESHAPE", "SQUEEZE", "EXPAND_DIMS", "QUANTIZE", "DEQUANTIZE"}
"""Operators after which the numbers stand for the same."""
_FUNCTIONS = {"SOFTMAX", "LOGISTIC"}


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a network, from the last operator that is not written again in another way.

    Attributes:
        steps: Number of the steps before it.
        before: What those give.
        function: The step whose function is computed on floating numbers after them; None for none.
    """

    steps: int
    before: Value
    function: Step | None


def whole_entry(trace: Trace) -> Value | None:
    """The 8-bit numbers that a network takes, or makes of its input before anything else; None for others."""
    entry = trace.entry
    if entry.tensor.dtype in BYTES:
        return entry if entry.tensor.quantisation is not None else None
    users = [step for step in trace.steps if any(value is entry for value in step.call.inputs)]
    if len(users) == 1 and users[0].call.name == "QUANTIZE":
        return users[0].results[0]
    return None


def eight_bit_weights(step: Step) -> Value | None:
    """The 8-bit weights of an operator on floating numbers (dynamic-range quantisation); None for others."""
    if step.call.name not in WEIGHTS or step.results[0].tensor.dtype != "float32":
        return None
    kernel = step.call.inputs[WEIGHTS[step.call.name][0]]
    return kernel if kernel is not None and kernel.tensor.dtype in BYTES else None


def last_function(trace: Trace) -> Step | None:
    """The operator that makes the output, past those that pass it on; None where it is the input itself."""
    made = {id(value): step for step in trace.steps for value in step.results}
    step = made.get(id(trace.exit))
    while step is not None and step.call.name in _PASSING:
        step = made.get(id(step.call.value(0)))
    return step


def ending_of(trace: Trace) -> Ending:
    """Find what the stored copy ends with: see `writing`."""
    step = last_function(trace)
    if step is None or step.call.name not in _FUNCTIONS:
        return Ending(len(trace.steps), trace.exit, None)
    taken = step.call.value(0)
    if taken.tensor.dtype not in BYTES or taken.size != trace.exit.size:
        return Ending(len(trace.steps), trace.exit, None)
    return Ending(trace.steps.index(step), taken, step)
