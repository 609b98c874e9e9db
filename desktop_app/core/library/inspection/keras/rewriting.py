"""The configuration as Sightline keeps it and hands it to Keras: checked, and without what is not needed."""

from __future__ import annotations

from typing import Any

from desktop_app.core.library.inspection.keras.entry import WHOLE_NUMBERS
from desktop_app.core.library.inspection.keras.network.tensorflow_functions import with_keras_names
from desktop_app.core.library.inspection.keras.parsing import SUBCLASS_OF, is_functional_subclass
from desktop_app.core.library.inspection.keras.rules import augmentation

_SHAPES = {"batch_shape", "input_shape", "build_input_shape", "query_shape", "value_shape", "key_shape"}
_ZEROS: dict[str, Any] = {
    "module": "keras.initializers",
    "class_name": "Zeros",
    "config": {},
    "registered_name": None,
}
_LEFT_OUT = {"lora_rank", "lora_alpha"}
"""Keras adds adapters to the kernels when it saves; without these fields it makes no new ones."""


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Copy a checked configuration so that Keras anywhere opens it, and for any number of pictures.

    Layers that Keras saves and cannot load are left out, a network for one picture at a time takes any
    number, a Functional model of a class of its own is a Functional model, functions of TensorFlow have their
    names in Keras, and adapters and training settings are left out.

    Args:
        document: A configuration that the inspection let through.
    """
    return _finished(document, _Copy())


def loadable(document: dict[str, Any]) -> dict[str, Any]:
    """Copy a checked configuration likewise, to answer with.

    Weights start with zeros besides, since all of them are read from the file: random numbers for a large
    network take longer than everything else. Layers that do something in training only are left out.

    Args:
        document: A configuration that the inspection let through.
    """
    return _finished(document, _Copy(to_answer=True, whole_numbers=_takes_whole_numbers(document)))


def _finished(document: dict[str, Any], copy: _Copy) -> dict[str, Any]:
    copied: dict[str, Any] = copy.of(with_keras_names(document))
    if is_functional_subclass(document):
        module, name = SUBCLASS_OF
        copied |= {"module": module, "class_name": name, "registered_name": name}
    return {**copied, "compile_config": None}


def _takes_whole_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_takes_whole_numbers, value))
    if not isinstance(value, dict):
        return False
    if value.get("class_name") == "InputLayer":
        return value["config"].get("dtype") in WHOLE_NUMBERS
    return any(map(_takes_whole_numbers, value.values()))


class _Copy:
    """Copies a configuration with these changes.

    Attributes:
        to_answer: Whether the network is only asked, not trained further.
        whole_numbers: Whether the network takes whole numbers. Layers that augment pictures may then be what
            makes fractions of them, so they stay.
    """

    def __init__(self, *, to_answer: bool = False, whole_numbers: bool = False) -> None:
        self.to_answer = to_answer
        self.whole_numbers = whole_numbers

    def of(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if self.to_answer and value.get("module") == "keras.initializers":
                return dict(_ZEROS)
            if self._leaves_out(value):
                value = _identity(value)
            kept = {name: self.of(each, name) for name, each in value.items() if name not in _LEFT_OUT}
            return {**kept, "compile_config": None} if kept.get("compile_config") else kept
        if not isinstance(value, list):
            return value
        if key in _SHAPES and value and not isinstance(value[0], list):
            return [None, *value[1:]]
        return [self.of(each, key if key in _SHAPES else "") for each in value]

    def _leaves_out(self, record: dict[str, Any]) -> bool:
        if not _is_inactive(record):
            return False
        return (self.to_answer and not self.whole_numbers) or record["class_name"] in augmentation.NOT_LOADED


def _is_inactive(record: dict[str, Any]) -> bool:
    return record.get("module") == "keras.layers" and record.get("class_name") in augmentation.INACTIVE


def _identity(record: dict[str, Any]) -> dict[str, Any]:
    """Describe a layer that does nothing in the place of one that does nothing when answering.

    Its random numbers would keep other engines from taking the network.
    """
    config = {key: record["config"][key] for key in ("name", "trainable", "dtype") if key in record["config"]}
    changed = {**record, "class_name": "Identity", "config": config}
    if "inbound_nodes" in record:
        changed["inbound_nodes"] = [{**node, "kwargs": {}} for node in record["inbound_nodes"]]
    return changed
