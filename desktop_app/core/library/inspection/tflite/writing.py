"""The copy of a TensorFlow Lite model that the library keeps: written again, with what it computes.

Names, descriptions, signatures, alternatives and whatever no operator needs are left out; open sides are
fixed; shapes that are computed become plain numbers. A network of 8-bit numbers takes them: a QUANTIZE at
its beginning is left out, since whoever prepares the picture rounds halves as TensorFlow Lite does, and
OpenVINO's QUANTIZE does not; all pixels may be halves. 8-bit weights beside floating numbers are written as
the floating ones that they stand for: TensorFlow Lite would round what they meet to 8 bits for each picture.
What comes out is floating numbers. A last SOFTMAX or LOGISTIC on 8-bit numbers is computed on floating ones,
since 256 steps do not add up to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.library.inspection.tflite.ends import eight_bit_weights, ending_of, whole_entry
from desktop_app.core.library.inspection.tflite.format import building
from desktop_app.core.library.inspection.tflite.format.document import IDENTIFIER, Quantisation
from desktop_app.core.library.inspection.tflite.operators.listing import KINDS
from desktop_app.core.library.inspection.tflite.types import BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.tflite.format.document import Document, Tensor
    from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer, Span
    from desktop_app.core.library.inspection.tflite.operators.rule import Kind, Option, Shape, Value
    from desktop_app.core.library.inspection.tflite.trace import Trace

_FLOAT32 = 0
_CODES = {kind.name: kind for kind in KINDS.values()}
_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class EightBits:
    """8-bit weights that are written as the floating numbers that they stand for.

    Attributes:
        tensor: The weights.
        shape: Their shape.
    """

    tensor: Tensor
    shape: Shape

    @property
    def length(self) -> int:
        """Bytes of the floating numbers."""
        return 4 * math.prod(self.shape)

    def pieces(self, buffer: Flatbuffer) -> Iterator[bytes]:
        """Read and convert them, a piece at a time.

        Raises:
            ModelError: The file became shorter meanwhile.
        """
        quantisation, span = self.tensor.quantisation, self.tensor.data
        assert quantisation is not None
        assert span is not None
        inner = math.prod(self.shape[quantisation.axis + 1 :])
        scales = np.array(quantisation.scales, np.float32)
        zero_points = np.array(quantisation.zero_points, np.float32)
        for piece in buffer.pieces(span, _PIECE // 4):
            whole = np.frombuffer(buffer.read_once(piece), np.int8)
            first = piece.start - span.start
            places = np.arange(first, first + len(whole)) // inner % len(scales)
            yield ((whole - zero_points[places]) * scales[places]).astype("<f4").tobytes()


def _pieces(span: Span, buffer: Flatbuffer) -> Iterator[bytes]:
    for piece in buffer.pieces(span, _PIECE):
        yield buffer.read_once(piece)


@dataclass(slots=True)
class _Copy:
    """The tensors and operators of the copy, as they are written."""

    tensors: list[building.Table] = field(default_factory=list)
    buffers: list[building.Table] = field(default_factory=lambda: [building.Table({})])
    spans: list[Span | bytes | EightBits] = field(default_factory=list)
    codes: dict[tuple[int, int], int] = field(default_factory=dict)
    operators: list[building.Table] = field(default_factory=list)
    placed: dict[int, int] = field(default_factory=dict)
    dequantised: dict[int, int] = field(default_factory=dict)

    def tensor(
        self,
        shape: Shape,
        code: int = _FLOAT32,
        quantisation: Quantisation | None = None,
        data: Span | bytes | EightBits | None = None,
    ) -> int:
        """Add a tensor and return its number."""
        number = len(self.tensors)
        fields: dict[int, building.Number | building.Numbers | building.Text | building.Table] = {
            0: building.Numbers("i", shape),
            1: building.Number("b", code),
            2: building.Number("I", 0 if data is None else len(self.buffers)),
            3: building.Text(f"t{number}"),
            8: building.Number("B", 1),
        }
        if quantisation is not None:
            scales: dict[int, building.Number | building.Numbers] = {
                2: building.Numbers("f", quantisation.scales),
                3: building.Numbers("q", quantisation.zero_points),
                6: building.Number("i", quantisation.axis),
            }
            fields[4] = building.Table(scales)
        if data is not None:
            length = len(data) if isinstance(data, bytes) else data.length
            self.buffers.append(building.Table({0: building.Array(len(self.spans), length)}))
            self.spans.append(data)
        self.tensors.append(building.Table(fields))
        return number

    def value(self, value: Value) -> int:
        """Add a tensor of the file, where it is not there yet, and return its number."""
        if id(value) not in self.placed:
            tensor, data = value.tensor, value.tensor.data
            if value.numbers is not None:
                whole = np.ascontiguousarray(value.numbers, "<i4" if tensor.dtype == "int32" else "<i8")
                self.placed[id(value)] = self.tensor(value.shape, tensor.code, None, whole.tobytes())
            else:
                self.placed[id(value)] = self.tensor(value.shape, tensor.code, tensor.quantisation, data)
        return self.placed[id(value)]

    def floating(self, value: Value) -> int:
        """Add the floating numbers that 8-bit weights stand for, and return their number."""
        if id(value) not in self.dequantised:
            number = self.tensor(value.shape, data=EightBits(value.tensor, value.shape))
            self.dequantised[id(value)] = number
        return self.dequantised[id(value)]

    def add(
        self,
        kind: Kind,
        inputs: list[int],
        outputs: list[int],
        options: Mapping[str, Option] | None = None,
        version: int = 1,
    ) -> None:
        """Add an operator."""
        code = self.codes.setdefault((kind.code, version), len(self.codes))
        fields: dict[int, building.Number | building.Numbers | building.Table] = {
            0: building.Number("I", code),
            1: building.Numbers("i", inputs),
            2: building.Numbers("i", outputs),
        }
        if kind.options_type:
            fields[3] = building.Number("B", kind.options_type)
            fields[4] = _options(kind, options or {})
        self.operators.append(building.Table(fields))


def write_copy(
    document: Document, trace: Trace, buffer: Flatbuffer, target: BinaryIO, cancel: CancelToken
) -> None:
    """Write the copy.

    Args:
        document: The network in the file.
        trace: What was found on the way through it.
        buffer: The file.
        target: Open for writing.
        cancel: Token checked between pieces.

    Raises:
        ModelError: The file became shorter meanwhile.
        Cancelled: The user cancelled.
    """
    copy = _Copy()
    entry = _begin(copy, trace)
    last = _body(copy, document, trace)
    result = _end(copy, trace, last)
    layout = building.build(_model(copy, entry, result), IDENTIFIER)
    target.write(layout.head)
    written = len(layout.head)
    for key, start, length in layout.arrays:
        cancel.check()
        padding = start - 4 - written
        target.write(bytes(padding) + length.to_bytes(4, "little"))
        data = copy.spans[key]
        if isinstance(data, bytes):
            target.write(data)
        else:
            for piece in data.pieces(buffer) if isinstance(data, EightBits) else _pieces(data, buffer):
                cancel.check()
                target.write(piece)
        written = start + length
    target.write(bytes(layout.size - written))


def _begin(copy: _Copy, trace: Trace) -> int:
    """Add what goes in: 8-bit numbers where the network computes with them, else floating ones."""
    taken = whole_entry(trace)
    if taken is None:
        number = copy.tensor(trace.entry.shape)
    else:
        number = copy.tensor(trace.entry.shape, taken.tensor.code, taken.tensor.quantisation)
        copy.placed[id(taken)] = number
    copy.placed[id(trace.entry)] = number
    return number


def _body(copy: _Copy, document: Document, trace: Trace) -> Value:
    """Add the operators, but for those at the end that `_end` writes in another way."""
    versions = {operator.outputs[0]: operator.version for operator in document.operators}
    ending = ending_of(trace)
    for step in trace.steps[: ending.steps]:
        if step.call.name == "CAST" and step.call.value(0) is trace.entry:
            # Bytes that become floating numbers at once: the copy takes these.
            copy.placed[id(step.results[0])] = copy.placed[id(trace.entry)]
            continue
        if step.results[0] is whole_entry(trace):
            continue
        kernel = eight_bit_weights(step)
        inputs = [
            -1 if value is None else copy.floating(value) if value is kernel else copy.value(value)
            for value in step.call.inputs
        ]
        outputs = [copy.value(value) for value in step.results]
        version = versions[step.results[0].tensor.index]
        options = step.call.options
        if step.call.name == "RESHAPE":
            # OpenVINO prefers the option, even an empty one, to the input that TensorFlow Lite looks at.
            options = {"shape": step.results[0].shape}
        copy.add(step.kind, inputs, outputs, options, version)
    return ending.before


def _end(copy: _Copy, trace: Trace, last: Value) -> int:
    """Add what comes out: one row of floating numbers."""
    ending = ending_of(trace)
    number, shape = copy.value(last), last.shape
    if last.tensor.dtype in BYTES:
        floating = copy.tensor(shape)
        copy.add(_CODES["DEQUANTIZE"], [number], [floating], version=2)
        number = floating
    if ending.function is not None:
        result = copy.tensor(shape)
        copy.add(ending.function.kind, [number], [result], ending.function.call.options)
        number = result
    row = (1, math.prod(shape))
    if shape != row:
        result = copy.tensor(row)
        wanted = copy.tensor((2,), 2, None, np.array(row, "<i4").tobytes())
        copy.add(_CODES["RESHAPE"], [number, wanted], [result], {"shape": row})
        number = result
    return number


def _model(copy: _Copy, entry: int, result: int) -> building.Table:
    codes = [
        building.Table(
            {
                0: building.Number("b", min(code, 127)),
                2: building.Number("i", version),
                3: building.Number("i", code),
            }
        )
        for code, version in copy.codes
    ]
    graph = building.Table(
        {
            0: building.Tables(copy.tensors),
            1: building.Numbers("i", [entry]),
            2: building.Numbers("i", [result]),
            3: building.Tables(copy.operators),
        }
    )
    return building.Table(
        {
            0: building.Number("I", 3),
            1: building.Tables(codes),
            2: building.Tables([graph]),
            4: building.Tables(copy.buffers),
        }
    )


def _options(kind: Kind, options: Mapping[str, Option]) -> building.Table:
    fields: dict[int, building.Number | building.Numbers] = {}
    for name, described in (kind.fields or {}).items():
        value = options.get(name, described.default)
        if isinstance(value, tuple):
            fields[described.slot] = building.Numbers("i", value)
        else:
            code = "B" if described.code == "flag" else described.code
            fields[described.slot] = building.Number(code, value)
    return building.Table(fields)
