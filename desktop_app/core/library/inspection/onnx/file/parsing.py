"""From the bytes of an ONNX file to records; nothing in it is run, and nothing outside it is opened.

The numbers of the fields are those of ``onnx.proto`` (https://github.com/onnx/onnx, version 1.23).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NoReturn

from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.attributes import read_attribute
from desktop_app.core.library.inspection.onnx.file.limits import (
    FIRST_IR,
    FIRST_OPSET,
    LAST_IR,
    LAST_OPSET,
    MAX_AXES,
    MAX_FILE_BYTES,
    MAX_LOOSE_NUMBERS,
    MAX_NODES,
    MAX_TENSORS,
)
from desktop_app.core.library.inspection.onnx.file.records import TYPES, Network, Node, Port, Tensor
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged, refuse_onnx
from desktop_app.core.library.inspection.onnx.file.tensors import read_tensor
from desktop_app.core.library.inspection.onnx.file.wire import BYTES

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.onnx.file.wire import Field, Source

ML_DOMAIN = "ai.onnx.ml"
_OWN_DOMAINS = {"", "ai.onnx"}
_ADVICE_FUNCTIONS = (
    "Export it so that its functions are written out: torch.onnx.export(..., dynamo=True) does so, and "
    "onnx.inliner.inline_local_functions(model) for a file."
)


def read_onnx(source: Source) -> Network:
    """Read a whole file.

    Raises:
        ModelError: It is damaged, too large, or has something that a plain network does not have.
    """
    if source.size > MAX_FILE_BYTES:
        refuse_onnx(f"it has {readable_size(source.size)}, more than {readable_size(MAX_FILE_BYTES)}")
    return _Reader(source).model()


class _Reader:
    """One pass over a file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._network = Network()
        self._loose = [MAX_LOOSE_NUMBERS]
        self._bytes = 0
        self._ports: list[Port] = []

    def model(self) -> Network:
        network, graph = self._network, None
        versions: dict[str, int] = {}
        for field in self._source.fields(0, self._source.size):
            match field.number:
                case 1:
                    network.ir = field.value
                case 2 | 3:
                    network.producer = f"{network.producer} {self._source.text(field)}".strip()
                case 7 if graph is None and field.type == BYTES:
                    graph = field
                case 8:
                    self._version(field, versions)
                case 4 | 5 | 6 | 14:
                    pass  # domain, version, text and notes, which are not kept
                case other:
                    _refuse_part(other)
        if graph is None or not versions:
            refuse_damaged("it has no network")
        self._check_versions(versions)
        self._graph(graph)
        return network

    def _version(self, field: Field, versions: dict[str, int]) -> None:
        domain, version = "", 0
        for inner in self._message(field):
            if inner.number == 1:
                domain = self._source.text(inner)
            elif inner.number == 2:
                version = inner.signed
        domain = "" if domain in _OWN_DOMAINS else domain
        if versions.setdefault(domain, version) != version:
            refuse_damaged("it names two versions of its operators")

    def _check_versions(self, versions: dict[str, int]) -> None:
        network = self._network
        if not FIRST_IR <= network.ir <= LAST_IR:
            refuse_onnx(
                f"its file format is version {network.ir}, and not {FIRST_IR} to {LAST_IR}",
                f"Export it with operators of opset 13 to {LAST_OPSET}.",
            )
        network.opset = versions.get("", 0)
        network.learned = ML_DOMAIN in versions
        if not FIRST_OPSET <= network.opset <= LAST_OPSET:
            refuse_onnx(
                f"its operators are those of opset {network.opset}, and not {FIRST_OPSET} to {LAST_OPSET}",
                f"Export it with another one, such as opset_version=18, or convert it with "
                f"onnx.version_converter.convert_version(model, {LAST_OPSET}).",
            )

    def _message(self, field: Field) -> list[Field]:
        if field.type != BYTES:
            refuse_damaged("a part of it is of the wrong type")
        return list(self._source.fields(field.start, field.end))

    def _graph(self, graph: Field) -> None:
        network = self._network
        for field in self._source.fields(graph.start, graph.end):
            match field.number:
                case 1:
                    self._node(field)
                case 5:
                    self._keep(self._tensor(field))
                case 11 | 12:
                    kept = self._ports if field.number == 11 else network.outputs
                    kept.append(self._port(field))
                    if len(kept) > MAX_TENSORS:
                        refuse_onnx("it has too many inputs or outputs")
                case 2 | 10 | 13 | 14 | 16:
                    pass  # name, text, shapes that are worked out again, notes on quantisation
                case 15:
                    refuse_onnx("it has sparse numbers, which are not supported")
                case _:
                    refuse_damaged(f"its network's part {field.number} is unknown")
        network.inputs = [port for port in self._ports if port.name not in network.tensors]

    def _tensor(self, field: Field) -> Tensor:
        if field.type != BYTES:
            refuse_damaged("a part of it is of the wrong type")
        return read_tensor(self._source, field.start, field.end, self._loose)

    def _keep(self, tensor: Tensor) -> None:
        tensors = self._network.tensors
        if not tensor.name or tensor.name in tensors:
            refuse_damaged(f"its numbers {short(tensor.name)} are given twice")
        self._bytes += tensor.bytes
        if len(tensors) >= MAX_TENSORS:
            refuse_onnx(f"it has more than {MAX_TENSORS:,} groups of numbers")
        if self._bytes > MAX_FILE_BYTES:
            refuse_onnx("its numbers overlap")
        tensors[tensor.name] = tensor

    def _node(self, field: Field) -> None:
        network = self._network
        if len(network.nodes) >= MAX_NODES:
            refuse_onnx(f"it has more than {MAX_NODES:,} operators")
        inputs: list[str] = []
        outputs: list[str] = []
        texts = {3: "", 4: "", 7: ""}
        attributes: dict[str, Any] = {}
        for inner in self._message(field):
            match inner.number:
                case 1 | 2:
                    (inputs if inner.number == 1 else outputs).append(self._source.text(inner))
                case 3 | 4 | 7:
                    texts[inner.number] = self._source.text(inner)
                case 5:
                    key, value = read_attribute(self._source, inner, texts[4] or texts[3], self._loose)
                    if key in attributes:
                        refuse_damaged(f"an operator has the attribute {short(key)} twice")
                    attributes[key] = value
                case 9:
                    self._note(inner)
                case 6 | 8 if inner.number == 6 or not inner.value:
                    pass
                case _:
                    refuse_onnx(f"its operator {short(texts[4])} has a part that is not supported")
        name, kind, domain = texts.values()
        domain = "" if domain in _OWN_DOMAINS else domain
        if kind == "Constant" and not domain:
            self._constant(outputs, attributes)
            return
        network.nodes.append(Node(kind, domain, name, tuple(inputs), tuple(outputs), attributes))

    def _note(self, field: Field) -> None:
        """Keep a note of PyTorch's exporter on the first operator: it names the class of the network."""
        clues = self._network.clues
        if clues or field.value > 4096:
            return
        note = {inner.number: inner for inner in self._message(field) if inner.value <= 512}
        if 1 in note and 2 in note and self._source.text(note[1]) == "namespace":
            clues.append(self._source.text(note[2]).split("/")[0].lstrip(": "))

    def _constant(self, outputs: list[str], attributes: dict[str, Any]) -> None:
        """A constant is numbers with a name, as the others are."""
        if len(outputs) != 1 or len(attributes) != 1:
            refuse_damaged("a constant has not one value")
        [(key, value)] = attributes.items()
        if isinstance(value, Tensor) and key == "value":
            self._keep(Tensor(outputs[0], value.dtype, value.shape, value.start, value.content))
            return
        numbers = value if isinstance(value, list) else [value]
        kinds: dict[str, tuple[type, str]] = {"value_int": (int, "q"), "value_ints": (int, "q")}
        kinds |= {"value_float": (float, "f"), "value_floats": (float, "f")}
        kind, letter = kinds.get(key, (bytes, ""))
        if not letter or not all(isinstance(number, kind) for number in numbers):
            refuse_onnx(f"it has a constant that is not numbers ({short(key)})")
        shape = (len(numbers),) if isinstance(value, list) else ()
        content = struct.pack(f"<{len(numbers)}{letter}", *numbers)
        self._keep(Tensor(outputs[0], "int64" if letter == "q" else "float32", shape, 0, content))

    def _port(self, field: Field) -> Port:
        name, dtype = "", ""
        shape: list[int | None] | None = None
        for inner in self._message(field):
            if inner.number == 1:
                name = self._source.text(inner)
            elif inner.number == 2:
                tensors = [kind for kind in self._message(inner) if kind.number == 1]
                dtype, shape = self._tensor_type(tensors[0]) if tensors else ("", None)
        return Port(name, dtype, None if shape is None else tuple(shape))

    def _tensor_type(self, field: Field) -> tuple[str, list[int | None] | None]:
        dtype = ""
        shape: list[int | None] | None = None
        for inner in self._message(field):
            if inner.number == 1:
                dtype = TYPES.get(inner.value, f"format {inner.value}")
            elif inner.number == 2:
                shape = [self._side(side) for side in self._message(inner) if side.number == 1]
                if len(shape) > MAX_AXES:
                    refuse_onnx("its input or output has too many axes")
        return dtype, shape

    def _side(self, field: Field) -> int | None:
        """The size along an axis; None where it is a name, or nothing."""
        sizes = [inner.signed for inner in self._message(field) if inner.number == 1]
        return sizes[-1] if sizes and sizes[-1] > 0 else None


def _refuse_part(number: int) -> NoReturn:
    """Refuse a part of a file that a plain network does not have."""
    match number:
        case 7:
            refuse_damaged("it has two networks")
        case 20:
            refuse_onnx("it has a training in it", "Export the network for inference only.")
        case 25:
            refuse_onnx("it has functions of its own", _ADVICE_FUNCTIONS)
    refuse_damaged(f"its part {number} is unknown")
