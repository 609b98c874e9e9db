"""Operators that Keras 2 writes for expressions such as ``x / 127.5``, as Keras 3 writes them.

Keras 2 keeps the name of TensorFlow's function and its arguments (``TFOpLambda``, ``SlicingOpLambda``), and
TensorFlow 2.0 to 2.3 the operation itself (``TensorFlowOpLayer``). What they do is either an operation of
`keras.ops` or a stock layer; the layer is taken where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras2.layers import Record, make_layer

OPERATORS = frozenset({"TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"})
NUMPY_MODULE, IMAGE_MODULE = "keras.src.ops.numpy", "keras.src.ops.image"
CHANNELS = 3
_MAX_NUMBERS = 4096

Reference = Callable[[Any], "Record | None"]
"""Function from what stands in a file for the result of another layer to that result; None for all else."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an operator, brought to one form.

    Attributes:
        name: Name of the record in the network.
        function: TensorFlow's name of it, such as ``math.truediv``.
        arguments: Results of other layers (records) and constants, in order.
        options: Arguments by name.
    """

    name: str
    function: str
    arguments: list[Any]
    options: dict[str, Any]


def translate_operator(record: Record, reference: Reference) -> list[Record]:
    """Translate an operator with its calls.

    Args:
        record: It, with the fields ``name`` and ``inbound_nodes``.
        reference: Function that reads the results of other layers.

    Returns:
        Records with their ``inbound_nodes``; the last one gives the result.

    Raises:
        ModelError: There is nothing like it on the list.
    """
    name = record.get("name")
    nodes = record.get("inbound_nodes")
    if not isinstance(name, str) or not isinstance(nodes, list) or len(nodes) != 1:
        refuse(f"the operator {short(name)} is not connected properly")
    call = (_older if record["class_name"] == "TensorFlowOpLayer" else _newer)(
        record, name, nodes[0], reference
    )
    translate = _FUNCTIONS.get(call.function)
    if translate is None:
        refuse(
            f"it contains the TensorFlow operator {short(call.function)}, "
            "which is not on Sightline's list of layers"
        )
    return translate(call)


def is_slicing(record: Record) -> bool:
    """Whether an operator cuts something out of a result, or turns it round."""
    config = record.get("config")
    config = config if isinstance(config, dict) else {}
    definition = config.get("node_def")
    operation = definition.get("op") if isinstance(definition, dict) else config.get("function")
    return record["class_name"] == "SlicingOpLambda" or operation in {
        "StridedSlice",
        "__operators__.getitem",
        "strided_slice",
    }


def _newer(record: Record, name: str, node: Any, reference: Reference) -> Call:
    """Read a call of ``TFOpLambda``: its first argument in the node, the others beside it by name."""
    where = f"the operator {short(name)}"
    config = record.get("config")
    function = config.get("function") if isinstance(config, dict) else None
    if not isinstance(function, str):
        refuse(f"{where} does not say what it does")
    tensors = node if isinstance(node, list) and node and isinstance(node[0], list) else [node]
    arguments: list[Any] = []
    options: dict[str, Any] = {}
    for tensor in tensors:
        if not isinstance(tensor, list) or len(tensor) not in {3, 4}:
            refuse(f"{where} is not connected properly")
        extra = tensor[3] if len(tensor) == 4 else {}
        if not isinstance(extra, dict):
            refuse(f"{where} is not connected properly")
        options.update(extra)
        first = _constant(tensor[2]) if tensor[0] == "_CONSTANT_VALUE" else reference(tensor[:3])
        if first is None:
            refuse(f"{where} is not connected properly")
        arguments.append(first)
    options.pop("name", None)
    if len(tensors) > 1:  # a list of results, as the one argument
        arguments = [arguments]
    for key in ("y", "b"):
        if key in options and len(arguments) == 1:
            value = options.pop(key)
            tensor = reference(value)
            arguments.append(_constant(value) if tensor is None else tensor)
    return Call(name, function, arguments, options)


def _older(record: Record, name: str, node: Any, reference: Reference) -> Call:
    """Read a call of ``TensorFlowOpLayer``: results in the node, constants by their position."""
    where = f"the operator {short(name)}"
    config = record.get("config")
    definition = config.get("node_def") if isinstance(config, dict) else None
    constants = config.get("constants") if isinstance(config, dict) else None
    operation = definition.get("op") if isinstance(definition, dict) else None
    if not isinstance(operation, str) or not isinstance(constants or {}, dict) or not isinstance(node, list):
        refuse(f"{where} does not say what it does")
    tensors = node if node and isinstance(node[0], list) else [node]
    arguments: list[Any] = []
    for tensor in tensors:
        found = reference(tensor[:3]) if isinstance(tensor, list) else None
        if found is None:
            refuse(f"{where} is not connected properly")
        arguments.append(found)
    for key, value in sorted((constants or {}).items()):
        if not isinstance(key, str) or not key.isdecimal() or int(key) > len(arguments):
            refuse(f"{where} is not connected properly")
        arguments.insert(int(key), _constant(value))
    function = _OPERATIONS.get(operation, operation)
    attributes = definition.get("attr") if isinstance(definition, dict) else None
    read = _READ.get(operation)
    options = read(arguments, attributes if isinstance(attributes, dict) else {}) if read else {}
    return Call(name, function, arguments, options)


def _read_bias(arguments: list[Any], _attributes: Record) -> dict[str, Any]:
    return {"bias": arguments.pop(1)} if len(arguments) == 2 else {}


def _read_axes(arguments: list[Any], attributes: Record) -> dict[str, Any]:
    keep = attributes.get("keep_dims")
    keep = keep.get("b", False) if isinstance(keep, dict) else False
    return {"axis": arguments.pop(1), "keepdims": keep} if len(arguments) == 2 else {}


def _read_axis(arguments: list[Any], _attributes: Record) -> dict[str, Any]:
    """The axis stands behind the results that are joined."""
    axis = arguments.pop() if arguments else None
    arguments[:] = [list(arguments)]
    return {"axis": axis}


def _read_slope(_arguments: list[Any], attributes: Record) -> dict[str, Any]:
    slope = attributes.get("alpha")
    return {"alpha": slope.get("f") if isinstance(slope, dict) else 0.2}


def _read_slices(arguments: list[Any], attributes: Record) -> dict[str, Any]:
    """Start, end and step of ``x[..., ::-1]``, with the bits that say which of them count."""
    masks = {key: each.get("i") for key, each in attributes.items() if isinstance(each, dict)}
    bits = ("ellipsis_mask", "begin_mask", "end_mask", "new_axis_mask", "shrink_axis_mask")
    whole = [masks.get(key, "0") for key in bits] == ["1", "2", "2", "0", "0"]
    steps = arguments[3] if len(arguments) == 4 else None
    del arguments[1:]
    if not whole or steps != [1, -1]:
        return {"slice_spec": None}
    return {"slice_spec": [{"class_name": "__ellipsis__"}, {"start": None, "stop": None, "step": -1}]}


def _constant(value: Any) -> Any:
    """Check a constant: a number, or a list of numbers, which may nest."""
    if isinstance(value, dict):
        inner = value.get("config")
        value = inner.get("value") if isinstance(inner, dict) else value.get("value")
    waiting, count = [(value, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        count += 1
        if count > _MAX_NUMBERS or depth > 8:
            refuse("a constant in it is too large")
        if isinstance(one, list):
            waiting += [(each, depth + 1) for each in one]
        elif isinstance(one, bool) or not isinstance(one, int | float):
            refuse(f"one of its operators gets {short(one)}, which is not a number")
    return value


def _tensor(value: Any) -> Any:
    """Write a constant as Keras 3 does: numbers as they are, lists as arrays of float32."""
    if isinstance(value, list):
        return {"class_name": "__tensor__", "config": {"value": value, "dtype": "float32"}}
    return value


def _operation(
    kind: str, name: str, arguments: list[Any], module: str = NUMPY_MODULE, **config: Any
) -> Record:
    return {
        "module": module,
        "class_name": kind,
        "config": {"name": name, **config},
        "registered_name": kind,
        "name": name,
        "inbound_nodes": [{"args": arguments, "kwargs": {}}],
    }


def _arithmetic(kind: str) -> Callable[[Call], list[Record]]:
    def translate(call: Call) -> list[Record]:
        if len(call.arguments) != 2:
            refuse(f"the operator {short(call.name)} is not connected properly")
        _only(call, {})
        return [_operation(kind, call.name, [_tensor(argument) for argument in call.arguments])]

    return translate


def _bias(call: Call) -> list[Record]:
    """Bias along the last axis: Keras 3 gives it one axis for each of the picture's."""
    bias = call.options.pop("bias", None)
    _only(call, {"data_format": (None, "NHWC")})
    if not isinstance(bias, list) or any(isinstance(each, list) for each in bias):
        refuse(f"the operator {short(call.name)} adds something else than numbers")
    return [_operation("Add", call.name, [call.arguments[0], _tensor([[[_constant(bias)]]])])]


