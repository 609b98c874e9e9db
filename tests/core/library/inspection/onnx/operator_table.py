"""Operators and values of their attributes to compare OpenVINO with ONNX Runtime for."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np

R = np.random.default_rng(3)


class Row(NamedTuple):
    """A network of one operator, whose input ``x`` is -1..1, ``(1, 3, 9, 8)``."""

    kind: str
    opset: int
    attributes: dict[str, Any]
    more: dict[str, Any]
    """Its other inputs, in order; None for one that is left out."""
    outputs: int = 1
    shape: tuple[int, ...] | None = None
    """Shape that ``x`` is brought to before."""

    @property
    def words(self) -> str:
        given = {
            name: np.shape(each) if np.size(each) > 4 else np.array(each).tolist()
            for name, each in self.more.items()
        }
        return f"{self.kind}-{self.opset}-{self.attributes}-{given}-{self.shape or ''}".replace(" ", "")


def w(*shape: int, low: float = -1.0, high: float = 1.0) -> np.ndarray:
    return R.uniform(low, high, shape).astype(np.float32)


def i64(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def f32(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


ROWS: list[Row] = []


def add(
    kind: str, opsets: tuple[int, ...] = (18,), more: dict[str, Any] | None = None, **attributes: Any
) -> None:
    shape, outputs = attributes.pop("x", None), attributes.pop("results", 1)
    for opset in opsets:
        ROWS.append(Row(kind, opset, attributes, more or {}, outputs, shape))


ALL = (7, 9, 11, 13, 18, 21, 22)

# Number by number
for kind in [
    "Relu",
    "Sigmoid",
    "Tanh",
    "Erf",
    "Softplus",
    "Softsign",
    "Exp",
    "Abs",
    "Neg",
    "Floor",
    "Ceil",
    "Sign",
    "Sin",
    "Cos",
]:
    add(kind, (9, 22))
for kind in ("HardSwish", "Mish", "Round"):
    add(kind, (18, 22))
for kind in ("LeakyRelu", "Elu", "Selu", "HardSigmoid", "Celu", "ThresholdedRelu"):
    add(kind, (12, 18))
    add(kind, (18,), alpha=0.3)
add("Selu", alpha=1.2, gamma=0.7)
add("HardSigmoid", alpha=1 / 6, beta=0.4)
add("Gelu", (20, 22))
add("Gelu", (20,), approximate="tanh")
add("Clip", (7, 9), min=-0.3, max=0.5)
add("Clip", (7,), max=0.5)
add("Clip", (11, 13, 18), {"min": np.float32(-0.3), "max": np.float32(0.5)})
add("Clip", (18,), {"min": None, "max": np.float32(0.5)})
add("Clip", (18,), {"min": np.float32(0.6), "max": np.float32(0.5)})
for slopes in (w(1), w(3, 1, 1), w(8)):
    add("PRelu", (9, 18), {"slope": slopes})
for kind, shape in itertools.product(
    ("Add", "Sub", "Mul", "Div"), ((), (1,), (3, 1, 1), (1, 3, 9, 8), (8,), (2, 1, 1, 1, 1))
):
    add(kind, (7, 18), {"b": w(*shape, low=0.5, high=2.0)})
add("Pow", (9, 18), {"b": np.float32(2)})
add("Pow", (18,), {"b": np.float32(3)})
for kind in ("Min", "Max", "Sum", "Mean"):
    add(kind, (8, 18), {"b": w(3, 1, 1), "c": w(8)})
    add(kind, (18,))
for kind in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"):
    add(f"{kind}+Cast", (18,), {"b": np.float32(0.2)})
    add(f"{kind}+Where", (18,), {"b": np.float32(0.2)})
add("Sqrt", (18,))
add("Log", (18,))
add("Reciprocal", (18,))

# Convolutions
for auto, stride, dilation in itertools.product(
    ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"), (1, 2, 3), (1, 2)
):
    add(
        "Conv",
        (18,),
        {"w": w(4, 3, 3, 2), "b": w(4)},
        auto_pad=auto,
        strides=[stride, stride],
        dilations=[dilation, dilation],
    )
for pads in ([1, 1, 1, 1], [0, 1, 2, 0], [2, 0, 1, 3]):
    add("Conv", (7, 11, 18, 22), {"w": w(4, 3, 3, 3)}, pads=pads, strides=[2, 1])
add("Conv", (18,), {"w": w(6, 1, 3, 3), "b": w(6)}, group=3, kernel_shape=[3, 3])
add("Conv", (18,), {"w": w(3, 1, 3, 3)}, group=3, pads=[1, 1, 1, 1])
add("Conv", (18,), {"w": w(4, 27, 5)}, x=(1, 27, 8), pads=[2, 2])
add("Conv", (18,), {"w": w(6, 9, 3), "b": w(6)}, x=(1, 27, 8), group=3, strides=[2])
for stride, pads, more in itertools.product(
    (1, 2, 3), ([0, 0, 0, 0], [1, 1, 1, 1], [0, 1, 2, 0]), ([0, 0], [1, 0])
):
    if max(more) < stride:
        add(
            "ConvTranspose",
            (11, 18),
            {"w": w(3, 2, 3, 3), "b": w(2)},
            strides=[stride, stride],
            pads=pads,
            output_padding=more,
        )
add("ConvTranspose", (18,), {"w": w(3, 2, 3, 3)}, dilations=[2, 1], strides=[2, 2])
add("ConvTranspose", (18,), {"w": w(3, 2, 3, 3)}, group=3, strides=[2, 2])
add("ConvTranspose", (18,), {"w": w(27, 2, 3)}, x=(1, 27, 8), strides=[2])
add("ConvTranspose", (18,), {"w": w(3, 2, 3, 3)}, output_shape=[20, 20], strides=[2, 2])
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    add("ConvTranspose", (18,), {"w": w(3, 2, 3, 3)}, auto_pad=auto, strides=[2, 2])

# Pooling
for kind, kernel, stride, pads, ceil in itertools.product(
    ("MaxPool", "AveragePool"), (2, 3), (1, 2, 3), ([0, 0, 0, 0], [1, 1, 1, 1], [1, 0, 0, 1]), (0, 1)
):
    add(kind, (12, 18), kernel_shape=[kernel, kernel], strides=[stride, stride], pads=pads, ceil_mode=ceil)
    if kind == "AveragePool":
        add(
            kind,
            (12, 19),
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=pads,
            ceil_mode=ceil,
            count_include_pad=1,
        )
for kind, auto, stride, kernel in itertools.product(
    ("MaxPool", "AveragePool"), ("VALID", "SAME_UPPER", "SAME_LOWER"), (1, 2, 3), (2, 3)
):
    add(kind, (8, 18), kernel_shape=[kernel, kernel], strides=[stride, stride], auto_pad=auto)
    if kind == "AveragePool":
        add(
            kind,
            (18,),
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            auto_pad=auto,
            count_include_pad=1,
        )
for auto in ("VALID", "SAME_UPPER"):
    add("MaxPool", (18,), kernel_shape=[2, 2], strides=[2, 2], auto_pad=auto, ceil_mode=1)
add("MaxPool", (18,), kernel_shape=[1, 1], strides=[3, 3], ceil_mode=1)
add("MaxPool", (18,), kernel_shape=[2, 2], strides=[4, 4], ceil_mode=1)
add("MaxPool", (18,), kernel_shape=[2, 2], dilations=[2, 2])
add("AveragePool", (19,), kernel_shape=[2, 2], dilations=[2, 2])
add("MaxPool", (18,), kernel_shape=[3], x=(1, 27, 8), strides=[2])
add("AveragePool", (18,), kernel_shape=[3], x=(1, 27, 8), strides=[2], pads=[1, 1])
for kind in ("GlobalAveragePool", "GlobalMaxPool"):
    add(kind, (7, 18))
    add(kind, (18,), x=(1, 27, 8))

# Normalisations
STATS = {"scale": w(3), "b": w(3), "mean": w(3), "var": w(3, low=0.1, high=2)}
add("BatchNormalization", (7, 9, 14, 15, 22), STATS)
add("BatchNormalization", (15,), STATS, epsilon=0.1, momentum=0.5)
add("BatchNormalization", (9, 15), {name: w(54, low=0.1, high=1) for name in STATS}, x=(4, 54))
for opset in (7, 18, 22):
    add("InstanceNormalization", (opset,), {"scale": w(3), "b": w(3)}, epsilon=0.01)
add("GroupNormalization", (18,), {"scale": w(3), "b": w(3)}, num_groups=3)
add("GroupNormalization", (18,), {"scale": w(9), "b": w(9)}, num_groups=9, x=(1, 27, 4, 2))
add("GroupNormalization", (21, 22), {"scale": w(27), "b": w(27)}, num_groups=9, x=(1, 27, 4, 2), epsilon=0.02)
for axis, shape in ((-1, (8,)), (2, (9, 8)), (1, (3, 9, 8)), (-2, (9, 8))):
    add("LayerNormalization", (17, 22), {"scale": w(*shape), "b": w(*shape)}, axis=axis)
    add("LayerNormalization", (17,), {"scale": w(*shape)}, axis=axis, epsilon=0.1)
for size in (1, 3, 5):
    add("LRN", (7, 18), size=size, alpha=0.5, beta=0.6, bias=2.0)
    add("LRN", (18,), size=size, alpha=0.5, beta=0.6, bias=1.5)
    add("LRN", (18,), size=size, x=(1, 27, 4, 2))
for p, axis in itertools.product((1, 2), (-1, 1, 2)):
    add("LpNormalization", (18, 22), p=p, axis=axis)
for kind, axis in itertools.product(("Softmax", "LogSoftmax"), (1, 2, 3, -1)):
    add(kind, (7, 12, 13, 18), axis=axis)
    add(kind, (12, 13), axis=axis if axis < 2 else 1, x=(1, 216))
add("Softmax", (12, 13))
add("Softmax", (12,), axis=1, x=(1, 216, 1, 1))

# Products
for a, b in itertools.product((0, 1), (0, 1)):
    inner = 27 if a else 8
    add(
        "Gemm",
        (7, 11, 18),
        {"b": w(5, inner) if b else w(inner, 5), "c": w(5)},
        x=(27, 8),
        transA=a,
        transB=b,
        alpha=0.7,
        beta=1.3,
    )
add("Gemm", (11, 18), {"b": w(8, 5)}, x=(27, 8))
add("Gemm", (11, 18), {"b": w(8, 5), "c": w(27, 1)}, x=(27, 8), beta=0.5)
for shape in ((8, 5), (3, 8, 5), (1, 3, 8, 5), (2, 1, 8, 5)):
    add("MatMul", (9, 18), {"b": w(*shape)})

# Shapes
add("Reshape", (7, 13, 14, 18), {"s": i64(0, -1, 4)})
add("Reshape", (14,), {"s": i64(1, -1)}, allowzero=1)
add("Flatten", (9, 18), axis=1)
for axis in (0, 2, 3, 4, -1, -2):
    add("Flatten", (13,), axis=axis)
for perm in ([0, 2, 3, 1], [3, 2, 1, 0], [0, 3, 1, 2], [0, 1, 3, 2]):
    add("Transpose", (7, 18), perm=perm)
add("Transpose", (18,))
add("Squeeze", (7, 11), axes=[0])
add("Squeeze", (13, 18), {"axes": i64(0)})
add("Squeeze", (11, 13))
add("Unsqueeze", (7, 11), axes=[0, 2])
add("Unsqueeze", (13, 18), {"axes": i64(-1, 1)})
for axis in (0, 1, 3, -1):
    add("Concat", (7, 18), {"b": w(1, 3, 9, 8)}, axis=axis)
add("Split", (7, 11), axis=3, split=[3, 5], results=2)
add("Split", (13, 18), {"s": i64(3, 5)}, axis=3, results=2)
add("Split", (11, 13), axis=1, results=3)
add("Split", (18,), axis=1, num_outputs=3, results=3)
add("Split", (18,), axis=2, num_outputs=2, results=2)
add("Slice", (7, 9), starts=[1, -3], ends=[9, 2147483647], axes=[2, 3])
for starts, ends, axes, steps in (
    ((1,), (5,), (2,), (2,)),
    ((-1,), (-100,), (1,), (-1,)),
    ((7, 1), (0, 3), (3, 1), (-2, 1)),
    ((0,), (2**63 - 1,), (3,), (1,)),
    ((-3,), (2**31 - 1,), (-1,), (1,)),
    ((8,), (-(2**40),), (2,), (-3,)),
):
    add("Slice", (10, 18), {"s": i64(*starts), "e": i64(*ends), "a": i64(*axes), "t": i64(*steps)})
for index, axis in ((i64(2, 0), 1), (np.array(1), 1), (i64(-1, 3), 3), (np.array([[0, 1], [2, 2]]), 2)):
    add("Gather", (7, 13, 18), {"i": index}, axis=axis)
add("Expand", (8, 18), {"s": i64(2, 1, 9, 8)})
add("Tile", (7, 18), {"r": i64(1, 2, 1, 3)})
for mode, opset in itertools.product(("constant", "reflect", "edge"), (11, 13, 18, 19)):
    add("Pad", (opset,), {"p": i64(0, 1, 2, 3, 0, 0, 1, 2)}, mode=mode)
add("Pad", (18,), {"p": i64(0, 0, 2, 3, 0, 0, 1, 2), "v": np.float32(0.7)})
add("Pad", (18,), {"p": i64(0, 0, -2, 3, 0, 0, 1, -2)})
add("Pad", (18,), {"p": i64(2, 1, 1, 3), "v": None, "a": i64(2, 3)})
add("Pad", (7,), pads=[0, 0, 2, 3, 0, 0, 1, 2], mode="constant", value=0.3)
add("Pad", (7,), pads=[0, 0, 2, 3, 0, 0, 1, 2], mode="reflect")
for mode in ("DCR", "CRD"):
    add("DepthToSpace", (11, 18), blocksize=2, mode=mode, x=(1, 12, 9, 2))
add("SpaceToDepth", (18,), blocksize=2, x=(1, 3, 18, 4))
add("Identity", (7, 18))
add("Dropout", (7, 10, 11), ratio=0.3)
add("Dropout", (13, 18), {"ratio": np.float32(0.3), "t": np.array(False)})
for kind in [
    "ReduceMean",
    "ReduceSum",
    "ReduceMax",
    "ReduceMin",
    "ReduceProd",
    "ReduceL1",
    "ReduceL2",
    "ReduceSumSquare",
    "ReduceLogSum",
    "ReduceLogSumExp",
]:
    for keep in (0, 1):
        add(kind, (9, 11), axes=[2, -1], keepdims=keep)
        add(kind, (18, 22), {"axes": i64(2, 3)}, keepdims=keep)
    add(kind, (11, 18), keepdims=1)
    add(kind, (18,), {"axes": i64(1)}, noop_with_empty_axes=1)
    add(kind, (18,), noop_with_empty_axes=1)

# Resizing
for mode, position, scale in itertools.product(
    ("nearest", "linear", "cubic"),
    ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"),
    ((2.0, 2.0), (0.6, 1.7), (1.0, 0.5)),
):
    add(
        "Resize",
        (11, 18),
        {"roi": f32(), "scales": f32(1, 1, *scale)},
        mode=mode,
        coordinate_transformation_mode=position,
    )
for rounding, position, size in itertools.product(
    ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
    ("half_pixel", "asymmetric", "align_corners"),
    ((18, 16), (5, 13)),
):
    add(
        "Resize",
        (13, 19),
        {"roi": None, "scales": None, "sizes": i64(1, 3, *size)},
        mode="nearest",
        nearest_mode=rounding,
        coordinate_transformation_mode=position,
    )
for mode, size in itertools.product(("linear", "cubic"), ((18, 16), (5, 13), (1, 1))):
    add("Resize", (13, 19), {"roi": None, "scales": None, "sizes": i64(1, 3, *size)}, mode=mode)
add("Resize", (13,), {"roi": None, "scales": f32(1, 1, 2, 2)}, mode="cubic", cubic_coeff_a=-0.5)
add("Resize", (10,), {"scales": f32(1, 1, 2, 3)}, mode="nearest")
add("Resize", (10,), {"scales": f32(1, 1, 2, 3)}, mode="linear")
add("Upsample", (7,), scales=[1.0, 1.0, 2.0, 3.0], mode="nearest")
add("Upsample", (9,), {"scales": f32(1, 1, 2, 2)}, mode="linear")
add("Upsample", (9,), {"scales": f32(1, 1, 2, 2)}, mode="nearest")

# Recurrent layers
for kind, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
    for way, ways in (("forward", 1), ("reverse", 1), ("bidirectional", 2)):
        base = {"w": w(ways, gates * 5, 8), "r": w(ways, gates * 5, 5)}
        extra = [{}] + ([{"linear_before_reset": 1}] if kind == "GRU" else [])
        for attributes in extra:
            add(kind, (11, 14, 18, 22), base, x=(27, 1, 8), hidden_size=5, direction=way, **attributes)
            add(
                kind,
                (18,),
                base | {"b": w(ways, 2 * gates * 5)},
                x=(27, 1, 8),
                hidden_size=5,
                direction=way,
                **attributes,
            )
            full = base | {"b": w(ways, 2 * gates * 5), "len": None, "h": w(ways, 1, 5)}
            add(
                kind,
                (18,),
                full | ({"c": w(ways, 1, 5)} if kind == "LSTM" else {}),
                x=(27, 1, 8),
                hidden_size=5,
                direction=way,
                results=2,
                **attributes,
            )

_MAX_OUTSIDE = {
    (2, 2, (1, 1, 1, 1)), (2, 2, (1, 0, 0, 1)), (2, 3, (0, 0, 0, 0)), (2, 3, (1, 1, 1, 1)),
    (2, 3, (1, 0, 0, 1)), (3, 3, (1, 1, 1, 1)), (1, 3, ()), (2, 4, ()),
}  # fmt: skip
_MEAN_OVER_RIM = {
    (2, 3, (1, 0, 0, 1)), (3, 2, (1, 1, 1, 1)), (3, 2, (1, 0, 0, 1)), (3, 3, (1, 1, 1, 1)),
    (3, 3, (1, 0, 0, 1)), (2, 2, (0, 0, 0, 0)), (3, 2, (0, 0, 0, 0)), (3, 3, (0, 0, 0, 0)),
}  # fmt: skip
"""Kernel, step and pads with which OpenVINO's pools were seen to differ, with ceil_mode."""


