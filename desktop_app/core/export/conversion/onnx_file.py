"""An ONNX model whose large arrays lie beside it until it is written, so that nothing copies them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from desktop_app.core.export.conversion.onnx_graph import nodes_of
from desktop_app.core.export.conversion.rounding import FEWEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_GRAPH, _INITIALIZER, _RAW_DATA = 7, 5, 9
"""Numbers of the fields ``ModelProto.graph``, ``GraphProto.initializer`` and ``TensorProto.raw_data`` in
``onnx.proto`` of ONNX 1.23; they never change."""

_BYTES = 2
"""The wire type of Protocol Buffers for bytes with their number before them."""


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """A model and its large arrays.

    Attributes:
        proto: An ``onnx.ModelProto``. Among its inputs are the large arrays, by name, so that ONNX's checker
            knows their shapes.
        arrays: The large arrays by name.
    """

    proto: Any
    arrays: dict[str, NDArray[Any]]

    def inputs(self) -> list[str]:
        """The inputs of the file as it will be."""
        return [each.name for each in self.proto.graph.input if each.name not in self.arrays]

    def hold(self, name: str, values: NDArray[Any]) -> None:
        """Add a large array."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        self.proto.graph.input.append(helper.make_tensor_value_info(name, kind, values.shape))
        self.arrays[name] = values

    def drop(self, name: str) -> None:
        """Remove a large array."""
        del self.arrays[name]
        _remove(self.proto.graph.input, lambda each: each.name == name)

    def check(self) -> None:
        """Let ONNX's own checker look at it.

        Raises:
            ValidationError, InferenceError: As ``onnx.checker.check_model`` says.
        """
        import onnx

        onnx.checker.check_model(self.proto, full_check=True)

    def write(self, path: Path) -> None:
        """Write the file, array after array.

        Raises:
            OSError: It cannot be written.
        """
        import onnx

        without_graph = onnx.ModelProto()
        without_graph.CopyFrom(self.proto)
        graph = without_graph.graph.__class__()
        graph.CopyFrom(without_graph.graph)
        without_graph.ClearField("graph")
        _remove(graph.input, lambda each: each.name in self.arrays)
        rest = graph.SerializeToString()
        heads = {name: _head(name, values) for name, values in self.arrays.items()}
        lengths = {name: len(heads[name]) + values.nbytes for name, values in self.arrays.items()}
        framed = sum(len(_prefix(_INITIALIZER, length)) + length for length in lengths.values())
        with path.open("wb") as out:
            out.write(without_graph.SerializeToString())
            out.write(_prefix(_GRAPH, len(rest) + framed))
            out.write(rest)
            for name, values in self.arrays.items():
                out.write(_prefix(_INITIALIZER, lengths[name]))
                out.write(heads[name])
                _write_array(out, values)


def with_arrays(proto: Any, weights: Mapping[str, NDArray[Any]]) -> OnnxFile:
    """Put the weights into the place of inputs, and take the other large arrays out of the model.

    What only turns or reshapes weights is done here, once, as it would be if they had been constants.

    Args:
        proto: An ``onnx.ModelProto``, which is changed; of its inputs those with the names of weights are the
            weights.
        weights: The weights by name.
    """
    from onnx import TensorProto, numpy_helper

    given = {each.name for each in proto.graph.input}
    file = OnnxFile(proto, {name: values for name, values in weights.items() if name in given})
    _fold(file)
    for tensor in list(proto.graph.initializer):
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims, dtype=np.int64) >= FEWEST:
            file.hold(tensor.name, numpy_helper.to_array(tensor))
    _remove(proto.graph.initializer, lambda each: each.name in file.arrays)
    return file