def _negative(call: Call) -> list[Record]:
    _only(call, {})
    return [_operation("Multiply", call.name, [call.arguments[0], -1])]


def _reversed_channels(call: Call) -> list[Record]:
    """``x[..., ::-1]``, which turns RGB to BGR, in the three steps of Keras 3's ``preprocess_input``."""
    turned = {"start": None, "stop": None, "step": -1}
    whole = {"start": None, "stop": None, "step": None}
    spec = call.options.pop("slice_spec", None)
    _only(call, {})
    plain = [_slice(each) for each in spec] if isinstance(spec, list) else []
    if plain not in ([{"class_name": "__ellipsis__"}, turned], [whole, whole, whole, turned]):
        refuse(
            f"the operator {short(call.name)} cuts something out of a result; only a reversal of the colour "
            "channels is on Sightline's list"
        )
    names = [f"{call.name}_{channel}" for channel in range(CHANNELS)]
    ellipsis = {"class_name": "__ellipsis__", "config": {}}
    records = [
        _operation("GetItem", name, [call.arguments[0], [dict(ellipsis), CHANNELS - 1 - channel]])
        for channel, name in enumerate(names)
    ]
    results = [tensor(name, 0) for name in names]
    return [*records, _operation("Stack", call.name, [results], axis=-1)]


