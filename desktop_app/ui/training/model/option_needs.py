"""Which hyper-parameters have no effect beside the values of others, and why."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.option import Value

_WITHOUT_MOMENTUM = {"adam": "Adam", "adamw": "AdamW"}
_RESHAPING = ("rotation", "zoom", "shear")
_HIDDEN = ("units", "dropout")
_CHANGES = tuple(field.name for field in fields(AugmentationSettings))


def idle_reasons(values: Mapping[str, Value]) -> dict[str, str]:
    """Say for each setting that has no effect beside the others why, as a sentence.

    Args:
        values: Values of the settings that a recipe uses, by key.
    """
    reasons = {}
    optimizer = _WITHOUT_MOMENTUM.get(str(values.get("optimizer")))
    if optimizer is not None:
        reasons["momentum"] = f"{optimizer} does not use it: choose SGD or RMSprop as the optimiser."
    if not values.get("fine_tune_epochs", 1):
        reasons |= dict.fromkeys(("fine_tune_learning_rate", "fine_tune_below"), "Fine-tuning is off.")
    if not any(values.get(key) for key in _RESHAPING):
        reasons["reshaped"] = "Nothing is rotated, zoomed or sheared."
    if values.get("head") == "linear":
        reasons |= dict.fromkeys(_HIDDEN, "A linear head has no hidden layer.")
    if not values.get("copies", 1) and not values.get("fine_tune_epochs"):
        reasons |= dict.fromkeys(_CHANGES, "There are no changed copies and no fine-tuning.")
    return {key: reason for key, reason in reasons.items() if key in values}
