"""Names that TensorFlow can take for a model's layers, in a ``.keras`` file that has other ones.

Keras allows any name without a slash; TensorFlow refuses names with a space or an accent as soon as a
function is compiled. Weights do not depend on them: Keras stores those by the layers' classes and order.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACCEPTED = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\->]*")
"""The names that TensorFlow takes for a scope; the slash would mean a scope within a scope."""


def with_usable_names(document: dict[str, Any]) -> dict[str, Any]:
    """Replace names in a checked configuration that TensorFlow cannot take; nothing else changes.

    Args:
        document: The configuration.

    Returns:
        The same object where there were none, else a copy.
    """
    new = _new_names(set(_names(document)))
    return _renamed(document, new) if new else document


def _names(value: Any) -> Iterator[str]:
    """Names of all models, layers and layers within layers in a configuration."""
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    elif isinstance(value, dict):
        config = value.get("config")
        if "class_name" in value and isinstance(config, dict) and isinstance(config.get("name"), str):
            yield config["name"]
        for key, each in value.items():
            if key != "compile_config":
                yield from _names(each)


def _new_names(names: set[str]) -> dict[str, str]:
    """Pair each name that TensorFlow refuses with one that nothing else has."""
    taken = {name for name in names if _ACCEPTED.fullmatch(name)}
    new = {}
    for name in sorted(names - taken):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^A-Za-z0-9_.\->]+", "_", plain).lstrip("_->") or "layer"
        candidate, number = plain, 2
        while candidate in taken:
            candidate, number = f"{plain}_{number}", number + 1
        taken.add(candidate)
        new[name] = candidate
    return new


def _renamed(value: Any, new: dict[str, str]) -> Any:
    """Copy a configuration with other names: where things are named, and where they are referred to."""
    if isinstance(value, dict):
        return {
            key: new.get(each, each)
            if key == "name" and isinstance(each, str)
            else each
            if key == "compile_config"
            else _renamed(each, new)
            for key, each in value.items()
        }
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str) and isinstance(value[1], int):
            return [new.get(value[0], value[0]), *value[1:]]  # a result: layer, call, number
        return [_renamed(each, new) for each in value]
    return value