def _pools_differ(row: Row) -> bool:
    given = row.attributes
    kernel, step = given["kernel_shape"][0], given.get("strides", [1])[0]
    if str(given.get("auto_pad", "")).startswith("SAME"):
        return step > kernel
    seen = kernel, step, tuple(given.get("pads", ()))
    if not given.get("ceil_mode"):
        return False
    return seen in (
        _MAX_OUTSIDE if row.kind == "MaxPool" else _MEAN_OVER_RIM if "count_include_pad" in given else ()
    )


def _differs(row: Row) -> bool:
    """Whether OpenVINO was seen to answer a row in another way than ONNX Runtime, or that not at all."""
    given = row.attributes
    if row.kind.endswith("Pool") and "kernel_shape" in given:
        return _pools_differ(row)
    match row.kind:
        case "LRN":
            return given.get("bias") == 1.5
        case "Softmax":
            return row.opset in (11, 12) and row.shape is None and given.get("axis", 1) in (1, 2)
        case "Conv":
            return "SAME" in given.get("auto_pad", "") and given["dilations"] != [1, 1]
        case "ConvTranspose":
            return "SAME" in given.get("auto_pad", "") or "output_shape" in given
        case "Split":
            return given.get("num_outputs") == 2
    return "noop_with_empty_axes" in given and not row.more


REFUSED = [row for row in ROWS if _differs(row)]
ROWS = [row for row in ROWS if not _differs(row)]
