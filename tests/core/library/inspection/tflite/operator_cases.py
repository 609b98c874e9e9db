"""A network around each operator of the list, with each value of its options."""
# ruff: noqa: C901

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tests.tflite_file import Net

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Build = Callable[["Maker"], None]

SCALE, ZERO = 0.02, -5
"""What the 8-bit numbers between the operators stand for: -2.46 to 2.64."""


class Maker:
    """Builds the same network with floating numbers or with 8-bit ones."""

    def __init__(self, shape, dtype: str) -> None:
        self.dtype = dtype
        self.random = np.random.default_rng(7)
        self.net = Net(shape)
        self.value = 0
        self.shape = shape
        if dtype != "float32":
            self.value = self.net.add(
                "QUANTIZE", [0], shape, dtype, options=("QuantizeOptions", {}), **self.scale
            )

    @property
    def scale(self) -> dict[str, Any]:
        """What the numbers between the operators stand for."""
        if self.dtype == "float32":
            return {}
        return {"scale": SCALE, "zero": ZERO if self.dtype == "int8" else ZERO + 128}

    def whole(self, *numbers: int) -> int:
        return self.net.constant(np.array(numbers), "int32")

    def number(self, *shape: int, low: float = -1.0, high: float = 1.0) -> int:
        """A stored array like what goes through the network."""
        values = self.random.uniform(low, high, shape)
        if self.dtype == "float32":
            return self.net.constant(values)
        scale = self.scale
        return self.net.constant(np.round(values / scale["scale"]) + scale["zero"], self.dtype, **scale)

    def weights(self, *shape: int, axis: int = 0, several: bool = True) -> tuple[int, int]:
        """Kernel and bias, with a scale for each output where there are 8 bits."""
        outputs = shape[axis]
        kernel, bias = self.random.uniform(-0.5, 0.5, shape), self.random.uniform(-0.5, 0.5, outputs)
        if self.dtype == "float32":
            return self.net.constant(kernel), self.net.constant(bias)
        if self.dtype == "uint8":
            several = False
        scales = np.linspace(0.004, 0.006, outputs) if several else np.array([0.005])
        zero = 0 if self.dtype == "int8" else 128
        along = [1] * len(shape)
        along[axis] = -1
        spread = scales.reshape(along) if several else scales
        stored = np.clip(np.round(kernel / spread), -127, 127) + zero
        zeros = [zero] * len(scales)
        return (
            self.net.constant(stored, self.dtype, scale=scales, zero=zeros, axis=axis),
            self.net.constant(
                np.round(bias / (scales * SCALE)), "int32", scale=scales * SCALE, zero=[0] * len(scales)
            ),
        )

    def add(self, name: str, inputs: list[int], shape, options=None, **fields: Any) -> None:
        quantisation = self.scale | fields.pop("result", {})
        if self.dtype == "float32":
            quantisation = {}
        given = (options, fields) if options else None
        self.value = self.net.add(name, inputs, shape, self.dtype, options=given, **quantisation)
        self.shape = shape

    def finish(self) -> Net:
        if self.dtype != "float32":
            self.net.add("DEQUANTIZE", [self.value], self.shape, options=("DequantizeOptions", {}))
        self.net.row()
        return self.net


CASES: dict[str, tuple[tuple[int, ...], Build, tuple[str, ...]]] = {}
BOTH = ("float32", "int8", "uint8")
FLOAT = ("float32",)


def case(name: str, build: Build, dtypes: tuple[str, ...] = BOTH, shape=(1, 7, 6, 3)) -> None:
    assert name not in CASES
    CASES[name] = (shape, build, dtypes)


