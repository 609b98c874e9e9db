"""Following a network from its input to its output, for one picture, without computing anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.containers.limits import (
    MAX_OPERATIONS,
    MAX_PARAMETERS,
    MAX_RESULT_BYTES,
    MAX_TENSOR_ELEMENTS,
)
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.tflite.folding import MOST, folded
from desktop_app.core.library.inspection.tflite.format.advice import CONVERT_PLAINLY
from desktop_app.core.library.inspection.tflite.format.flatbuffer import damaged
from desktop_app.core.library.inspection.tflite.operators.listing import BUILTIN_NAMES, KINDS
from desktop_app.core.library.inspection.tflite.operators.rule import Call, Value
from desktop_app.core.library.inspection.tflite.types import check_types

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.tflite.format.document import Document, Operator, Tensor
    from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer
    from desktop_app.core.library.inspection.tflite.operators.rule import Field, Kind, Option, Shape

_COMPUTED_BYTES = 4
"""What each number takes while the network runs: OpenVINO computes what has 8 bits in float32 too."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """An operator that has to be computed for each picture.

    Attributes:
        kind: The kind of operator.
        call: Its inputs and options.
        results: What comes out.
    """

    kind: Kind
    call: Call
    results: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What was found on the way through a network.

    Attributes:
        entry: What goes in.
        exit: What comes out.
        steps: The operators that the output needs, in order.
        operations: Approximate number of multiplications for one picture.
        parameters: Numbers that are stored.
    """

    entry: Value
    exit: Value
    steps: tuple[Step, ...]
    operations: int
    parameters: int


def follow(document: Document, buffer: Flatbuffer, entry: Shape) -> Trace:
    """Follow a network, and check every operator, every shape and the memory that it takes.

    Args:
        document: The network.
        buffer: The file, for small whole numbers such as shapes.
        entry: Shape of one picture, with 1 in front.

    Raises:
        ModelError: An operator is not on the list, or used in a way that is not; the network is not
            connected properly, or would need too much memory or time.
    """
    values: dict[int, Value] = {document.input: Value(document.tensors[document.input], entry)}
    if document.tensors[document.input].data is not None:
        refuse("what goes in is in the file already")
    steps: list[Step] = []
    operations = 0
    for operator in document.operators:
        kind = _kind(operator)
        call = _call(document, buffer, kind, operator, values)
        shapes = _shapes(kind, call)
        numbers = folded(call)
        results = _results(document, operator, call, shapes, numbers)
        for value in results:
            if value.tensor.index in values or value.tensor.data is not None:
                refuse(f"its tensor {short(value.tensor.name)} is computed twice, or is in the file already")
            values[value.tensor.index] = value
        if numbers is not None:
            continue
        check_types(kind, call, results)
        operations += kind.work(call, shapes[0]) if kind.work else sum(map(math.prod, shapes))
        if operations > MAX_OPERATIONS:
            refuse("it takes too much computing")
        steps.append(Step(kind, call, results))
    if document.output not in values:
        refuse("what comes out is not computed")
    if values[document.output].known:
        refuse("what comes out does not depend on the picture")
    needed = _needed(steps, values[document.output])
    _check_memory(needed, values[document.input])
    stored = {id(value.tensor): value for step in needed for value in step.call.inputs if value is not None}
    parameters = sum(value.size for value in stored.values() if value.stored)
    if parameters > MAX_PARAMETERS:
        refuse("it has too many weights")
    return Trace(values[document.input], values[document.output], tuple(needed), operations, parameters)


def _shapes(kind: Kind, call: Call) -> list[Shape]:
    """Shapes of what an operator gives, none of them too large."""
    shapes = kind.rule(call)
    if len(shapes) != call.outputs:
        call.refuse("gives another number of results than it should")
    for shape in shapes:
        if not all(side >= 1 for side in shape) or math.prod(shape) > MAX_TENSOR_ELEMENTS:
            call.refuse("would need too much memory, or gives nothing")
    return shapes


def _results(
    document: Document,
    operator: Operator,
    call: Call,
    shapes: Sequence[Shape],
    numbers: NDArray[np.int64] | None,
) -> tuple[Value, ...]:
    fixed = all(value is None or value.known for value in call.inputs)
    return tuple(
        Value(document.tensors[index], shape, None if numbers is None else numbers.reshape(shape), fixed)
        for index, shape in zip(operator.outputs, shapes, strict=True)
    )


