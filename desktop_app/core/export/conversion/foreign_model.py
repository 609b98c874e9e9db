"""Models of other programs: their graph as it is, between the preparation and the meaning of its outputs.

Both are written with the operators of ONNX for an ONNX file, and with those of OpenVINO for OpenVINO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.export.conversion.onnx_file import with_arrays
from desktop_app.core.export.conversion.picture_model import INPUT, OUTPUT
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.inference.foreign_network import Entrance, Preparation, input_shape, read_foreign

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.export.conversion.onnx_file import OnnxFile
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import OutputKind

_LEAST = float(np.finfo(np.float32).tiny)
_SHORTEST = 1e-12
_TOLERANCE = 1e-4
_PREFIX = "network/"
_OPSET = 8
"""The first one whose ``Min`` and ``Max`` take a number beside an array."""
_IR = 4
"""The first version of the file format in which weights need not be inputs."""


class Operators(Protocol):
    """The operators that the meaning of outputs is written with; values are float32 ``(1, numbers)``."""

    def call(self, kind: str, *inputs: Any) -> Any:
        """Call an elementwise operator, ``MatMul``, or ``Softmax`` and ``Concat`` along the last axis.

        Inputs are values or arrays.
        """


class ForeignFacts(NamedTuple):
    """What is known about a model of another program.

    Attributes:
        card: Its card.
        path: Its file, which was inspected.
        entrance: What the inspection found about its input.
        kind: What its outputs are.
        width: Their number.
    """

    card: ModelCard
    path: Path
    entrance: Entrance
    kind: OutputKind
    width: int


def foreign_openvino(facts: ForeignFacts) -> Any:
    """Write a model of another program for OpenVINO.

    Returns:
        An ``openvino.Model`` for one picture at a time.

    Raises:
        ModelError: OpenVINO cannot read it.
        EngineError: OpenVINO does not start.
    """
    openvino = load_openvino()
    graph = read_foreign(facts.path, facts.card.input, facts.entrance)
    meant = foreign_meaning(_OpenVino(), graph.output(0).get_node().input_value(0), facts)
    return openvino.Model([meant], graph.get_parameters(), "picture_model")


def foreign_onnx(facts: ForeignFacts) -> OnnxFile:
    """Write a model of another program as ONNX, for one picture at a time.

    Raises:
        CannotExport: Its pixel values are no sums of the colours, or ONNX's checker refuses the file.
    """
    import onnx
    from onnx import TensorProto, compose, helper

    proto = compose.add_prefix(onnx.load(facts.path, load_external_data=False), _PREFIX)
    proto.ir_version = max(proto.ir_version, _IR)
    graph = proto.graph
    (output,) = graph.output
    spec = facts.card.input
    opset = next(each.version for each in proto.opset_import if each.domain in ("", "ai.onnx"))
    if opset < _OPSET:
        raise CannotExport(
            f"This model cannot be written as ONNX: its operators are those of opset {opset}, and its pixel "
            f"values need {_OPSET}.",
            "Choose openvino.",
        )
    before, after = _Onnx(graph, "preparation"), _Onnx(graph, "meaning")
    taken = _onnx_preparation(before, spec, facts.entrance)
    row = after.node("Reshape", [output.name, after.constant(np.array([1, -1], np.int64))])
    row = after.node("Cast", [row], to=TensorProto.FLOAT)
    meant = foreign_meaning(after, row, facts)
    after.nodes.append(helper.make_node("Identity", [meant], [OUTPUT], name="meaning/output"))
    own = {each.name for each in graph.initializer}
    (name,) = (each.name for each in graph.input if each.name not in own)
    before.nodes.append(helper.make_node("Identity", [taken], [name], name="preparation/output"))
    inner = list(graph.node)
    for field in (graph.node, graph.input, graph.output, graph.value_info):
        del field[:]
    graph.node.extend([*before.nodes, *inner, *after.nodes])
    shape = [1, spec.height, spec.width, 3]
    graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.UINT8, shape))
    width = len(facts.card.classes) or facts.width
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, width]))
    file = with_arrays(proto, {})
    try:
        file.check()
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise CannotExport(f"This model cannot be written as ONNX: its checker says {error}.") from error
    return file


def foreign_meaning(ops: Operators, outputs: Any, facts: ForeignFacts) -> Any:
    """Turn outputs into what they mean, as `read_outputs` does.

    Args:
        ops: The operators.
        outputs: Values ``(1, width)``.
        facts: What is known about the model.
    """
    card, kind, width = facts.card, facts.kind, facts.width
    scale = np.float32(1 / card.calibration.temperature)
    one, least = np.float32(1), np.float32(_LEAST)
    match card.task:
        case "regression":
            return outputs
        case "embedding":
            ones = np.ones((width, 1), np.float32)
            squares = ops.call("Mul", outputs, outputs)
            length = ops.call("Sqrt", ops.call("MatMul", squares, ones))
            return ops.call("Div", outputs, ops.call("Max", length, np.float32(_SHORTEST)))
        case "multi-label":
            if kind == "logits":
                return ops.call("Sigmoid", ops.call("Mul", outputs, scale))
            if scale == 1:
                return outputs
            shares = (outputs, ops.call("Sub", one, outputs))
            for_it, against_it = (ops.call("Log", ops.call("Max", each, least)) for each in shares)
            return ops.call("Sigmoid", ops.call("Mul", ops.call("Sub", for_it, against_it), scale))
    if kind == "logits":
        logits = outputs
        if width == 1:
            logits = ops.call("Concat", ops.call("Mul", outputs, np.float32(0)), outputs)
    else:
        if width == 1:
            outputs = ops.call("Concat", ops.call("Sub", one, outputs), outputs)
        logits = ops.call("Log", ops.call("Max", outputs, least))
    return ops.call("Softmax", ops.call("Mul", logits, scale))


def _onnx_preparation(ops: _Onnx, spec: InputSpec, entrance: Entrance) -> str:
    """Write everything between the picture and the network's input."""
    from onnx import TensorProto

    weights, offset = _sums(spec)
    values = ops.node("Cast", [INPUT], to=TensorProto.FLOAT)
    values = ops.call("Add", ops.call("MatMul", values, weights), offset)
    if spec.layout == "nchw":
        values = ops.node("Transpose", [values], perm=[0, 3, 1, 2])
    elif spec.layout != "nhwc":
        values = ops.node("Reshape", [values, ops.constant(np.array(input_shape(spec), np.int64))])
    if entrance.dtype == "float32":
        return values
    # Halves go up; Sightline rounds those below 0 down, which the limits make 0 all the same.
    low, high = (0.0, 255.0) if entrance.dtype == "uint8" else (-128.0, 127.0)
    scaled = ops.call("Div", values, np.float32(entrance.scale))
    moved = ops.call("Add", scaled, np.float32(entrance.zero_point + 0.5))
    whole = ops.node("Floor", [moved])
    within = ops.call("Min", ops.call("Max", whole, np.float32(low)), np.float32(high))
    kind = TensorProto.UINT8 if entrance.dtype == "uint8" else TensorProto.INT8
    return ops.node("Cast", [within], to=kind)


