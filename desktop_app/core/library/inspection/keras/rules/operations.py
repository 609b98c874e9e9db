"""Functions of `keras.ops` in a network that compute: arithmetic, activations, means and products.

Keras records ``x / 127.5`` or ``ops.mean(x, axis=(1, 2))`` as an operation between the layers. Constants
stand in the configuration. What would let one picture change the result of another is refused: sums over all
axes, for instance, run over the pictures of a batch too.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.network.constants import operand, operand_shapes
from desktop_app.core.library.inspection.keras.network.fields import (
    boolean,
    dtype,
    either,
    integer,
    nothing,
    number,
    optional,
    sequence,
)
from desktop_app.core.library.inspection.keras.network.rule import (
    Config,
    Effect,
    Rule,
    Shape,
    inner_axes,
    inner_axis,
    same_shape,
)
from desktop_app.core.library.inspection.keras.rules.einsum import subscripts, sum_of_products
from desktop_app.core.library.inspection.keras.rules.merging import broadcast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check

OPERATIONS = "keras.src.ops."
"""How the modules of functions begin."""
NUMPY, NN, MATH = f"{OPERATIONS}numpy", f"{OPERATIONS}nn", f"{OPERATIONS}math"
CORE, LINALG = f"{OPERATIONS}core", f"{OPERATIONS}linalg"
ACTIVATIONS = "keras.src.activations.activations"
"""Where `keras.activations.relu` is, called on a result: the others are functions of `keras.ops` then."""
_PAIR = ("x1", "x2")
AXIS = integer(-8, 8)
AXES = either(sequence(AXIS), optional(AXIS))


def _binary(config: Config, inputs: Sequence[Shape]) -> Effect:
    return Effect(broadcast(operand_shapes(config, _PAIR, inputs)))


def _clip(config: Config, inputs: Sequence[Shape]) -> Effect:
    bounds = {key: config[key] for key in ("x_min", "x_max") if isinstance(config[key], dict)}
    shapes = operand_shapes({"x_min": 0, "x_max": 0, **bounds}, ("x_min", "x_max"), inputs)
    if broadcast([*inputs, *shapes]) != inputs[0]:
        refuse("a constant does not fit the result that it is joined with")
    return Effect(inputs[0])


def _reduce(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of a function that takes one number from all along some axes."""
    axes = inner_axes(config["axis"], inputs[0])
    keep = config.get("keepdims", False)
    sides = [1 if axis in axes else side for axis, side in enumerate(inputs[0]) if keep or axis not in axes]
    if not sides:
        refuse("a layer makes a single number of a whole picture")
    return Effect(tuple(sides), scratch=math.prod(inputs[0]))


