"""Layers around another layer: the same one for every step of a sequence, or with bounded weights."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.limits import MAX_STEPS
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.network.fields import integer
from desktop_app.core.library.inspection.keras.network.graph import expect_all
from desktop_app.core.library.inspection.keras.network.records import (
    built_for,
    check_keys,
    check_record,
    class_path,
)
from desktop_app.core.library.inspection.keras.network.rule import Config, Effect, Rule, Shape
from desktop_app.core.library.inspection.keras.rules import (
    convolution,
    elementwise,
    normalization,
    pooling,
    recurrent,
    shaping,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desktop_app.core.library.inspection.keras.network.fields import Check

_WRAPPED_KEYS = ("module", "class_name", "config", "registered_name", "build_config", "shared_object_id")
_STEPPED: Mapping[str, Rule] = {
    name: rule
    for rules in (
        convolution.RULES, elementwise.RULES, normalization.RULES, pooling.RULES, recurrent.RULES,
        shaping.RULES,
    )
    for name, rule in rules.items()
    if rule.module == "keras.layers" and not rule.several_inputs
}  # fmt: skip
_BOUNDED: Mapping[str, Rule] = {
    name: rule
    for name, rule in convolution.RULES.items()
    if not name.startswith(("Separable", "Depthwise")) and not name.endswith("Transpose")
}
"""Layers with one kernel whose columns are its filters."""


def _inner(rules: Mapping[str, Rule]) -> Check:
    """The record of one of these layers inside another one."""

    def check(record: Any, where: str) -> None:
        check_record(record)
        module, name = class_path(record)
        if module != "keras.layers" or name not in rules:
            refuse(
                f"{where} contains {short(name)} of {short(module)}, which is not on Sightline's list for it"
            )
        check_keys(record, _WRAPPED_KEYS, where)
        rules[name].check(record["config"], where)

    return check


def _effect(
    rules: Mapping[str, Rule], record: Mapping[str, Any], inputs: Sequence[Shape]
) -> tuple[Effect, Rule]:
    expect_all(built_for(dict(record)), inputs, str(record["config"].get("name")))
    rule = rules[record["class_name"]]
    return rule.effect(record["config"], inputs), rule


def _stepwise(config: Config, inputs: Sequence[Shape]) -> Effect:
    if len(inputs[0]) < 2:
        refuse("a TimeDistributed layer gets something that is not a sequence")
    steps, *rest = inputs[0]
    if steps > MAX_STEPS:
        refuse("a TimeDistributed layer gets a sequence that is too long")
    effect, rule = _effect(_STEPPED, config["layer"], [tuple(rest)])
    return dataclasses.replace(
        effect,
        output=(steps, *effect.output),
        # Keras puts the steps in front, and holds what each step gives.
        scratch=steps * (math.prod(rest) + 2 * math.prod(effect.output) + effect.scratch),
        operations=steps * rule.operations(effect),
    )


def _bounded(config: Config, inputs: Sequence[Shape]) -> Effect:
    """The layer stores its bounded kernel, the wrapper the same once more and a vector beside it."""
    effect, rule = _effect(_BOUNDED, config["layer"], inputs)
    if (
        isinstance(config["layer"]["config"].get("dtype"), dict)
        and config["layer"]["config"]["dtype"].get("module") == "keras.dtype_policies"
    ):
        refuse("a SpectralNormalization layer has a quantized kernel")
    kernel = effect.weights[0]
    return dataclasses.replace(
        effect,
        weights=(*effect.weights, kernel, (1, kernel[-1])),
        operations=rule.operations(effect),
    )


def _wrapper(
    effect: Callable[[Config, Sequence[Shape]], Effect], rules: Mapping[str, Rule], **fields: Check
) -> Rule:
    return Rule(effect, {"layer": _inner(rules), **fields}, learns=True, counts_itself=True)


RULES: Mapping[str, Rule] = {
    "TimeDistributed": _wrapper(_stepwise, _STEPPED),
    "SpectralNormalization": _wrapper(_bounded, _BOUNDED, power_iterations=integer(1, 1024)),
}
