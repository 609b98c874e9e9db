"""Making pictures larger or smaller within a network."""

from __future__ import annotations

import math

from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged
from desktop_app.core.library.inspection.onnx.operators.call import Call, Value, operator

_POSITIONS = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")
_ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")


@operator("Upsample")
def upsample(call: Call) -> list[Value]:
    """The operator before Resize, until opset 9."""
    if call.opset > 9:
        call.refuse("is no longer an operator of this opset")
    value = call.input(0)
    call.word("mode", "nearest", ("nearest", "linear"))
    if call.opset < 9:
        scales = call.attribute("scales", list, [])
    else:
        scales = [float(number) for number in call.numbers(1).reshape(-1)]
    return [call.result(_scaled(call, value, [float(each) for each in scales]))]


@operator("Resize")
def resize(call: Call) -> list[Value]:
    """Height and width, to a size or by a factor."""
    value = call.input(0)
    mode = call.word("mode", "nearest", ("nearest", "linear", "cubic"))
    if call.opset < 11:
        return [call.result(_scaled(call, value, [float(each) for each in call.numbers(1).reshape(-1)]))]
    if call.whole("antialias", 0):
        call.differs("antialias")
    if call.whole("exclude_outside", 0) and mode == "cubic":
        call.differs("exclude_outside")
    call.word("keep_aspect_ratio_policy", "stretch", ("stretch",))
    call.number("extrapolation_value", 0.0)
    call.number("cubic_coeff_a", -0.75)
    call.word("coordinate_transformation_mode", "half_pixel", _POSITIONS)
    call.word("nearest_mode", "round_prefer_floor", _ROUNDINGS)
    if call.whole_list("axes") is not None:
        call.refuse("names axes")
    call.optional(1)
    scales = call.optional(2)
    factors = (
        [] if scales is None or not scales.count else [float(each) for each in call.numbers(2).reshape(-1)]
    )
    if factors:
        return [call.result(_scaled(call, value, factors))]
    sizes = call.ints(3)
    if len(sizes) != value.rank or value.rank != 4 or sizes[:2] != list(value.shape[:2]):
        _other_axes(call)
    found = call.result(sizes)
    call.operations = 16 * found.count if mode == "cubic" else 4 * found.count
    return [found]


def _scaled(call: Call, value: Value, factors: list[float]) -> list[int]:
    """Sizes by factors; of the last two axes only."""
    if len(factors) != value.rank or value.rank != 4 or factors[:2] != [1.0, 1.0]:
        _other_axes(call)
    if any(not math.isfinite(factor) or not 0 < factor <= 4096 for factor in factors):
        refuse_damaged("a factor in it is impossible")
    return [math.floor(side * factor) for side, factor in zip(value.shape, factors, strict=True)]


def _other_axes(call: Call) -> None:
    call.refuse(
        "resizes other axes than height and width behind the channels, which OpenVINO computes in another "
        "way than ONNX says",
        "Export the network with the channels before height and width.",
    )
