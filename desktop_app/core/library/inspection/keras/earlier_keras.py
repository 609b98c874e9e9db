"""Model files of Keras 2, which look like those of Keras 3 and which Keras 3 cannot read."""

from __future__ import annotations

import re
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse

_VERSION = re.compile(r"2\.\d{1,3}(\.\d{1,3})?\S{0,12}")
_MODULES = ("keras.src.engine", "keras.engine", "tensorflow.python.keras", "tf_keras")
_ADVICE = "Import it in Sightline, which translates such files first, or save it again with Keras 3."


def refuse_keras_2(metadata: dict[str, Any], document: dict[str, Any]) -> None:
    """Say of a file of Keras 2 what it is, where one of Keras 3 has to be.

    Args:
        metadata: What the file says about itself.
        document: Its configuration.

    Raises:
        ModelError: It is such a file.
    """
    version = keras_2_version(metadata, document)
    if version is not None:
        refuse(f"it was saved by Keras {version or 2} and has not been translated for Keras 3", _ADVICE)


def keras_2_version(metadata: dict[str, Any], document: dict[str, Any]) -> str | None:
    """Version of Keras 2 that wrote a file.

    Args:
        metadata: What the file says about itself.
        document: Its configuration.

    Returns:
        The version, such as ``2.15.0``; empty where only its layers tell; None for another Keras.
    """
    version = metadata.get("keras_version")
    if isinstance(version, str) and _VERSION.fullmatch(version):
        return version
    return "" if _made_by_keras_2(document) else None


def _made_by_keras_2(document: dict[str, Any]) -> bool:
    """Whether a model or one of its layers is described as only Keras 2 does."""
    waiting: list[Any] = [document]
    while waiting:
        record = waiting.pop()
        if not isinstance(record, dict):
            continue
        module, config = record.get("module"), record.get("config")
        if isinstance(module, str) and module.startswith(_MODULES):
            return True
        if isinstance(config, dict):
            if record.get("class_name") == "InputLayer" and "batch_input_shape" in config:
                return True
            if isinstance(layers := config.get("layers"), list):
                waiting += layers
    return False
