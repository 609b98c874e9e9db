"""What a file is that is not a ``.keras`` file, and how its model can become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.library.inspection.containers.model_kinds import (
    kind_by_ending,
    kind_by_names,
    kind_by_start,
)
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
_WEB_PAGE = "it is a web page"
_HDF5 = "it is an HDF5 file and has not been translated"
_STARTS = (
    (b"\x89HDF\r\n\x1a\n", _HDF5, IMPORT_IT),
    (b"PK", "it is a damaged or incomplete archive", "Copy or download it again."),
    (b"version https://git-lfs", "it is only a pointer to the model, as git-LFS leaves them", ADVICE),
    *((start, _WEB_PAGE, ADVICE) for start in (b"<!DOCTYPE html", b"<!doctype html", b"<html")),
)
_TFLITE = (b"TFL3", "it is a TensorFlow Lite model, where a .keras file is expected", ADVICE)
_MEMBERS = {
    ".tflite": "a TensorFlow Lite model",
    ".onnx": "an ONNX model",
}
"""Endings of members that tell what an archive holds."""
_HDF5_ENDINGS = (".h5", ".hdf5")
_HEADER_BYTES = 30
"""The header of a member in an archive, without its name."""


def kind_of_file(start: bytes, name: str = "") -> tuple[str, str]:
    """Recognise what is often mistaken for a ``.keras`` file.

    Args:
        start: Its first bytes.
        name: Its name, whose ending tells where the bytes do not.

    Returns:
        What it is, as a clause after "it is refused: ", and what to do.
    """
    if not start:
        return "the file is empty", ADVICE
    if start[4:8] == _TFLITE[0]:
        return _TFLITE[1:]
    if (archive := first_member(start)) and (kind := kind_by_names([archive])):
        return kind
    found = ((what, advice) for prefix, what, advice in _STARTS if start.startswith(prefix))
    known = next(found, None) or kind_by_start(start) or kind_by_ending(name)
    return known or ("it is not a .keras file", ADVICE)


def first_member(start: bytes) -> str:
    """Name of the first member of an archive (APPNOTE.TXT 4.3.7); empty for other files."""
    if not start.startswith(b"PK\x03\x04") or len(start) < _HEADER_BYTES:
        return ""
    length = int.from_bytes(start[26:28], "little")
    return start[_HEADER_BYTES : _HEADER_BYTES + length].decode(errors="replace")


def kind_of_folder(names: Collection[str]) -> tuple[str, str]:
    """Recognise a folder with a model of another kind by the names of its files.

    Returns:
        What it is, and what to do.
    """
    if kind := kind_of_archive(names) or kind_by_names(names):
        what, advice = kind
        return what.replace("an archive with", "a folder with").replace("Unpack it. ", ""), advice
    return (
        "it is a folder without a model that Sightline knows",
        "Choose the model file in it. Pictures are trained on in Train.",
    )


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
    if kind_named := kind_by_names(names):
        return kind_named
    for telling, kind in _MEMBERS.items():
        if any(name.endswith(telling) for name in own):
            return f"it is an archive with {kind}, which Sightline does not open", _TRAIN_HERE
    keras = [name for name in own if name.endswith(".keras")]
    if len(keras) == 1 and "card.json" not in own:
        return f"it is an archive with the model {keras[0][:40]} in it", "Unpack it, and import that file."
    return None