def _kind(operator: Operator) -> Kind:
    kind = KINDS.get(operator.code)
    if kind is None:
        name = BUILTIN_NAMES.get(operator.code, f"number {operator.code}")
        refuse(f"it has the operator {name}, which is not on Sightline's list of operators", CONVERT_PLAINLY)
    return kind


def _call(
    document: Document, buffer: Flatbuffer, kind: Kind, operator: Operator, values: dict[int, Value]
) -> Call:
    fewest, most = kind.inputs
    if not fewest <= len(operator.inputs) <= most:
        refuse(f"its operator {kind.name} has {len(operator.inputs)} inputs", CONVERT_PLAINLY)
    inputs: list[Value | None] = []
    for index in operator.inputs:
        if index == -1:
            inputs.append(None)
            continue
        if index not in values:
            values[index] = _stored(document.tensors[index], buffer)
        inputs.append(values[index])
    return Call(kind.name, tuple(inputs), _options(kind, operator), len(operator.outputs))


def _stored(tensor: Tensor, buffer: Flatbuffer) -> Value:
    if tensor.data is None:
        refuse(f"its tensor {short(tensor.name)} is used before it is computed")
    if tensor.signature != tensor.shape:
        damaged()
    numbers = None
    size = math.prod(tensor.shape)
    if tensor.dtype in {"int32", "int64"} and size <= MOST and tensor.quantisation is None:
        data = buffer.read(tensor.data.start, tensor.data.length)
        found = np.frombuffer(data, "<i4" if tensor.dtype == "int32" else "<i8")
        numbers = found.astype(np.int64).reshape(tensor.shape)
    return Value(tensor, tensor.shape, numbers)


def _options(kind: Kind, operator: Operator) -> Mapping[str, Option]:
    fields = kind.fields or {}
    if operator.options_type not in {0, kind.options_type} or (
        operator.options is None and operator.options_type
    ):
        refuse(f"its operator {kind.name} has the options of another operator")
    if operator.options is None:
        return {name: field.default for name, field in fields.items()}
    known = {field.slot for field in fields.values()}
    if not known.issuperset(operator.options.present):
        refuse(f"its operator {kind.name} has an option that Sightline does not know", CONVERT_PLAINLY)
    options: dict[str, Option] = {}
    for name, field in fields.items():
        value = _option(operator, field)
        if (field.allowed is not None and value not in field.allowed) or (
            isinstance(value, float) and not math.isfinite(value)
        ):
            refuse(f"its operator {kind.name} has the option {name} = {value}", CONVERT_PLAINLY)
        options[name] = value
    return options


def _option(operator: Operator, field: Field) -> Option:
    assert operator.options is not None
    if field.code == "vector":
        return operator.options.whole_numbers(field.slot, "i", MOST) or ()
    assert not isinstance(field.default, tuple)
    code = "B" if field.code == "flag" else field.code
    value = operator.options.number(field.slot, code, field.default)
    return bool(value) if field.code == "flag" else value


def _needed(steps: Sequence[Step], last: Value) -> list[Step]:
    """The steps that the output depends on."""
    wanted, found = {id(last)}, []
    for step in reversed(steps):
        if any(id(value) in wanted for value in step.results):
            found.append(step)
            wanted.update(id(value) for value in step.call.inputs if value is not None)
    return found[::-1]


def _check_memory(steps: Sequence[Step], entry: Value) -> None:
    """Add up what is in memory at the worst step: each result until the last step that needs it."""
    last = {id(value): number for number, step in enumerate(steps) for value in step.call.inputs if value}
    sizes = {id(entry): entry.size * _COMPUTED_BYTES}
    held = peak = sizes[id(entry)]
    for number, step in enumerate(steps):
        for value in step.results:
            sizes[id(value)] = value.size * _COMPUTED_BYTES
            held += sizes[id(value)]
        peak = max(peak, held)
        # What nothing needs is gone at once; what was stored was never counted.
        gone = {id(value) for value in (*step.call.inputs, *step.results) if value is not None}
        held -= sum(sizes.pop(key) for key in gone if key in sizes and last.get(key, number) <= number)
    if peak > MAX_RESULT_BYTES:
        refuse("its results would need too much memory together")
