"""Exports of Microsoft's Lobe, which describe themselves in ``signature.json``.

The layout is that of the public package ``lobe/lobe-python`` (``signature.py``, ``image_utils.py``): the
input "Image" with its shape, ``classes`` with the list "Label", ``format`` and ``filename``. Pictures are
scaled until both sides fill the input, with Pillow's default filter, which is bicubic; the middle is cut out,
and the pixels are divided by 255.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.text import printable
from desktop_app.core.library.inspection.bundles.bundle import Bundle
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.refusal import refuse, short

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.bundles.bundle import Kind
    from desktop_app.core.library.inspection.bundles.contents import Contents

SIGNATURE = "signature.json"
_FORMATS: dict[str, Kind] = {"tf_lite": "tflite", "onnx": "onnx"}
_OTHER_FORMATS = {"tf": "a TensorFlow SavedModel", "tf_js": "a model for browsers (TensorFlow.js)"}
_EXPORT_AGAIN = "In Lobe choose Export, and there TensorFlow Lite or ONNX."
_MAX_LABELS = 100_000


def lobe(contents: Contents) -> Bundle | None:
    """Recognise an export of Lobe.

    Returns:
        The model in it; None for what is none of its exports.

    Raises:
        ModelError: It is one that cannot be taken, or says things that do not fit together.
        StorageError: It cannot be read, or not unpacked.
        Cancelled: The user cancelled.
    """
    found = [name for name in contents.names if PurePosixPath(name).name == SIGNATURE]
    if len(found) != 1:
        return None
    signature = parse(contents.text(found[0]).encode(), SIGNATURE)
    inputs, filename = signature.get("inputs"), signature.get("filename")
    if not isinstance(inputs, dict) or not isinstance(filename, str):
        return None
    written = signature.get("format")
    if written in _OTHER_FORMATS:
        refuse(f"it is an export of Lobe with {_OTHER_FORMATS[written]}", _EXPORT_AGAIN)
    if written not in _FORMATS:
        refuse(f"it is an export of Lobe in the unknown format {short(written)}", _EXPORT_AGAIN)
    folder = found[0].removesuffix(SIGNATURE)
    if "/" in filename or "\\" in filename or folder + filename not in contents.names:
        refuse(f"{SIGNATURE} names the model {short(filename)}, which is not beside it", _EXPORT_AGAIN)
    size = _size(inputs)
    return Bundle(
        contents.model(folder + filename),
        _FORMATS[written],
        _labels(signature),
        "unit",
        "crop",
        "bicubic",
        "Exported by Lobe; pixels (0 to 1), the centred part and bicubic scaling as in its own package.",
        size,
    )


def named_model(contents: Contents) -> str:
    """Name of the model that a ``signature.json`` names; empty where there is no such file, or it names none.

    Raises:
        ModelError: It is damaged.
        StorageError: It cannot be read.
    """
    if SIGNATURE not in contents.names:
        return ""
    filename = parse(contents.text(SIGNATURE).encode(), SIGNATURE).get("filename")
    return filename if isinstance(filename, str) else ""


def _size(inputs: dict[str, Any]) -> tuple[int, int, int]:
    """Height, width and channels of the only input."""
    image = inputs.get("Image")
    shape = image.get("shape") if isinstance(image, dict) else None
    if len(inputs) != 1 or not isinstance(shape, list) or len(shape) != 4:
        refuse(f"{SIGNATURE} does not name one picture as what goes in")
    sides = shape[1:]
    if not all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in sides):
        refuse(f"{SIGNATURE} does not say how large its pictures are")
    height, width, channels = sides
    return height, width, channels


def _labels(signature: dict[str, Any]) -> tuple[str, ...] | None:
    classes = signature.get("classes")
    labels = classes.get("Label") if isinstance(classes, dict) else None
    if labels is None:
        return None
    if (
        not isinstance(labels, list)
        or len(labels) > _MAX_LABELS
        or not all(isinstance(one, str) for one in labels)
    ):
        refuse(f"the classes in {SIGNATURE} are no list of names")
    return tuple(printable(name) for name in labels)
