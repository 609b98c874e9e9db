"""A LiteRT model whose weights are put in, or rounded, after the conversion.

The converter copies constants a dozen times, and for float16 it rounds small arrays, too. So the weights are
inputs while it works. The file is a FlatBuffer, which is read and written with TensorFlow's own description
of it.
"""

from __future__ import annotations

import importlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.export.conversion.rounding import (
    WHOLE_IN_HALVES,
    in_halves,
    nothing_smaller,
    worth_rounding,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_SLACK = 1_048_576
_ROWS = 4_194_304
"""Numbers that are turned at once, about."""

_ALIGNMENT = 16

_DEQUANTIZE_VERSION = 3
"""The first version of the operator that takes float16, by ``versioning/op_version.cc`` of TensorFlow."""


class LitertFile:
    """A converted model."""

    def __init__(self, data: bytes, weights: Mapping[str, NDArray[Any]]) -> None:
        """Put the weights into the place of inputs.

        Args:
            data: What the converter gave.
            weights: The weights, by the names of the inputs.
        """
        from tensorflow.lite.python import schema_py_generated as schema

        self._schema = schema
        self._model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))
        graph = self._model.subgraphs[0]
        self._held: dict[int, NDArray[Any]] = {
            int(number): weights[name]
            for number in graph.inputs
            if (name := graph.tensors[number].name.decode()) in weights
        }
        graph.inputs = np.array([each for each in graph.inputs if each not in self._held], np.int32)
        self._fold(graph)
        for number, values in self._held.items():
            self._fill(graph.tensors[number], values)

    def inputs(self) -> int:
        """The number of inputs."""
        return len(self._model.subgraphs[0].inputs)

    def halve(self) -> None:
        """Keep most of the weights as float16, each array with an operator behind it that makes it whole.

        Raises:
            CannotExport: A weight is beyond the largest number that half precision has, or nothing would
                become smaller.
        """
        floats = {
            f"{at}/{number}": (graph, number)
            for at, graph in enumerate(self._model.subgraphs)
            for number, tensor in enumerate(graph.tensors)
            if tensor.type == self._schema.TensorType.FLOAT32 and self._values(tensor) is not None
        }
        sizes = {name: math.prod(graph.tensors[number].shape) for name, (graph, number) in floats.items()}
        chosen = worth_rounding(sizes, WHOLE_IN_HALVES)
        if not chosen:
            raise nothing_smaller("float16")
        for name in sorted(chosen):
            self._halve(*floats[name])

    def write(self, path: Path) -> None:
        """Write the file.

        Raises:
            OSError: It cannot be written.
        """
        flatbuffers: Any = importlib.import_module("flatbuffers")  # TensorFlow brings it; it has no types

        used = {tensor.buffer for graph in self._model.subgraphs for tensor in graph.tensors}
        used |= {entry.buffer for entry in self._model.metadata or ()}
        kept = self._model.buffers
        for number, buffer in enumerate(kept):
            if number not in used:
                buffer.data = None
        size = sum(each.data.nbytes for each in kept if each.data is not None)
        builder = flatbuffers.Builder(size + _SLACK + 64 * len(kept))  # else it grows by copies
        self._model.buffers = [_Aligned(self._schema, each.data) for each in kept]
        builder.Finish(self._model.Pack(builder), b"TFL3")
        self._model.buffers = kept
        with path.open("wb") as out:
            out.write(memoryview(builder.Bytes)[builder.Head() :])

    def _fold(self, graph: Any) -> None:
        """Do what turns a weight into another shape or order, as it would be done with constants."""
        kinds = self._schema.BuiltinOperator
        operators = []
        used: set[int] = set()
        for operator in graph.operators:
            kind = self._kind(operator)
            inputs = [int(each) for each in operator.inputs]
            values = self._held.get(inputs[0]) if inputs else None
            numbers = self._numbers(graph, inputs[1]) if len(inputs) == 2 else None
            if values is not None and numbers is not None and kind in (kinds.TRANSPOSE, kinds.RESHAPE):
                shaped = values.transpose(numbers) if kind == kinds.TRANSPOSE else values.reshape(numbers)
                self._held[int(operator.outputs[0])] = shaped
                continue
            if kind == kinds.BATCH_MATMUL and inputs[1] in self._held:
                self._multiply(graph, operator)
            operators.append(operator)
            used.update(int(each) for each in operator.inputs)
        graph.operators = operators
        self._held = {number: values for number, values in self._held.items() if number in used}

    def _multiply(self, graph: Any, operator: Any) -> None:
        """Make a product with a matrix what the converter makes of it when that is a constant.

        Such a layer keeps its matrix with the outputs first.
        """
        schema, options = self._schema, operator.builtinOptions
        number = int(operator.inputs[1])
        values = self._held[number]
        if values.ndim != 2 or options.adjX:
            return
        turned = len(graph.tensors)
        matrix = schema.TensorT()
        matrix.name = graph.tensors[number].name + b"/turned"
        matrix.type, matrix.hasRank = schema.TensorType.FLOAT32, True
        graph.tensors.append(matrix)
        self._held[turned] = values if options.adjY else values.T
        operator.opcodeIndex = self._code(schema.BuiltinOperator.FULLY_CONNECTED, 1)
        operator.inputs = np.array([operator.inputs[0], turned, -1], np.int32)
        operator.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
        operator.builtinOptions = schema.FullyConnectedOptionsT()
        operator.builtinOptions.keepNumDims = True

    def _halve(self, graph: Any, number: int) -> None:
        schema, whole = self._schema, graph.tensors[number]
        values = self._values(whole)
        assert values is not None
        half = schema.TensorT()
        half.name, half.hasRank = whole.name + b"/half", whole.hasRank
        graph.tensors.append(half)
        self._fill(half, in_halves(values))
        whole.buffer = 0  # the first buffer is empty: the operator fills the tensor
        operator = schema.OperatorT()
        operator.opcodeIndex = self._code(schema.BuiltinOperator.DEQUANTIZE, _DEQUANTIZE_VERSION)
        operator.inputs = np.array([len(graph.tensors) - 1], np.int32)
        operator.outputs = np.array([number], np.int32)
        operator.builtinOptionsType = schema.BuiltinOptions.DequantizeOptions
        operator.builtinOptions = schema.DequantizeOptionsT()
        graph.operators.insert(0, operator)

    def _kind(self, operator: Any) -> int:
        return int(self._model.operatorCodes[operator.opcodeIndex].builtinCode)

    def _code(self, kind: int, version: int) -> int:
        """Find an operator in the model's list, or add it; it keeps to the latest version of those wanted."""
        codes = self._model.operatorCodes
        for number, code in enumerate(codes):
            if code.builtinCode == kind:
                code.version = max(code.version, version)
                return number
        code = self._schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = kind  # both are below 127
        code.version = version
        codes.append(code)
        return len(codes) - 1

    def _fill(self, tensor: Any, values: NDArray[Any]) -> None:
        """Give a tensor its numbers, in a buffer of its own."""
        kinds = self._schema.TensorType
        tensor.type = kinds.FLOAT16 if values.dtype == np.float16 else kinds.FLOAT32
        tensor.shape, tensor.shapeSignature = np.array(values.shape, np.int32), None
        buffer = self._schema.BufferT()
        buffer.data = values
        self._model.buffers.append(buffer)
        tensor.buffer = len(self._model.buffers) - 1

    def _values(self, tensor: Any) -> NDArray[np.float32] | None:
        data = self._model.buffers[tensor.buffer].data
        if data is None or not data.size or tensor.shape is None:
            return None
        if data.dtype != np.uint8:  # a weight that was put in
            return np.asarray(data)
        shape = [int(each) for each in tensor.shape]
        return np.asarray(data.view("<f4").reshape(shape))

    def _numbers(self, graph: Any, number: int) -> list[int] | None:
        """The whole numbers of a constant tensor."""
        tensor = graph.tensors[number]
        data = self._model.buffers[tensor.buffer].data
        if data is None or not data.size or tensor.type != self._schema.TensorType.INT32:
            return None
        return [int(each) for each in data.view("<i4")]


