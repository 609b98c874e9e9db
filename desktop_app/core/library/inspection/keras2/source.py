"""A whole model in a file of Keras 2, or in an ``.h5`` file of Keras 3, read without running any of it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.archive import (
    CONFIG,
    KERAS_MEMBERS,
    METADATA,
    WEIGHTS,
    open_archive,
)
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor, stored_tensors
from desktop_app.core.library.inspection.containers.limits import MAX_CONFIG_BYTES
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.earlier_keras import keras_2_version
from desktop_app.core.library.inspection.keras2.attributes import TextAttributes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    import h5py

    from desktop_app.core.library.inspection.keras2.layers import Record

MAX_SOURCE_BYTES = 4 * 1024**3
"""What an optimizer keeps makes a file three times as large as its weights; it is not read."""

_HDF5 = b"\x89HDF\r\n\x1a\n"
_MODEL, _SETTINGS, _VERSION, _BACKEND = "model_config", "training_config", "keras_version", "backend"
_GROUP = "model_weights"
_NUMBER = re.compile(r"(\d{1,3})\.\S{0,30}")
_WRITTEN_BY = {"MeanMetricWrapper", "SumOverBatchSizeMetricWrapper", "LossFunctionWrapper"}
_WEIGHTS_ONLY = (
    "Build the same network in Keras, load this file into it with model.load_weights('NAME.h5'), save it "
    "whole with model.save('NAME.keras') and import that file."
)
_NO_MODEL = "Choose a file that model.save('NAME.keras') or model.save('NAME.h5') wrote."
_ANCIENT = "Load it with Keras 2 and save it again with model.save('NAME.h5'), or train it again."


@dataclass(slots=True)
class Source:
    """An open file with a model.

    Attributes:
        version: Version of Keras that wrote it, as the file says; empty where it does not.
        modern: Whether that was Keras 3.
        model: Configuration of the outermost model.
        settings: What it was compiled with; empty where it was not.
        weights: The open HDF5 file with its arrays.
        tensors: The arrays by their path, checked.
        attributes: Reads the HDF5 file's attributes; None for a ``.keras`` file.
    """

    version: str
    modern: bool
    model: Record
    settings: Record
    weights: h5py.File
    tensors: dict[str, StoredTensor]
    attributes: TextAttributes | None = None
    _groups: dict[str, list[tuple[str, tuple[int, ...]]]] = field(default_factory=dict)

    def arrays(self, layer: str) -> list[tuple[str, tuple[int, ...]]]:
        """List the arrays of a layer of the outermost model of an ``.h5`` file.

        Args:
            layer: Name of the layer.

        Returns:
            Names and shapes in the file's order; the array is at ``model_weights/LAYER/NAME``.

        Raises:
            ModelError: One is named and not there.
        """
        if layer not in self._groups:
            self._groups[layer] = self._list(layer)
        return self._groups[layer]

    def _list(self, layer: str) -> list[tuple[str, tuple[int, ...]]]:
        path = f"{_GROUP}/{layer}"
        if self.attributes is None or not _has(self.weights, path):
            return []
        names = _joined(self.attributes.of(_address(self.weights, path)), "weight_names")
        if len(set(names)) != len(names):
            refuse(f"the layer {short(layer)} has the same weights twice")
        found = []
        for name in names:
            tensor = self.tensors.get(f"{path}/{name}".replace("//", "/"))
            if tensor is None:
                refuse(f"the weights of the layer {short(layer)} are missing")
            found.append((name, tensor.shape))
        return found


def is_source(path: Path) -> bool:
    """Whether a file is of a kind that is translated: HDF5, or a ``.keras`` file of Keras 2.

    Raises:
        ModelError: It is an archive that is refused anyway.
        StorageError: It cannot be read.
    """
    with open_regular(path) as file:
        start = file.read(len(_HDF5))
    if start == _HDF5:
        return True
    if not start.startswith(b"PK"):
        return False
    with open_archive(path, KERAS_MEMBERS) as archive:
        metadata, document = parse(archive.read(METADATA), METADATA), parse(archive.read(CONFIG), CONFIG)
    return keras_2_version(metadata, document) is not None


@contextlib.contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a file with a whole model, its arrays and its description checked.

    Raises:
        ModelError: It is something else, or is refused.
        StorageError: It cannot be read.
    """
    import_h5py()
    with open_regular(path) as file:
        if file.read(len(_HDF5)) == _HDF5:
            size = file.seek(0, 2)
            if size > MAX_SOURCE_BYTES:
                refuse(f"it has {readable_size(size)}, more than {readable_size(MAX_SOURCE_BYTES)}")
            with _opened(file) as weights:
                yield _from_hdf5(file, size, weights)
            return
    with open_archive(path, KERAS_MEMBERS) as archive:
        metadata, document = parse(archive.read(METADATA), METADATA), parse(archive.read(CONFIG), CONFIG)
        version = keras_2_version(metadata, document)
        if version is None:
            refuse("it was not saved by Keras 2", _NO_MODEL)
        window = archive.window(WEIGHTS)
        tensors = stored_tensors(window, archive.zip.getinfo(WEIGHTS).file_size)
        compiled = document.pop("compile_config", None)
        settings = compiled if isinstance(compiled, dict) else {}
        with _opened(window) as weights:
            yield Source(version, False, document, settings, weights, tensors)


