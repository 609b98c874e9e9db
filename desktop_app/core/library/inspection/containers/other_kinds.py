"""What a file is that is not a ``.keras`` file, and how its model can become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.refusal import ADVICE

if TYPE_CHECKING:
    from collections.abc import Collection

IMPORT_IT = (
    "A whole model in such a file, of Keras 2 or 3, can be imported: Sightline translates it first. Weights "
    "alone cannot, since the network is not in the file."
)
_TRAIN_HERE = (
    "Save its model with Keras 3 as .keras, or train on the same pictures in Sightline: one folder for each "
    "class is enough."
)
_PICKLE = "it is a Python pickle, which could run any program"
_WEB_PAGE = "it is a web page"
_HDF5 = "it is an HDF5 file and has not been translated"
_STARTS = (
    (b"\x89HDF\r\n\x1a\n", _HDF5, IMPORT_IT),
    (b"PK", "it is a damaged or incomplete archive", "Copy or download it again."),
    (b"version https://git-lfs", "it is only a pointer to the model, as git-LFS leaves them", ADVICE),
    *((start, _WEB_PAGE, ADVICE) for start in (b"<!DOCTYPE html", b"<!doctype html", b"<html")),
    *((b"\x80" + bytes([protocol]), _PICKLE, ADVICE) for protocol in range(2, 6)),
)
_TFLITE = (b"TFL3", "it is a TensorFlow Lite model, which Sightline does not open", ADVICE)
_MEMBERS = {
    ".tflite": "a TensorFlow Lite model",
    "model.json": "a TensorFlow.js model",
    "saved_model.pb": "a TensorFlow SavedModel",
    "data.pkl": "a PyTorch model",
    ".onnx": "an ONNX model",
}
"""Endings of members that tell what an archive holds."""
_HDF5_ENDINGS = (".h5", ".hdf5")


def kind_of_file(start: bytes) -> tuple[str, str]:
    """Recognise what is often mistaken for a ``.keras`` file.

    Args:
        start: Its first bytes.

    Returns:
        What it is, as a clause after "it is refused: ", and what to do.
    """
    if not start:
        return "the file is empty", ADVICE
    if start[4:8] == _TFLITE[0]:
        return _TFLITE[1:]
    found = ((what, advice) for prefix, what, advice in _STARTS if start.startswith(prefix))
    return next(found, ("it is not a .keras file", ADVICE))


def kind_of_archive(names: Collection[str]) -> tuple[str, str] | None:
    """Recognise an archive with a model of another kind by the names of its members.

    Returns:
        What it is, and what to do; None for anything else.
    """
    own = [name.rsplit("/", 1)[-1].lower() for name in names]
    weights = [name for name in own if name.endswith(_HDF5_ENDINGS) and name != "model.weights.h5"]
    if weights and "config.json" not in own:
        return (
            f"it is an archive with the HDF5 model {weights[0][:40]} in it",
            "Unpack it, and import that file.",
        )
    for telling, kind in _MEMBERS.items():
        if any(name.endswith(telling) for name in own):
            return f"it is an archive with {kind}, which Sightline does not open", _TRAIN_HERE
    keras = [name for name in own if name.endswith(".keras")]
    if len(keras) == 1 and "card.json" not in own:
        return f"it is an archive with the model {keras[0][:40]} in it", "Unpack it, and import that file."
    return None
