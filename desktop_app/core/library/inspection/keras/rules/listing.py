"""The list of the layers that a model from elsewhere may have, and how one is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import ADVICE, refuse, short, to_the_maker
from desktop_app.core.library.inspection.keras.network.records import OWN_ADVICE
from desktop_app.core.library.inspection.keras.rules import (
    attention,
    augmentation,
    convolution,
    einsum,
    elementwise,
    merging,
    normalization,
    operations,
    pooling,
    recurrent,
    shape_operations,
    shaping,
    wrapping,
)
from desktop_app.core.library.inspection.keras.rules.operations import OPERATIONS

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.keras.network.rule import Rule

__all__ = ["OPERATIONS", "advice_for", "find_rule", "function_names", "layer_names"]

_LAYERS: dict[str, Rule] = {
    **elementwise.RULES,
    **augmentation.RULES,
    **convolution.RULES,
    **pooling.RULES,
    **einsum.RULES,
    **attention.RULES,
    **normalization.RULES,
    **recurrent.RULES,
    **wrapping.RULES,
    **shaping.RULES,
    **merging.RULES,
}
_BY_PLACE: dict[tuple[str, str], Rule] = {
    **{(rule.module, name): rule for name, rule in _LAYERS.items()},
    **operations.RULES,
    **shape_operations.RULES,
}


def layer_names() -> frozenset[str]:
    """Names of the layers of `keras.layers` on the list."""
    return frozenset(name for name, rule in _LAYERS.items() if rule.module == "keras.layers")


def function_names() -> frozenset[tuple[str, str]]:
    """Modules and class names of the functions of `keras.ops` on the list."""
    return frozenset({*operations.RULES, *shape_operations.RULES})


def find_rule(module: object, class_name: object) -> Rule:
    """Look up a layer class by where Keras would import it from.

    Raises:
        ModelError: It is not on the list.
    """
    rule = None
    if isinstance(module, str) and isinstance(class_name, str):
        rule = _BY_PLACE.get((module, class_name))
    if rule is None:
        if isinstance(module, str) and module.startswith(OPERATIONS):
            what = f"the function {short(class_name)} of {short(module)}"
            listed = "functions"
        else:
            what, listed = f"{short(class_name)} of {short(module)}", "layers"
        refuse(
            f"it contains {what}, which is not on Sightline's list of {listed}",
            advice_for(module, class_name),
        )
    return rule


def advice_for(module: object, class_name: object) -> str:
    """What to do about a layer that is not on the list, for its maker first.

    Args:
        module: Module of its class, as the file has it.
        class_name: Name of its class.
    """
    if str(module).partition(".")[0] != "keras":
        return OWN_ADVICE
    instead = _INSTEAD.get(str(class_name))
    if instead is None and str(class_name) in _THREE_AXES:
        instead = "build it for pictures, with the layers whose names end in 2D"
    if instead is None:
        return ADVICE
    return to_the_maker(f"{instead}, and save it again")


_TABLE = "use it on the data before the network: it is for words and tables"
_INSTEAD: dict[str, str] = {
    "Lambda": (
        "put a stock layer in the place of Lambda (Rescaling for x / 255, Resizing, Reshape, Activation), or "
        "call keras.ops on the result directly, as in keras.ops.mean(x, axis=(1, 2))"
    ),
    **dict.fromkeys(("Masking", "NotEqual", "Any"), "leave out Masking: no steps of a picture are missing"),
    "Equalization": "use Equalization on the data before the network",
    "ContrastLimitedAdaptiveHistogramEqualization": "use it on the data before the network",
    "RNN": "use LSTM, GRU or SimpleRNN in its place",
    **dict.fromkeys(
        (
            "CategoryEncoding", "Discretization", "HashedCrossing", "Hashing", "IntegerLookup",
            "StringLookup", "TextVectorization",
        ),
        _TABLE,
    ),
}  # fmt: skip
_THREE_AXES = {
    f"{kind}3D{end}"
    for kind in (
        "Conv", "MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling", "UpSampling",
        "ZeroPadding", "Cropping", "SpatialDropout", "AdaptiveAveragePooling", "AdaptiveMaxPooling",
    )
    for end in ("", "Transpose")
} | {f"ConvLSTM{axes}D" for axes in (1, 2, 3)}  # fmt: skip