def _slice(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if key != "config" or each}


def tensor(name: str, call: int, position: int = 0) -> Record:
    """Refer to a layer's result as Keras 3 does; it looks at the ``keras_history`` only."""
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, None], "dtype": "float32", "keras_history": [name, call, position]},
    }


def _layer(kind: str, call: Call, **config: Any) -> list[Record]:
    record = make_layer(kind, {"name": call.name, "trainable": True, "dtype": "float32", **config})
    record.update(name=call.name, inbound_nodes=[{"args": [call.arguments[0]], "kwargs": {}}])
    return [record]


def _activation(name: str) -> Callable[[Call], list[Record]]:
    def translate(call: Call) -> list[Record]:
        _only(call, {"axis": (None, -1), "approximate": (False,), "beta": (None, 1, 1.0)})
        return _layer("Activation", call, activation=name)

    return translate


def _leaky(call: Call) -> list[Record]:
    slope = call.options.pop("alpha", 0.2)
    _only(call, {})
    return _layer("LeakyReLU", call, negative_slope=_constant(slope))


def _same(call: Call) -> list[Record]:
    _only(call, {"dtype": (None, "float32")})
    return _layer("Identity", call)


def _over_places(kind: str) -> Callable[[Call], list[Record]]:
    """Mean or maximum over height and width."""

    def translate(call: Call) -> list[Record]:
        axes = call.options.pop("axis", None)
        keep = bool(call.options.pop("keepdims", False))
        _only(call, {})
        if axes not in ([1, 2], [2, 1], [-3, -2]):
            refuse(f"the operator {short(call.name)} joins other axes than height and width")
        return _layer(kind, call, data_format="channels_last", keepdims=keep)

    return translate


def _concatenation(call: Call) -> list[Record]:
    axis = call.options.pop("axis", -1)
    _only(call, {})
    if not isinstance(call.arguments[0], list):
        refuse(f"the operator {short(call.name)} is not connected properly")
    return _layer("Concatenate", call, axis=axis)


def _reshaping(call: Call) -> list[Record]:
    shape = call.options.pop("shape", None)
    _only(call, {})
    if not isinstance(shape, list) or len(shape) < 2 or shape[0] != -1 or -1 in shape[1:]:
        refuse(f"the operator {short(call.name)} changes the shape in a way that is not on Sightline's list")
    return _layer("Reshape", call, target_shape=shape[1:])


