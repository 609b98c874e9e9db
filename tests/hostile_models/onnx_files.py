"""ONNX files that look as if they tried to reach other files, to run code or to exhaust the machine.

They are as harmless as the others: `tests.hostile_models` says why. They are written byte by byte, since no
library writes most of them.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.hostile_models.cases import NO_FILE, NOWHERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONNX_CASES: dict[str, Callable[[Path], None]] = {}


def case(function: Callable[[Path], None]) -> Callable[[Path], None]:
    """Register a case under its function's name."""
    ONNX_CASES[function.__name__] = function
    return function


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def number(key: int, value: int) -> bytes:
    return varint(key << 3) + varint(value)


def message(key: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return varint(key << 3 | 2) + varint(len(content)) + content


def text(key: int, value: str) -> bytes:
    return message(key, value.encode())


def tensor(name: str, shape: list[int], content: bytes, kind: int = 1, *more: bytes, key: int = 5) -> bytes:
    sides = [number(1, side) for side in shape]
    return message(key, *sides, number(2, kind), text(8, name), message(9, content), *more)


def floats(*values: float) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def wholes(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}q", *values)


def operator(kind: str, inputs: list[str], outputs: list[str], *more: bytes) -> bytes:
    parts = [text(1, name) for name in inputs] + [text(2, name) for name in outputs]
    return message(1, *parts, text(3, f"the_{kind}"), text(4, kind), *more)


def ints(name: str, *values: int) -> bytes:
    return message(5, text(1, name), *(number(8, value) for value in values), number(20, 7))


def whole(name: str, value: int) -> bytes:
    return message(5, text(1, name), number(3, value), number(20, 2))


def port(key: int, name: str, shape: list[int | None], kind: int = 1) -> bytes:
    sides = [message(1, number(1, side) if side is not None else text(2, "n")) for side in shape]
    return message(key, text(1, name), message(2, message(1, number(1, kind), message(2, *sides))))


PICTURE = port(11, "x", [None, 3, 8, 8])
SCORES = port(12, "y", [None, 4])
WEIGHTS = tensor("w", [192, 4], bytes(192 * 4 * 4))
HONEST = (operator("Flatten", ["x"], ["f"]), operator("MatMul", ["f", "w"], ["y"]), WEIGHTS, PICTURE, SCORES)


def model(*graph: bytes, more: bytes = b"", opset: int = 17) -> bytes:
    return number(1, 8) + message(7, *graph) + message(8, text(1, ""), number(2, opset)) + more


def write_honest(path: Path) -> Path:
    """Write a network that nothing is wrong with: 4 classes, pictures of 8 x 8."""
    path.write_bytes(model(*HONEST))
    return path


def instead(*graph: bytes) -> bytes:
    """A network with something in the place of its weights and operators."""
    return model(*graph, PICTURE, SCORES)


# What would reach other files


def _external(path: Path, place: str) -> None:
    entry = message(13, text(1, "location"), text(2, place))
    outside = message(5, number(1, 192), number(1, 4), number(2, 1), text(8, "w"), entry, number(14, 1))
    path.write_bytes(model(*HONEST[:2], outside, PICTURE, SCORES))


@case
def weights_in_another_file(path):
    _external(path, f"../{NO_FILE}")


@case
def weights_at_an_absolute_place(path):
    _external(path, f"/{NO_FILE}")


@case
def weights_elsewhere_without_saying_so(path):
    entry = message(13, text(1, "location"), text(2, NO_FILE))
    path.write_bytes(model(*HONEST[:2], tensor("w", [192, 4], bytes(3072), 1, entry), PICTURE, SCORES))


@case
def constant_in_another_file(path):
    entry = message(13, text(1, "location"), text(2, NO_FILE))
    value = message(5, number(1, 4), number(2, 1), entry, number(14, 1))
    constant = operator("Constant", [], ["c"], message(5, text(1, "value"), value, number(20, 4)))
    path.write_bytes(model(*HONEST, constant))


# What would run something else


@case
def operator_of_another_domain(path):
    path.write_bytes(instead(operator("Run", ["x"], ["y"], text(7, NOWHERE))))


@case
def operator_of_onnx_runtime(path):
    path.write_bytes(instead(operator("FusedMatMul", ["x", "w"], ["y"], text(7, "com.microsoft")), WEIGHTS))


@case
def python_operator(path):
    path.write_bytes(instead(operator("PyOp", ["x"], ["y"], text(7, "pyopmulti_1"))))


@case
def operator_that_is_not_listed(path):
    path.write_bytes(instead(operator("StringNormalizer", ["x"], ["y"])))


@case
def function_of_its_own(path):
    function = message(25, text(1, "Flatten"), text(4, "x"), text(5, "y"))
    path.write_bytes(model(*HONEST, more=function))


@case
def training_in_the_file(path):
    path.write_bytes(model(*HONEST, more=message(20, message(1, b""))))


@case
def condition_with_networks(path):
    branch = message(5, text(1, "then_branch"), message(6, b""), number(20, 5))
    path.write_bytes(instead(operator("If", ["x"], ["y"], branch)))


@case
def loop_without_end(path):
    body = message(5, text(1, "body"), message(6, b""), number(20, 5))
    path.write_bytes(instead(operator("Loop", ["", "", "x"], ["y"], body)))


@case
def operator_with_an_unknown_attribute(path):
    flatten = operator("Flatten", ["x"], ["f"], whole("library", 1))
    path.write_bytes(model(flatten, *HONEST[1:]))


@case
def reference_to_an_attribute(path):
    reference = message(5, text(1, "axis"), text(21, "of_a_function"), number(20, 2))
    path.write_bytes(model(operator("Flatten", ["x"], ["f"], reference), *HONEST[1:]))


# What would exhaust memory or time


@case
def enlargement(path):
    more = tensor("s", [4], wholes(1, 3, 60_000, 60_000), 7)
    means = operator("GlobalAveragePool", ["x"], ["m"])
    path.write_bytes(instead(means, operator("Expand", ["m", "s"], ["y"]), more))


@case
def enlargement_of_what_is_fixed(path):
    made = operator("ConstantOfShape", ["s"], ["c"]), operator("ReduceSum", ["c"], ["d"])
    sides = tensor("s", [3], wholes(2**20, 2**20, 8), 7)
    path.write_bytes(
        model(*made, *HONEST[:4], sides, operator("Add", ["y", "d"], ["z"]), port(12, "z", [None, 4]))
    )


@case
def wide_rim(path):
    pads = tensor("p", [8], wholes(0, 0, 2**31, 2**31, 0, 0, 0, 0), 7)
    path.write_bytes(instead(operator("Pad", ["x", "p"], ["y"]), pads))


@case
def many_copies(path):
    times = tensor("t", [4], wholes(1, 2**20, 2**20, 1), 7)
    path.write_bytes(instead(operator("Tile", ["x", "t"], ["y"]), times))


@case
def great_factor(path):
    scales = tensor("s", [4], floats(1, 1, 4000, 4000))
    path.write_bytes(instead(operator("Resize", ["x", "", "s"], ["y"]), scales))


@case
def wide_outer_product(path):
    grow = [operator("MatMul", [f"v{i}", f"t{i}"], [f"v{i + 1}"]) for i in range(4)]
    turned = [operator("Transpose", [f"v{i}"], [f"t{i}"], ints("perm", 0, 1, 3, 2)) for i in range(4)]
    column = operator("Reshape", ["x", "s"], ["v0"])
    nodes = [column] + [each for pair in zip(turned, grow, strict=True) for each in pair]
    wide = operator("Expand", ["v4", "e"], ["y"])
    sides = tensor("s", [4], wholes(1, 1, 192, 1), 7), tensor("e", [4], wholes(512, 512, 192, 192), 7)
    path.write_bytes(instead(*nodes, wide, *sides))


@case
def long_computing(path):
    weights = tensor("w", [64, 64], bytes(64 * 64 * 4))
    start = operator("Reshape", ["x", "s"], ["v0"])
    steps = [operator("MatMul", [f"v{i}", "w"], [f"v{i + 1}"]) for i in range(300)]
    shape = tensor("s", [2], wholes(3, 64), 7)
    path.write_bytes(instead(start, *steps, operator("ReduceMean", ["v300"], ["y"]), weights, shape))


@case
def results_that_are_needed_together(path):
    made = [operator("Exp", ["x"], [f"e{i}"]) for i in range(120)]
    joined = operator("Concat", [f"e{i}" for i in range(120)], ["y"], whole("axis", 1))
    path.write_bytes(instead(*made, joined))


@case
def too_many_operators(path):
    steps = [operator("Relu", ["x" if i == 0 else f"v{i}"], [f"v{i + 1}"]) for i in range(320)]
    path.write_bytes(model(*steps, PICTURE, port(12, "v320", [None, 4])))


@case
def too_many_parts(path):
    path.write_bytes(model(*HONEST, more=number(5, 1) * 20_000))


@case
def too_many_weights(path):
    path.write_bytes(model(*HONEST, *(tensor(f"w{i}", [1], floats(0)) for i in range(250))))


@case
def numbers_one_by_one(path):
    loose = message(5, number(1, 20_000), number(2, 7), text(8, "l"), message(7, varint(1) * 20_000))
    path.write_bytes(model(*HONEST, loose))


@case
def long_sequence(path):
    weights = tensor("a", [1, 4, 3], bytes(48)), tensor("b", [1, 4, 4], bytes(64))
    rows = operator("Reshape", ["x", "s"], ["r"])
    layer = operator("RNN", ["r", "a", "b"], ["y"], whole("hidden_size", 4))
    path.write_bytes(instead(rows, layer, *weights, tensor("s", [3], wholes(64, 1, 3), 7)))


@case
def large_file(path):
    path.write_bytes(model(*HONEST, tensor("z", [60_000], bytes(240_000))))


@case
def large_picture(path):
    path.write_bytes(model(*HONEST[:3], port(11, "x", [1, 3, 100_000, 100_000]), SCORES))


@case
def shape_beyond_all_numbers(path):
    path.write_bytes(model(*HONEST[:2], tensor("w", [2**31, 2**31, 2**31], b""), PICTURE, SCORES))


@case
def long_name(path):
    path.write_bytes(model(operator("Flatten", ["x" * 5000], ["f"]), *HONEST[1:]))


@case
def counting_without_end(path):
    bounds = [tensor(name, [], wholes(value), 7) for name, value in (("a", 0), ("b", 2**40), ("c", 1))]
    counted = operator("Range", ["a", "b", "c"], ["s"])
    path.write_bytes(instead(counted, operator("Reshape", ["x", "s"], ["y"]), *bounds))


# What is no network, or not this one


@case
def claims_more_than_there_is(path):
    data = model(*HONEST)
    path.write_bytes(data[:2] + b"\x3a" + varint(2**40) + data[10:])


@case
def truncated(path):
    path.write_bytes(model(*HONEST)[:-400])


@case
def number_without_end(path):
    path.write_bytes(b"\x08" + b"\xff" * 30)


@case
def groups_of_old(path):
    path.write_bytes(number(1, 8) + b"\x3b" + b"\x3b" * 5000)


@case
def empty(path):
    path.write_bytes(b"")


@case
def two_networks(path):
    path.write_bytes(model(*HONEST, more=message(7, *HONEST)))


@case
def weights_twice(path):
    path.write_bytes(model(*HONEST, WEIGHTS))


@case
def weights_too_few(path):
    path.write_bytes(model(*HONEST[:2], tensor("w", [192, 4], bytes(100)), PICTURE, SCORES))


@case
def weights_given_in_two_ways(path):
    path.write_bytes(
        model(*HONEST[:2], tensor("w", [192, 4], bytes(3072), 1, message(4, floats(1))), PICTURE, SCORES)
    )


@case
def weights_that_are_no_numbers(path):
    damaged = bytes(3068) + floats(float("nan"))
    path.write_bytes(model(*HONEST[:2], tensor("w", [192, 4], damaged), PICTURE, SCORES))


@case
def weights_beyond_all_numbers(path):
    path.write_bytes(
        model(*HONEST[:2], tensor("w", [192, 4], floats(float("inf")) + bytes(3068)), PICTURE, SCORES)
    )


@case
def result_before_its_operator(path):
    path.write_bytes(model(HONEST[1], HONEST[0], *HONEST[2:]))


@case
def operator_that_needs_itself(path):
    path.write_bytes(instead(operator("Add", ["x", "y"], ["y"])))


@case
def result_under_the_name_of_the_picture(path):
    path.write_bytes(model(operator("Relu", ["x"], ["x"]), *HONEST))


@case
def weights_under_the_name_of_a_result(path):
    path.write_bytes(model(*HONEST, tensor("f", [192], bytes(768))))


@case
def index_beyond_the_end(path):
    far = tensor("i", [1], wholes(2**40), 7)
    path.write_bytes(instead(operator("Gather", ["x", "i"], ["y"], whole("axis", 1)), far))


@case
def axis_that_there_is_not(path):
    path.write_bytes(instead(operator("Softmax", ["x"], ["y"], whole("axis", 99))))


@case
def shape_that_does_not_fit(path):
    path.write_bytes(instead(operator("Reshape", ["x", "s"], ["y"]), tensor("s", [2], wholes(1, 2**40), 7)))


@case
def division_by_nothing(path):
    parts = tensor("a", [1], wholes(1), 7), tensor("b", [1], wholes(0), 7)
    quotient = operator("Div", ["a", "b"], ["s"])
    path.write_bytes(instead(quotient, operator("Reshape", ["x", "s"], ["y"]), *parts))


@case
def second_input(path):
    mixed = operator("Add", ["f", "more"], ["g"]), operator("MatMul", ["g", "w"], ["y"])
    path.write_bytes(model(HONEST[0], *mixed, *HONEST[2:], port(11, "more", [192])))


@case
def answer_without_the_picture(path):
    path.write_bytes(model(operator("Relu", ["c"], ["y"]), tensor("c", [1, 4], bytes(16)), PICTURE, SCORES))


@case
def half_precision(path):
    half = tensor("w", [192, 4], bytes(1536), 10)
    path.write_bytes(model(*HONEST[:2], half, PICTURE, SCORES))


@case
def operators_of_the_future(path):
    path.write_bytes(model(*HONEST, opset=99))