@contextlib.contextmanager
def _opened(file: Any) -> Iterator[h5py.File]:
    import h5py

    with reading():
        weights = h5py.File(file, "r")
    with weights:
        yield weights


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Refuse the file when the library cannot read something of it.

    Raises:
        ModelError: Instead of whatever the library raises in the body.
    """
    try:
        yield
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        refuse(f"its weights cannot be read ({type(error).__name__})")


def _from_hdf5(file: BinaryIO, size: int, weights: h5py.File) -> Source:
    attributes = TextAttributes(file, size)
    own = attributes.of(_address(weights, "."))
    if _MODEL not in own:
        _refuse_without_model(own, weights)
    tensors = stored_tensors(file, size)
    group = attributes.of(_address(weights, _GROUP)) if _has(weights, _GROUP) else {}
    version = _one(own, _VERSION) or _one(group, _VERSION)
    if (backend := _one(own, _BACKEND) or _one(group, _BACKEND)) in {"theano", "cntk"}:
        refuse(f"it was saved by Keras on {backend}, which turns convolutions round", _ANCIENT)
    text = _one(own, _MODEL).encode()
    if len(text) > MAX_CONFIG_BYTES:
        refuse(f"its {_MODEL} has {readable_size(len(text))}, more than {readable_size(MAX_CONFIG_BYTES)}")
    model = parse(text, _MODEL)
    settings = parse(_one(own, _SETTINGS).encode(), _SETTINGS) if _one(own, _SETTINGS) else {}
    number = _NUMBER.fullmatch(version)
    major = int(number[1]) if number else (2 if keras_2_version({}, model) is not None else 0)
    if major == 1:
        refuse(f"it was saved by Keras {version}, which is too old to be translated", _ANCIENT)
    if major not in {2, 3}:
        refuse("it does not say which version of Keras wrote it", _NO_MODEL)
    return Source(version, major == 3, model, settings, weights, tensors, attributes)


def _refuse_without_model(own: dict[str, list[str]], weights: h5py.File) -> NoReturn:
    """Say what an HDF5 file without a network is."""
    with reading():
        names = set(weights)
    keras = "layer_names" in own or "layer_names0" in own or _VERSION in own
    if keras or names & {"layers", "_layer_checkpoint_dependencies"}:
        refuse(
            "it holds the weights of a network without the network itself, as model.save_weights writes them",
            _WEIGHTS_ONLY,
        )
    refuse("it is an HDF5 file without a Keras model", _NO_MODEL)


def _has(weights: h5py.File, path: str) -> bool:
    with reading():
        return path in weights


def _address(weights: h5py.File, path: str) -> int:
    import h5py

    with reading():
        return int(h5py.h5o.get_info(weights.id, path.encode()).addr)


def _one(attributes: dict[str, list[str]], name: str) -> str:
    texts = attributes.get(name, [])
    if len(texts) > 1:
        refuse(f"it has {name} more than once")
    return texts[0] if texts else ""


def _joined(attributes: dict[str, list[str]], name: str) -> list[str]:
    """List of texts; Keras cuts a long one into several attributes with a number behind their name."""
    texts = list(attributes.get(name, []))
    number = 0
    while f"{name}{number}" in attributes:
        texts += attributes[f"{name}{number}"]
        number += 1
    return texts


def plain_settings(value: Any, depth: int = 0) -> Any:
    """Training settings with the functions in place of the objects that Keras 2 wraps them in."""
    if depth > 8:
        return None
    if isinstance(value, list):
        return [plain_settings(each, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    config = value.get("config")
    if value.get("class_name") in _WRITTEN_BY and isinstance(config, dict):
        function = config.get("fn")
        return function if isinstance(function, str) else config.get("name")
    return {key: plain_settings(each, depth + 1) for key, each in value.items()}