def _sums(spec: InputSpec) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Read the pixel values off what Sightline prepares: weights ``(3, channels)`` and offsets.

    Raises:
        CannotExport: They are no sums of a pixel's colours.
    """
    prepare = Preparation(spec, Entrance())

    def prepared(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
        rows = []
        for colour in colours:
            picture = np.broadcast_to(colour, (1, spec.height, spec.width, 3))
            made = np.asarray(prepare(np.ascontiguousarray(picture)), np.float64)
            last = spec.height * spec.width
            rows.append(made.reshape(-1, last)[:, 0] if spec.layout == "nchw" else made.reshape(last, -1)[0])
        return np.stack(rows)

    pure = prepared(np.concatenate([np.zeros((1, 3), np.uint8), 255 * np.eye(3, dtype=np.uint8)]))
    offset, weights = pure[0], (pure[1:] - pure[0]) / 255
    colours = np.random.default_rng(0).integers(0, 256, (8, 3), np.uint8)
    wanted = prepared(colours)
    if np.abs(colours @ weights + offset - wanted).max() > _TOLERANCE * max(1.0, np.abs(wanted).max()):
        raise CannotExport(f"Its pixel values ({spec.preprocessing}) cannot be written as sums of colours.")
    return weights.astype(np.float32), offset.astype(np.float32)


class _Onnx:
    """Adds nodes to a graph of ONNX."""

    def __init__(self, graph: Any, name: str) -> None:
        self._graph, self._name = graph, name
        self.nodes: list[Any] = []
        self._count = 0

    def constant(self, numbers: Any) -> str:
        from onnx import numpy_helper

        name = self._new("constant")
        self._graph.initializer.append(numpy_helper.from_array(np.asarray(numbers), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        from onnx import helper

        name = self._new(kind)
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def call(self, kind: str, *inputs: Any) -> str:
        names = [each if isinstance(each, str) else self.constant(each) for each in inputs]
        attributes = {"axis": 1} if kind in ("Softmax", "Concat") else {}
        return self.node(kind, names, **attributes)

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{self._name}/{kind}_{self._count}"


class _OpenVino:
    """Adds operations to a graph of OpenVINO."""

    def __init__(self) -> None:
        self._ops = load_openvino().opset13

    def call(self, kind: str, *inputs: Any) -> Any:
        ops = self._ops
        match kind:
            case "Softmax":
                return ops.softmax(*inputs, 1)
            case "Concat":
                return ops.concat(list(inputs), 1)
            case "MatMul":
                return ops.matmul(*inputs, False, False)
        made = {
            "Mul": ops.multiply,
            "Sub": ops.subtract,
            "Div": ops.divide,
            "Max": ops.maximum,
            "Log": ops.log,
            "Sqrt": ops.sqrt,
            "Sigmoid": ops.sigmoid,
        }
        return made[kind](*inputs)