def _fold(file: OnnxFile) -> None:
    """Do what turns a weight into another shape or order."""
    from onnx import numpy_helper

    graph = file.proto.graph
    constants = {each.name: each for each in graph.initializer}
    done: dict[tuple[Any, ...], str] = {}
    renamed: dict[str, str] = {}
    in_loops = _names_in_loops(graph)
    nodes = []
    for node in graph.node:
        names = [renamed.get(name, name) for name in node.input]
        del node.input[:]
        node.input.extend(names)
        others = [constants[name] for name in names[1:] if name in constants]
        is_known = bool(names) and names[0] in file.arrays and len(others) == len(names) - 1
        if node.op_type not in _SHAPING or not is_known:
            nodes.append(node)
            continue
        numbers = [numpy_helper.to_array(each).tolist() for each in others]
        attributes = {each.name: list(each.ints) or each.i for each in node.attribute}
        key = (node.op_type, names[0], repr(numbers), repr(attributes))
        if key in done and node.output[0] not in in_loops:
            renamed[node.output[0]] = done[key]
            continue
        file.hold(node.output[0], _SHAPING[node.op_type](file.arrays[names[0]], numbers, attributes))
        done[key] = node.output[0]
    del graph.node[:]
    graph.node.extend(nodes)
    used = _names_used(graph) | {each.name for each in graph.output}
    for name in [name for name in file.arrays if name not in used]:
        file.drop(name)
    _remove(graph.value_info, lambda each: each.name in file.arrays)


def _names_used(graph: Any) -> set[str]:
    """Names that nodes take, those in loops included."""
    return {name for node in nodes_of(graph) for name in node.input}


def _names_in_loops(graph: Any) -> set[str]:
    """Names that loops and other inner graphs take or give."""
    bodies = [
        body
        for node in graph.node
        for attribute in node.attribute
        for body in (attribute.g, *attribute.graphs)
    ]
    inner = {name for body in bodies for node in nodes_of(body) for name in (*node.input, *node.output)}
    return inner | {each.name for body in bodies for each in body.output}


def _reshaped(values: NDArray[Any], numbers: list[Any], attributes: dict[str, Any]) -> NDArray[Any]:
    kept = not attributes.get("allowzero")
    shape = [values.shape[at] if kept and not size else size for at, size in enumerate(numbers[0])]
    return values.reshape(shape)


def _squeezed(values: NDArray[Any], numbers: list[Any], _attributes: dict[str, Any]) -> NDArray[Any]:
    return np.squeeze(values, tuple(numbers[0]) if numbers else None)


def _transposed(values: NDArray[Any], _numbers: list[Any], attributes: dict[str, Any]) -> NDArray[Any]:
    return np.transpose(values, attributes.get("perm") or None)


_SHAPING: Mapping[str, Callable[[NDArray[Any], list[Any], dict[str, Any]], NDArray[Any]]] = {
    "Transpose": _transposed,
    "Reshape": _reshaped,
    "Squeeze": _squeezed,
    "Unsqueeze": lambda values, numbers, _attributes: np.expand_dims(values, tuple(numbers[0])),
    "Identity": lambda values, _numbers, _attributes: values,
}
"""Operators that change no number; none of them copies anything, in NumPy's hands."""


def _remove(entries: Any, is_out: Callable[[Any], bool]) -> None:
    """Remove entries of a repeated field."""
    for number in reversed(range(len(entries))):
        if is_out(entries[number]):
            del entries[number]


def _head(name: str, values: NDArray[Any]) -> bytes:
    """A ``TensorProto`` up to its numbers."""
    from onnx import TensorProto, helper

    kind = helper.np_dtype_to_tensor_dtype(values.dtype)
    tensor = TensorProto(name=name, dims=values.shape, data_type=kind)
    return bytes(tensor.SerializeToString()) + _prefix(_RAW_DATA, values.nbytes)


def _prefix(field: int, length: int) -> bytes:
    """A field's number and the number of its bytes, as Protocol Buffers write them."""
    found = bytearray([field << 3 | _BYTES])
    while length > 0x7F:  # seven bits a byte
        found.append(length & 0x7F | 0x80)
        length >>= 7
    found.append(length)
    return bytes(found)


def _write_array(out: BinaryIO, values: NDArray[Any]) -> None:
    """Write numbers in their order, lowest byte first, a part at a time where they have to be turned."""
    if values.ndim == 0 or values.flags.c_contiguous:
        out.write(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).data)
        return
    out.writelines(np.ascontiguousarray(part, values.dtype.newbyteorder("<")).data for part in values)
