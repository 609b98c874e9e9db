"""What a model file says about its training: names of loss and metrics, read as text and never built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 60
_MOST = 20
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The names of loss and metrics as Keras writes functions: ``binary_crossentropy``.

    Attributes:
        loss: The loss; empty where the file names none, or one of its own.
        metrics: The metrics.
    """

    loss: str = ""
    metrics: tuple[str, ...] = ()


def training_settings(document: dict[str, Any]) -> TrainingSettings:
    """Read the settings that a model was compiled with; whatever is not plain text is left out."""
    compiled = document.get("compile_config")
    if not isinstance(compiled, dict):
        return TrainingSettings()
    losses = _names(compiled.get("loss"))
    metrics = _names(compiled.get("metrics")) + _names(compiled.get("weighted_metrics"))
    return TrainingSettings(losses[0] if losses else "", tuple(metrics[:_MOST]))


def _names(value: Any, depth: int = 0) -> list[str]:
    """List the names in a value: a name, a description of an object, or a list or mapping of these."""
    if isinstance(value, str):
        return [_snake(value)] if 0 < len(value) <= _LONGEST else []
    if isinstance(value, dict) and value.get("class_name") is not None:
        value = [value.get("config") if value["class_name"] == "function" else value["class_name"]]
    parts = list(value.values()) if isinstance(value, dict) else value
    if depth > _DEEPEST or not isinstance(parts, list):
        return []
    return [name for each in parts[:_MOST] for name in _names(each, depth + 1)]


def _snake(name: str) -> str:
    return _SHORT.get(snake := _WORDS.sub("_", name).lower(), snake)


_SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
}
