"""Model files of Keras 2, which look like those of Keras 3 and which Keras 3 cannot read."""

from __future__ import annotations

import re
from typing import Any

from desktop_app.core.library.inspection.containers.refusal import refuse

_VERSION = re.compile(r"2\.\d{1,3}(\.\d{1,3})?\S{0,12}")
_MODULES = ("keras.src.engine", "keras.engine", "tensorflow.python.keras", "tf_keras")
_ADVICE = (
    "Build the same network in Keras 3 (TensorFlow 2.16 or later), load into it what Keras 2 writes with "
    "model.save_weights('NAME.h5'), and save it with model.save('NAME.keras'); or train it again there."
)


def refuse_keras_2(metadata: dict[str, Any], document: dict[str, Any]) -> None:
    """Say of a file of Keras 2 what it is.

    Args:
        metadata: What the file says about itself.
        document: Its configuration.

    Raises:
        ModelError: It is such a file.
    """
    version = metadata.get("keras_version")
    named = isinstance(version, str) and _VERSION.fullmatch(version)
    if named or _made_by_keras_2(document):
        which = f"Keras {version}" if named else "Keras 2"
        refuse(f"it was saved by {which}, whose .keras files Keras 3 cannot read", _ADVICE)


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
