"""A ``.tflite`` file as tensors and operators, each known by number, without any of its weights."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.limits import MAX_CALLS
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.tflite.format.advice import CONVERT_PLAINLY
from desktop_app.core.library.inspection.tflite.format.flatbuffer import damaged

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer, Span, Table

IDENTIFIER = b"TFL3"
"""Bytes 4 to 7 of each file (``file_identifier`` of TensorFlow's ``schema.fbs``)."""
_SCHEMA_VERSION = 3
_CUSTOM = 32
MAX_RANK = 6
"""Axes of a tensor; TensorFlow Lite's own kernels stop at 4 to 6."""
_MAX_TENSORS = 4 * MAX_CALLS
_MAX_CONNECTIONS = 1_000
"""Inputs of one operator: a concatenation may have many."""
_MAX_SCALES = 2**20

TYPES = {
    0: ("float32", 4), 1: ("float16", 2), 2: ("int32", 4), 3: ("uint8", 1), 4: ("int64", 8), 6: ("bool", 1),
    9: ("int8", 1),
}  # fmt: skip
"""Number formats of tensors (``TensorType`` of the schema), with their bytes."""
_OTHER_TYPES = {
    5: "texts", 7: "16-bit whole numbers", 8: "complex numbers", 10: "64-bit numbers", 11: "complex numbers",
    13: "resources", 14: "variants", 17: "4-bit numbers", 18: "bfloat16 numbers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantisation:
    """What whole numbers of a tensor stand for: ``scale * (number - zero_point)``.

    Attributes:
        scales: One for the whole tensor, or one for each place along an axis.
        zero_points: As many.
        axis: The axis, where there are several.
    """

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor as the file describes it.

    Attributes:
        index: Its number.
        name: Its name.
        shape: Its recorded shape.
        signature: The same with -1 for sides that are left open; equal to ``shape`` where none is.
        dtype: Its number format, such as ``float32``.
        code: The same as the schema's number.
        quantisation: What its whole numbers stand for; None for other numbers.
        data: Where its numbers are in the file; None for what is computed.
    """

    index: int
    name: str
    shape: tuple[int, ...]
    signature: tuple[int, ...]
    dtype: str
    code: int
    quantisation: Quantisation | None
    data: Span | None

    @property
    def bytes(self) -> int:
        """Bytes of its numbers, for the recorded shape."""
        return math.prod(self.shape) * TYPES[self.code][1]


@dataclass(frozen=True, slots=True, eq=False)
class Operator:
    """An operator as the file describes it.

    Attributes:
        code: Its number in the schema's ``BuiltinOperator``.
        version: The version of it that the file needs.
        inputs: Numbers of tensors; -1 where an optional one is missing.
        outputs: Numbers of tensors.
        options_type: Which table its options are.
        options: The options, or None.
    """

    code: int
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options_type: int
    options: Table | None


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The one network of a file.

    Attributes:
        tensors: All of its tensors.
        operators: Its operators, in the order in which they are computed.
        input: Number of the tensor that goes in.
        output: Number of the tensor that comes out.
        metadata: The description that TensorFlow Lite's own tools write; None where there is none.
    """

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    input: int
    output: int
    metadata: Span | None


def parse(buffer: Flatbuffer) -> Document:
    """Read the description of a network; its weights stay unread.

    Raises:
        ModelError: It is damaged, or not one network of plain operators with one input and one output.
    """
    model = buffer.root(IDENTIFIER)
    if model.whole(0, "I") != _SCHEMA_VERSION:
        refuse(f"it is of version {model.whole(0, 'I')} of the format, where 3 is expected", CONVERT_PLAINLY)
    codes = [_operator_code(table) for table in model.tables(1, 1_000, "kinds of operators")]
    graphs = model.tables(2, 1_000, "networks")
    if len(graphs) != 1:
        refuse(f"it holds {len(graphs)} networks, where one is expected", CONVERT_PLAINLY)
    spans = [_data(table) for table in model.tables(4, 2 * _MAX_TENSORS, "arrays")]
    graph = graphs[0]
    tables = graph.tables(0, _MAX_TENSORS, "tensors")
    tensors = tuple(_tensor(index, table, spans) for index, table in enumerate(tables))
    listed = graph.tables(3, MAX_CALLS, "operators")
    operators = tuple(_operator(table, codes, len(tensors)) for table in listed)
    if not operators:
        refuse("it has no operators")
    return Document(
        tensors,
        operators,
        _only(graph, 1, "input", len(tensors)),
        _only(graph, 2, "output", len(tensors)),
        _metadata(model, spans),
    )


def _only(graph: Table, field: int, what: str, tensors: int) -> int:
    numbers = graph.whole_numbers(field, "i", 1_000) or ()
    if len(numbers) != 1:
        refuse(f"it has {len(numbers)} {what}s, where one is expected", CONVERT_PLAINLY)
    if not 0 <= numbers[0] < tensors:
        damaged()
    return numbers[0]


def _operator_code(table: Table) -> tuple[int, int]:
    """Number and version of a kind of operator.

    Since version 3 of the schema's ``OperatorCode`` the number stands in a field of its own; in older files
    only in the first one, which ends at 127.
    """
    code = max(table.whole(0, "b"), table.whole(3, "i"))
    custom = table.text(1)
    if code == _CUSTOM or custom:
        if custom.startswith("Flex"):
            refuse(f"it needs TensorFlow itself for the operator {short(custom[4:])}", CONVERT_PLAINLY)
        refuse(f"it needs the custom operator {short(custom)}, a program of its maker's", CONVERT_PLAINLY)
    return code, table.whole(2, "i", 1)


def _data(table: Table) -> Span | None:
    if table.number(1, "Q") or table.number(2, "Q"):
        refuse("it has numbers outside its own structure, as files above 2 GB have")
    span = table.span(0)
    return span if span is not None and span.length else None


def _tensor(index: int, table: Table, spans: list[Span | None]) -> Tensor:
    code = table.whole(1, "b")
    name = table.text(3)
    if code not in TYPES:
        refuse(f"its tensor {short(name)} holds {_OTHER_TYPES.get(code, 'unknown numbers')}", CONVERT_PLAINLY)
    if table.whole(5, "B"):
        refuse(f"its tensor {short(name)} remembers something from picture to picture", CONVERT_PLAINLY)
    if table.table(6) is not None:
        refuse(f"its tensor {short(name)} is sparse", CONVERT_PLAINLY)
    shape = table.whole_numbers(0, "i", MAX_RANK) or ()
    signature = table.whole_numbers(7, "i", MAX_RANK) or shape
    buffer = table.whole(2, "I")
    if len(signature) != len(shape) or buffer >= len(spans):
        damaged()
    if any(side < 0 for side in shape) or any(side < -1 for side in signature):
        damaged()
    tensor = Tensor(
        index, name, shape, signature, TYPES[code][0], code, _quantisation(table, name), spans[buffer]
    )
    if tensor.data is not None and tensor.data.length != tensor.bytes:
        refuse(f"its tensor {short(name)} has {tensor.data.length:,} bytes where {tensor.bytes:,} are needed")
    return tensor


def _quantisation(tensor: Table, name: str) -> Quantisation | None:
    table = tensor.table(4)
    if table is None:
        return None
    if table.whole(4, "B"):
        refuse(f"its tensor {short(name)} is quantised in a way of its own", CONVERT_PLAINLY)
    scales = table.numbers(2, "f", _MAX_SCALES) or ()
    if not scales:
        return None  # the range alone, as earlier versions recorded it for floating numbers
    zero_points = table.whole_numbers(3, "q", _MAX_SCALES) or (0,) * len(scales)
    axis = table.whole(6, "i")
    if len(zero_points) == 1 < len(scales):
        zero_points *= len(scales)
    if len(zero_points) != len(scales) or not 0 <= axis < MAX_RANK:
        damaged()
    if not all(math.isfinite(scale) and scale > 0 for scale in scales):
        refuse(f"its tensor {short(name)} is quantised with scales that are no positive numbers")
    if any(abs(point) > 255 for point in zero_points):
        refuse(f"its tensor {short(name)} is quantised with an impossible zero point")
    return Quantisation(tuple(map(float, scales)), zero_points, axis)


def _operator(table: Table, codes: list[tuple[int, int]], tensors: int) -> Operator:
    kind = table.whole(0, "I")
    inputs = table.whole_numbers(1, "i", _MAX_CONNECTIONS) or ()
    outputs = table.whole_numbers(2, "i", _MAX_CONNECTIONS) or ()
    if kind >= len(codes) or not outputs:
        damaged()
    if any(not -1 <= number < tensors for number in inputs) or any(
        not 0 <= number < tensors for number in outputs
    ):
        damaged()
    # Options of custom operators and of StableHLO's, and tensors that an operator changes.
    changed = table.whole_numbers(7, "B", 1_000) or ()
    if any(table.whole(field, code) for field, code in ((9, "Q"), (10, "Q"), (11, "B"))) or any(changed):
        refuse("one of its operators has options that Sightline does not know", CONVERT_PLAINLY)
    custom = table.span(5)
    if custom is not None and custom.length:
        refuse("one of its operators has options that Sightline does not know", CONVERT_PLAINLY)
    if table.whole_numbers(8, "i", 1_000):
        refuse("one of its operators has tensors of its own", CONVERT_PLAINLY)
    return Operator(*codes[kind], inputs, outputs, table.whole(3, "B"), table.table(4))


def _metadata(model: Table, spans: list[Span | None]) -> Span | None:
    for table in model.tables(6, 1_000, "descriptions"):
        number = table.whole(1, "I")
        if table.text(0) == "TFLITE_METADATA" and number < len(spans):
            return spans[number]
    return None


_UNUSUAL = re.compile(r"[^\w./:;\- ]")


def plain_name(name: str) -> str:
    """A tensor's name with letters, digits and the usual signs alone."""
    return _UNUSUAL.sub("_", name)[:200]