def _length(side: int, window: int, stride: int, dilation: int, padding: int) -> int:
    return -(-side // stride) if padding == 0 else -(-(side - (window - 1) * dilation) // stride)


def _windows() -> Iterator[tuple[int, int, int, int]]:
    """Window, stride, dilation, padding."""
    for padding in (0, 1):
        yield from ((3, 1, 1, padding), (3, 2, 1, padding), (2, 2, 1, padding), (3, 1, 2, padding))


def _convolutions() -> None:
    for window, stride, dilation, padding in _windows():
        for activation in (0, 1, 2, 3) if (window, stride) == (3, 1) else (0,):
            common = {
                "padding": padding,
                "strideW": stride,
                "strideH": stride,
                "dilationWFactor": dilation,
                "dilationHFactor": dilation,
                "fusedActivationFunction": activation,
            }
            rows, columns = (_length(side, window, stride, dilation, padding) for side in (7, 6))

            def conv(m, rows=rows, columns=columns, window=window, common=common):
                kernel, bias = m.weights(5, window, window, 3)
                m.add("CONV_2D", [m.value, kernel, bias], (1, rows, columns, 5), "Conv2DOptions", **common)

            def depthwise(m, rows=rows, columns=columns, window=window, common=common):
                kernel, bias = m.weights(1, window, window, 6, axis=3)
                options = common | {"depthMultiplier": 2}
                m.add(
                    "DEPTHWISE_CONV_2D",
                    [m.value, kernel, bias],
                    (1, rows, columns, 6),
                    "DepthwiseConv2DOptions",
                    **options,
                )

            tail = f"{window} by {stride} dilated {dilation} padding {padding} activation {activation}"
            case(f"CONV_2D {tail}", conv)
            case(f"DEPTHWISE_CONV_2D {tail}", depthwise)
    case(
        "CONV_2D one scale",
        lambda m: m.add(
            "CONV_2D",
            [m.value, *m.weights(5, 3, 3, 3, several=False)],
            (1, 7, 6, 5),
            "Conv2DOptions",
            strideW=1,
            strideH=1,
            dilationWFactor=1,
            dilationHFactor=1,
        ),
    )
    for padding in (0, 1):

        def transposed(m, padding=padding):
            kernel, bias = m.weights(4, 3, 3, 3)
            sides = (14, 12) if padding == 0 else (15, 13)
            m.add(
                "TRANSPOSE_CONV",
                [m.whole(1, *sides, 4), kernel, m.value, bias],
                (1, *sides, 4),
                "TransposeConvOptions",
                padding=padding,
                strideW=2,
                strideH=2,
            )

        case(f"TRANSPOSE_CONV padding {padding}", transposed)


def _pools() -> None:
    for window, stride, _dilation, padding in list(_windows())[:3] + list(_windows())[4:7]:
        rows, columns = (_length(side, window, stride, 1, padding) for side in (7, 6))
        for name in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
            for activation in (0, 1, 3) if stride == 1 else (0,):
                case(
                    f"{name} {window} by {stride} padding {padding} activation {activation}",
                    lambda m, n=name, r=rows, c=columns, w=window, s=stride, p=padding, a=activation: m.add(
                        n,
                        [m.value],
                        (1, r, c, 3),
                        "Pool2DOptions",
                        padding=p,
                        strideW=s,
                        strideH=s,
                        filterWidth=w,
                        filterHeight=w,
                        fusedActivationFunction=a,
                    ),
                )


def _dense() -> None:
    def dense(m, activation, keep):
        kernel, bias = m.weights(5, 3) if keep else m.weights(5, 126)
        shape = (1, 7, 6, 5) if keep else (1, 5)
        m.add(
            "FULLY_CONNECTED",
            [m.value, kernel, bias],
            shape,
            "FullyConnectedOptions",
            fusedActivationFunction=activation,
            keepNumDims=keep,
            result={"scale": 0.05, "zero": 3 if m.dtype == "int8" else 131},
        )

    for activation in (0, 1, 2, 3):
        case(f"FULLY_CONNECTED activation {activation}", lambda m, a=activation: dense(m, a, keep=False))
    case("FULLY_CONNECTED keeps axes", lambda m: dense(m, 0, keep=True))
    for x in (False, True):
        for y in (False, True):

            def product(m, x=x, y=y):
                other = (
                    m.number(1, 7, 5, 6)
                    if y and not x
                    else m.number(1, 7, 6, 5)
                    if not x
                    else (m.number(1, 7, 5, 6) if y else m.number(1, 7, 6, 5))
                )
                m.add(
                    "BATCH_MATMUL",
                    [m.value, other],
                    (1, 7, 3, 5),
                    "BatchMatMulOptions",
                    adjX=x,
                    adjY=y,
                )

            shape = (1, 7, 6, 3) if x else (1, 7, 3, 6)
            case(f"BATCH_MATMUL {x} {y}", product, FLOAT, shape)


def _elementwise() -> None:
    for name in ("ADD", "SUB", "MUL", "DIV"):
        table = f"{name.title()}Options"
        dtypes = BOTH if name != "DIV" else FLOAT
        for activation in (0, 1, 2, 3):
            case(
                f"{name} stored activation {activation}",
                lambda m, n=name, t=table, a=activation: m.add(
                    n, [m.value, m.number(3, low=0.3)], m.shape, t, fusedActivationFunction=a
                ),
                dtypes,
            )
        case(
            f"{name} swapped",
            lambda m, n=name, t=table: m.add(n, [m.number(1, 7, 6, 3), m.value], m.shape, t),
            FLOAT if name == "DIV" else dtypes,
        )
        case(
            f"{name} scalar",
            lambda m, n=name, t=table: m.add(n, [m.value, m.number(low=0.4)], m.shape, t),
            dtypes,
        )

    def itself(m):
        first = m.value
        m.add(
            "MAX_POOL_2D",
            [first],
            m.shape,
            "Pool2DOptions",
            strideW=1,
            strideH=1,
            filterWidth=3,
            filterHeight=3,
        )
        m.add("ADD", [first, m.value], m.shape, "AddOptions")

    case("ADD of two results", itself)
    for name, table in (
        ("MAXIMUM", "MaximumMinimumOptions"),
        ("MINIMUM", "MaximumMinimumOptions"),
        ("SQUARED_DIFFERENCE", "SquaredDifferenceOptions"),
    ):
        case(
            name,
            lambda m, n=name, t=table: m.add(n, [m.value, m.number(3)], m.shape, t),
            FLOAT if name.startswith("SQ") else BOTH,
        )

    def positive(m, name, table, more=()):
        m.add("ABS", [m.value], m.shape, "AbsOptions")
        m.add("ADD", [m.value, m.number(low=0.4)], m.shape, "AddOptions")
        m.add(name, [m.value, *(make(m) for make in more)], m.shape, table)

    for name, table in (("LOG", None), ("SQRT", None), ("RSQRT", None)):
        case(name, lambda m, n=name, t=table: positive(m, n, t), FLOAT)
    case("POW", lambda m: positive(m, "POW", "PowOptions", [lambda m: m.number(low=1.5, high=2.5)]), FLOAT)
    plain = {
        "RELU": None,
        "RELU6": None,
        "LOGISTIC": None,
        "TANH": None,
        "HARD_SWISH": "HardSwishOptions",
    }
    for name, table in plain.items():
        result = {}
        case(
            name,
            lambda m, n=name, t=table, r=result: m.add(n, [m.value], m.shape, t, result=_fixed(n, m.dtype)),
        )
    floating = {
        "RELU_0_TO_1": None,
        "ELU": None,
        "EXP": "ExpOptions",
        "SQUARE": "SquareOptions",
        "ABS": "AbsOptions",
        "NEG": "NegOptions",
        "SIN": None,
        "COS": "CosOptions",
        "FLOOR": None,
        "CEIL": None,
        "LOG_SOFTMAX": "LogSoftmaxOptions",
    }
    for name, table in floating.items():
        case(name, lambda m, n=name, t=table: m.add(n, [m.value], m.shape, t), FLOAT)
    for beta in (1.0, 0.5):
        case(
            f"SOFTMAX {beta}",
            lambda m, b=beta: m.add(
                "SOFTMAX", [m.value], m.shape, "SoftmaxOptions", beta=b, result=_fixed("SOFTMAX", m.dtype)
            ),
            BOTH,
            (1, 6),
        )
    for alpha in (0.1, 0.3):
        case(
            f"LEAKY_RELU {alpha}",
            lambda m, a=alpha: m.add("LEAKY_RELU", [m.value], m.shape, "LeakyReluOptions", alpha=a),
        )
    for approximate in (False, True):
        case(
            f"GELU {approximate}",
            lambda m, a=approximate: m.add("GELU", [m.value], m.shape, "GeluOptions", approximate=a),
            FLOAT,
        )
    case("PRELU", lambda m: m.add("PRELU", [m.value, m.number(1, 1, 3)], m.shape), FLOAT)
    case("PRELU everywhere", lambda m: m.add("PRELU", [m.value, m.number(7, 6, 3)], m.shape), FLOAT)
    case("L2_NORMALIZATION", lambda m: m.add("L2_NORMALIZATION", [m.value], m.shape, "L2NormOptions"), FLOAT)


def _fixed(name: str, dtype: str) -> dict[str, Any]:
    """The scales that TensorFlow Lite wants of functions whose range is known."""
    lowest = {"int8": -128, "uint8": 0}.get(dtype, 0)
    if name in {"LOGISTIC", "SOFTMAX"}:
        return {"scale": 1 / 256, "zero": lowest}
    return {"scale": 1 / 128, "zero": lowest + 128} if name == "TANH" else {}


_convolutions()
_pools()
_dense()
_elementwise()


def build(name: str, dtype: str) -> Net:
    """Build the network of a case."""
    shape, make, _dtypes = CASES[name]
    maker = Maker(shape, dtype)
    make(maker)
    return maker.finish()