def _middle(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of a function that sorts the numbers first."""
    return dataclasses.replace(_reduce(config, inputs), scratch=6 * math.prod(inputs[0]))


def _along(config: Config, inputs: Sequence[Shape]) -> Effect:
    """Effect of a function that keeps the shape and works along axes."""
    inner_axes(config["axis"], inputs[0])
    return Effect(inputs[0], scratch=math.prod(inputs[0]))


def _gated(config: Config, inputs: Sequence[Shape]) -> Effect:
    axis = inner_axis(config["axis"], inputs[0])
    if inputs[0][axis] % 2:
        refuse("a gated layer gets an odd number of features")
    return Effect((*inputs[0][:axis], inputs[0][axis] // 2, *inputs[0][axis + 1 :]))


def _matrix_product(config: Config, inputs: Sequence[Shape]) -> Effect:
    """``x @ y``, for each picture by itself; a constant matrix may stand on the right."""
    first, second = operand_shapes(config, _PAIR, inputs)
    if "x1" in config or len(first) < ("x2" not in config) + 1:
        refuse("a matrix product works across several pictures at once")
    if "x2" in config and len(second) != 2:
        refuse("a matrix product has a constant that is not a matrix")
    if first[-1] != second[-2] or ("x2" not in config and first[:-2] != second[:-2]):
        refuse("a matrix product joins results that do not fit each other")
    output = (*first[:-1], second[-1])
    return Effect(
        output, scratch=math.prod(first) + math.prod(second), operations=math.prod(output) * first[-1]
    )


def _unary(
    module: str,
    names: str,
    fields: Mapping[str, Check] | None = None,
    effect: Callable[[Config, Sequence[Shape]], Effect] = same_shape,
) -> dict[tuple[str, str], Rule]:
    rule = Rule(effect, fields or {}, module=module, parameters=("x",))
    return {(module, name): rule for name in names.split()}


_ARITHMETIC = Rule(
    _binary, module=NUMPY, parameters=_PAIR, arguments=dict.fromkeys(_PAIR, operand), rescales=True
)
_JOINING = Rule(_binary, module=NUMPY, parameters=_PAIR, arguments=dict.fromkeys(_PAIR, operand))
_PRODUCT = Rule(
    _matrix_product, module=NUMPY, parameters=_PAIR, arguments=dict.fromkeys(_PAIR, operand), learns=True,
    counts_itself=True,
)  # fmt: skip
_REDUCED = {"axis": AXES, "keepdims": boolean}
_BOUND = optional(operand)

RULES: Mapping[tuple[str, str], Rule] = {
    **{(NUMPY, name): _ARITHMETIC for name in ("Add", "Subtract", "Multiply", "Divide", "TrueDivide")},
    **{(NUMPY, name): _JOINING for name in ("Maximum", "Minimum", "Power", "Mod", "FloorDivide")},
    (NUMPY, "Matmul"): _PRODUCT,
    (NUMPY, "Dot"): _PRODUCT,
    (NUMPY, "Einsum"): Rule(
        sum_of_products,
        {"subscripts": subscripts},
        module=NUMPY,
        parameters=_PAIR,
        counts_itself=True,
        learns=True,
        least=2,
    ),
    **_unary(
        NUMPY,
        "Absolute Negative Square Sqrt Exp Expm1 Exp2 Log Log1p Log2 Log10 Sin Cos Tan Sinh Cosh Tanh "
        "Arctan Floor Ceil Trunc Sign Reciprocal Copy",
    ),
    **_unary(NUMPY, "ZerosLike OnesLike", {"dtype": optional(dtype)}),
    **_unary(NUMPY, "Round", {"decimals": integer(-8, 8)}),
    **_unary(NUMPY, "Clip", {"x_min": _BOUND, "x_max": _BOUND}, _clip),
    **_unary(NUMPY, "Cumsum", {"axis": AXES, "dtype": optional(dtype)}, _along),
    **_unary(NUMPY, "Mean Sum Var Std Amax Amin", _REDUCED, _reduce),
    **_unary(NUMPY, "Median", _REDUCED, _middle),
    **_unary(NUMPY, "Max Min", {**_REDUCED, "initial": nothing}, _reduce),
    **_unary(MATH, "Logsumexp", _REDUCED, _reduce),
    **_unary(LINALG, "Norm", {**_REDUCED, "ord": optional(integer(1, 2))}, _reduce),
    **_unary(MATH, "Rsqrt Erf"),
    **_unary(
        NN,
        "Relu Relu6 Sigmoid Softplus Softsign Silu LogSigmoid HardSigmoid HardSilu Selu TanhShrink HardTanh",
    ),
    **_unary(
        ACTIVATIONS, "ReLU", {"negative_slope": number, "max_value": optional(number), "threshold": number}
    ),
    **_unary(NN, "LeakyRelu", {"negative_slope": number}),
    **_unary(NN, "Elu Celu", {"alpha": number}),
    **_unary(NN, "Gelu", {"approximate": boolean}),
    **_unary(NN, "Squareplus", {"b": number}),
    **_unary(NN, "SoftShrink HardShrink", {"threshold": number}),
    **_unary(NN, "Threshold", {"threshold": number, "default_value": number}),
    **_unary(NN, "Softmax LogSoftmax", {"axis": AXES}, _along),
    **_unary(NN, "Normalize", {"axis": AXES, "order": integer(1, 2), "epsilon": optional(number)}, _along),
    **_unary(NN, "Glu", {"axis": AXIS}, _gated),
    **_unary(
        CORE,
        "Cast SaturateCast ConvertToTensor",
        {"dtype": optional(dtype), "sparse": nothing, "ragged": nothing},
    ),
    (CORE, "StopGradient"): Rule(same_shape, module=CORE, parameters=("variable",)),
}
