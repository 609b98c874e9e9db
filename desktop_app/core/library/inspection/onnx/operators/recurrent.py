"""Recurrent layers."""

from __future__ import annotations

from desktop_app.core.library.inspection.containers.limits import MAX_STEPS, STEP_OPERATIONS
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged
from desktop_app.core.library.inspection.onnx.operators.call import Call, Value, operator

_GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
_ACTIVATIONS = {"RNN": ["Tanh"], "GRU": ["Sigmoid", "Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}
_DIRECTIONS = ("forward", "reverse", "bidirectional")


@operator("RNN", "GRU", "LSTM")
def recurrent(call: Call) -> list[Value]:
    """A layer that goes through a sequence, in one direction or both, with its usual activations."""
    kind = call.node.kind
    value, weights, again = call.input(0), call.input(1), call.input(2)
    direction = call.word("direction", "forward", _DIRECTIONS)
    units = call.whole("hidden_size", 0)
    call.whole("layout", 0, (0,))
    activations = call.attribute("activations", list, None)
    ways = 2 if direction == "bidirectional" else 1
    if activations and [
        each.decode(errors="replace") if isinstance(each, bytes) else "" for each in activations
    ] != (_ACTIVATIONS[kind] * ways):
        call.refuse("has other activations than usual")
    if kind == "GRU":
        call.whole("linear_before_reset", 0, (0, 1))
    if kind == "LSTM":
        call.whole("input_forget", 0, (0,))
    if value.rank != 3 or value.shape[1] != 1 or units < 1:
        refuse_damaged(f"its operator '{kind}' does not fit its input")
    steps, pictures, width = value.shape
    if steps > MAX_STEPS:
        call.refuse(f"goes through {steps:,} steps, more than {MAX_STEPS:,}")
    wide = _GATES[kind] * units
    shapes: list[tuple[Value | None, tuple[int, ...]]] = [
        (weights, (ways, wide, width)),
        (again, (ways, wide, units)),
        (call.optional(3), (ways, 2 * wide)),
        (call.optional(5), (ways, pictures, units)),
        (call.optional(6), (ways, pictures, units)),
    ]
    if any(found is not None and found.shape != wanted for found, wanted in shapes):
        refuse_damaged(f"its operator '{kind}' has weights of another size")
    if call.optional(4, "int32") is not None and (call.numbers(4, "int32") != steps).any():
        call.refuse("goes through a part of its sequence only")
    if call.optional(7) is not None:
        call.refuse("has peepholes")
    call.operations = ways * steps * max(wide * (width + units), STEP_OPERATIONS)
    state = call.result((ways, pictures, units))
    return [call.result((steps, ways, pictures, units)), state, state]