def _resizing(call: Call) -> list[Record]:
    size = call.options.pop("size", None)
    method = call.options.pop("method", "bilinear")
    antialias = bool(call.options.pop("antialias", False))
    _only(call, {"preserve_aspect_ratio": (False,)})
    if not isinstance(size, list) or len(size) != 2:
        refuse(f"the operator {short(call.name)} does not say to which size")
    return _layer(
        "Resizing",
        call,
        height=size[0],
        width=size[1],
        interpolation=method,
        crop_to_aspect_ratio=False,
        antialias=antialias,
    )


def _grey(call: Call) -> list[Record]:
    _only(call, {})
    return [
        _operation(
            "RGBToGrayscale", call.name, [call.arguments[0]], IMAGE_MODULE, data_format="channels_last"
        )
    ]


def _only(call: Call, neutral: dict[str, tuple[Any, ...]]) -> None:
    """Refuse options that would change the result."""
    for key, value in call.options.items():
        if value not in neutral.get(key, (None,)):
            refuse(f"the operator {short(call.name)} is called with {short(key)}")


_FUNCTIONS: dict[str, Callable[[Call], list[Record]]] = {
    **dict.fromkeys(("math.add", "__operators__.add", "add"), _arithmetic("Add")),
    **dict.fromkeys(("math.subtract", "__operators__.sub", "subtract"), _arithmetic("Subtract")),
    **dict.fromkeys(("math.multiply", "__operators__.mul", "multiply"), _arithmetic("Multiply")),
    **dict.fromkeys(("math.truediv", "math.divide", "realdiv", "divide"), _arithmetic("TrueDivide")),
    **dict.fromkeys(("math.maximum", "maximum"), _arithmetic("Maximum")),
    **dict.fromkeys(("math.minimum", "minimum"), _arithmetic("Minimum")),
    **dict.fromkeys(("math.negative", "negative"), _negative),
    "nn.bias_add": _bias,
    "__operators__.getitem": _reversed_channels,
    "nn.leaky_relu": _leaky,
    **dict.fromkeys(("cast", "identity", "stop_gradient"), _same),
    **dict.fromkeys(("math.reduce_mean", "reduce_mean"), _over_places("GlobalAveragePooling2D")),
    **dict.fromkeys(("math.reduce_max", "reduce_max"), _over_places("GlobalMaxPooling2D")),
    "concat": _concatenation,
    "reshape": _reshaping,
    "image.resize": _resizing,
    "image.rgb_to_grayscale": _grey,
    **{
        f"{module}.{name}": _activation(target)
        for module, names in {
            "nn": {
                "relu": "relu", "relu6": "relu6", "softmax": "softmax", "sigmoid": "sigmoid", "tanh": "tanh",
                "elu": "elu", "selu": "selu", "gelu": "gelu", "silu": "silu", "swish": "silu",
                "softplus": "softplus", "softsign": "softsign", "log_softmax": "log_softmax",
            },
            "math": {
                "sigmoid": "sigmoid", "tanh": "tanh", "softplus": "softplus", "exp": "exponential",
                "log_sigmoid": "log_sigmoid",
            },
        }.items()
        for name, target in names.items()
    },
}  # fmt: skip
_OPERATIONS = {
    "RealDiv": "math.truediv", "Sub": "math.subtract", "Add": "math.add", "AddV2": "math.add",
    "Mul": "math.multiply", "BiasAdd": "nn.bias_add", "Maximum": "math.maximum", "Minimum": "math.minimum",
    "Neg": "math.negative", "Relu": "nn.relu", "Relu6": "nn.relu6", "Softmax": "nn.softmax",
    "Sigmoid": "math.sigmoid", "Tanh": "math.tanh", "Identity": "identity", "LeakyRelu": "nn.leaky_relu",
    "Mean": "reduce_mean", "Max": "reduce_max", "ConcatV2": "concat", "StridedSlice": "__operators__.getitem",
}  # fmt: skip
"""Operations of TensorFlow's graphs, by the functions that make them."""
_READ: dict[str, Callable[[list[Any], Record], dict[str, Any]]] = {
    "BiasAdd": _read_bias, "Mean": _read_axes, "Max": _read_axes, "ConcatV2": _read_axis,
    "LeakyRelu": _read_slope, "StridedSlice": _read_slices,
}  # fmt: skip
"""How arguments that are constants become options."""
