"""Exports of Google's Teachable Machine.

What is in them, and how they want their pixels, is written in its public repository
``googlecreativelab/teachablemachine-community``: ``snippets/converter/image/api.py`` and ``tiny/api.py`` make
the archives, and name labels "0 Cats" in ``labels.txt``; the quantised model is calibrated with
``x / 127.5 - 1``; the example in ``snippets/markdown/image/tensorflow/keras.md`` cuts out the largest centred
square, scales it with Pillow's LANCZOS, and gives the network ``x / 127.5 - 1``. The browser's own code
(``libraries/image``) crops pictures to a centred square before training too.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.bundles.bundle import Bundle
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.refusal import Refusal, refuse
from desktop_app.core.library.inspection.tflite.summary import bytes_taken

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.bundles.bundle import Kind
    from desktop_app.core.library.inspection.bundles.contents import Contents

LABELS = "labels.txt"
_FLOATING, _WHOLE, _TINY = "model_unquant.tflite", "model.tflite", "vww_96_grayscale_quantized.tflite"
_KERAS = "keras_model.h5"
MODELS: dict[str, tuple[Kind, tuple[int, int, int]]] = {
    _KERAS: ("keras2", (224, 224, 3)),
    _FLOATING: ("tflite", (224, 224, 3)),
    _WHOLE: ("tflite", (224, 224, 3)),
    _TINY: ("tflite", (96, 96, 1)),
}
"""Names of the models in its exports, with what they take."""
_EXPORT_AGAIN = (
    "In Teachable Machine choose Export Model, Tensorflow Lite, Floating point (or Tensorflow, Keras), "
    "and import the downloaded ZIP file."
)
_METADATA = "metadata.json"
_PACKAGE = "@teachablemachine/"
_NUMBERED = re.compile(r"(\d{1,6}) (.*)")


def teachable_machine(contents: Contents) -> Bundle | None:
    """Recognise an export of Teachable Machine.

    Returns:
        The model in it; None for what is none of its exports.

    Raises:
        ModelError: It is one that cannot be taken: of sounds or poses, for a browser or another processor.
        StorageError: It cannot be read, or not unpacked.
        Cancelled: The user cancelled.
    """
    own = {PurePosixPath(name).name.lower(): name for name in contents.names}
    _refuse_others(own, contents)
    name = next((name for name in MODELS if name in own), None)
    labels = _labels(contents.text(own[LABELS])) if LABELS in own else None
    if name is None or labels is None:
        return None
    kind, size = MODELS[name]
    path = contents.model(own[name])
    if name != _WHOLE:
        return Bundle(path, kind, labels, "symmetric", "crop", "lanczos", _words("-1 to 1"), size)
    # Other programs call theirs so too: it has to be what Teachable Machine makes.
    taken = bytes_taken(path)
    if taken is None or taken.size != size:
        return None
    return Bundle(
        path, kind, labels, taken.preprocessing, "crop", "lanczos", _words("bytes as they are"), size
    )


def _words(pixels: str) -> str:
    return (
        f"Exported by Teachable Machine; pixels ({pixels}), the centred square and Lanczos scaling as in the "
        "example that comes with it."
    )


def _labels(text: str) -> tuple[str, ...] | None:
    """The names in ``labels.txt``, each behind its number; None where they are written in another way."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    found = [_NUMBERED.fullmatch(line) for line in lines]
    if not lines or not all(found):
        return None
    pairs = [(int(match[1]), match[2].strip()) for match in found if match is not None]
    if [number for number, _name in pairs] != list(range(len(pairs))):
        return None
    return tuple(name or f"Class {number + 1}" for number, name in pairs)


def _refuse_others(own: dict[str, str], contents: Contents) -> None:
    """Refuse its exports of other kinds, each with the way to one that can be taken.

    Raises:
        ModelError: It is one of them.
    """
    for name in own:
        if name.endswith("_edgetpu.tflite"):
            refuse(
                "it is a Teachable Machine model for a Coral Edge TPU, which only that runs", _EXPORT_AGAIN
            )
        if name.startswith("soundclassifier") and name.endswith(".tflite"):
            refuse("it is a Teachable Machine model for sounds, and Sightline classifies pictures", _PICTURES)
    if "person_detect_model_data.cpp" in own:
        refuse("it is a Teachable Machine model as a program for an Arduino", _EXPORT_AGAIN)
    metadata = _metadata(own, contents)
    package = str(metadata.get("packageName", ""))
    if not package.startswith(_PACKAGE) and "wordLabels" not in metadata:
        return
    if "pose" in package:
        refuse("it is a Teachable Machine model for poses, and Sightline classifies pictures", _PICTURES)
    if "image" not in package:
        refuse("it is a Teachable Machine model for sounds, and Sightline classifies pictures", _PICTURES)
    refuse("it is a Teachable Machine model for browsers (TensorFlow.js)", _EXPORT_AGAIN)


_PICTURES = "Train an image project in Teachable Machine, or train on pictures in Sightline."


def _metadata(own: dict[str, str], contents: Contents) -> dict[str, Any]:
    """The description that comes with exports for browsers; empty where there is none that can be read."""
    if _METADATA not in own or "model.json" not in own:
        return {}
    try:
        return parse(contents.text(own[_METADATA]).encode(), _METADATA)
    except Refusal:
        return {}
