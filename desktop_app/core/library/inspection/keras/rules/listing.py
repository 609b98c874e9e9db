"""The list of the layers that a model from elsewhere may have, and how one is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.rules import (
    convolution,
    elementwise,
    merging,
    normalization,
    recurrent,
    shaping,
)

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.keras.network.rule import Rule

_LAYERS: dict[str, Rule] = {
    **elementwise.RULES,
    **convolution.RULES,
    **normalization.RULES,
    **recurrent.RULES,
    **shaping.RULES,
    **merging.RULES,
}
_BY_PLACE: dict[tuple[str, str], Rule] = {
    **{(rule.module, name): rule for name, rule in _LAYERS.items()},
    **{(rule.module, name): rule for name, rule in merging.ARITHMETIC.items()},
}


def find_rule(module: object, class_name: object) -> Rule:
    """Look up a layer class by where Keras would import it from.

    Raises:
        ModelError: It is not on the list.
    """
    rule = None
    if isinstance(module, str) and isinstance(class_name, str):
        rule = _BY_PLACE.get((module, class_name))
    if rule is None:
        refuse(
            f"it contains {short(class_name)} of {short(module)}, which is not on Sightline's list of layers"
        )
    return rule