class _Aligned:
    """The numbers of a buffer, packed as the schema's ``force_align: 16`` wants.

    The code that Python's generator makes of the schema passes over that.
    """

    def __init__(self, schema: Any, data: NDArray[Any] | None) -> None:
        self._schema, self._data = schema, data

    def Pack(self, builder: Any) -> int:  # noqa: N802 - as the others in the model are called
        vector = None
        if self._data is not None and self._data.size:
            values, size = self._data, self._data.nbytes
            builder.StartVector(1, size, _ALIGNMENT)
            # As `CreateNumpyVector` does, which makes two copies more.
            builder.head = start = builder.Head() - size
            numbers = np.frombuffer(builder.Bytes, values.dtype.newbyteorder("<"), values.size, start)
            _put(values, numbers.reshape(values.shape))
            builder.vectorNumElems = size
            vector = builder.EndVector()
        self._schema.BufferStart(builder)
        if vector is not None:
            self._schema.BufferAddData(builder, vector)
        return int(self._schema.BufferEnd(builder))


def _put(values: NDArray[Any], into: NDArray[Any]) -> None:
    """Copy numbers, some rows at a time, which spares the processor's cache where they are turned."""
    rows = max(1, _ROWS * len(values) // values.size)
    for start in range(0, len(values), rows):
        into[start : start + rows] = values[start : start + rows]
