"""The formats that a model can be written in, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ExportFormat = Literal["keras", "onnx", "litert", "openvino", "saved-model", "web", "sightline"]
ExportPrecision = Literal["float32", "float16", "int8"]
"""The numbers that the weights are kept as: whole, halves, or bytes with a scale for each channel."""
Engine = Literal["keras", "tensorflow", "litert", "openvino", "onnxruntime"]

EXPORT_PRECISIONS: tuple[ExportPrecision, ...] = ("float32", "float16", "int8")

_OTHER_ENDINGS = frozenset(
    {".keras", ".h5", ".hdf5", ".onnx", ".tflite", ".xml", ".bin", ".pb", ".pt", ".safetensors"}
)


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What is known about a format.

    Attributes:
        name: Name for people.
        member: The model, a file or a folder; in a web page it becomes a script.
        precisions: The numbers that its weights can be kept as.
        engines: The engines that may open it for the proof, each in a process of its own.
        packages: What ``pip install`` needs for the example.
        batch: Whether it takes any number of pictures at a time, or one.
        purpose: What it is good for, as a part of a sentence.
    """

    name: str
    member: str
    precisions: tuple[ExportPrecision, ...]
    engines: tuple[Engine, ...]
    packages: str
    batch: bool
    purpose: str


FORMATS: Mapping[ExportFormat, FormatFacts] = {
    "keras": FormatFacts(
        "Keras", "model.keras", ("float32",), ("keras",), "tensorflow keras pillow", True,
        "Python programs with Keras 3",
    ),
    "onnx": FormatFacts(
        "ONNX", "model.onnx", EXPORT_PRECISIONS, ("openvino", "onnxruntime"),
        "onnxruntime numpy pillow", True,
        "most runtimes, in any language",
    ),
    "litert": FormatFacts(
        "LiteRT (TensorFlow Lite)", "model.tflite", EXPORT_PRECISIONS, ("litert",),
        "ai-edge-litert numpy pillow", False, "phones and small computers",
    ),
    "openvino": FormatFacts(
        "OpenVINO", "model.xml", EXPORT_PRECISIONS, ("openvino",), "openvino numpy pillow", True,
        "processors of Intel, AMD and Arm",
    ),
    "saved-model": FormatFacts(
        "TensorFlow SavedModel", "model", ("float32",), ("tensorflow",), "tensorflow pillow", True,
        "TensorFlow and TensorFlow Serving",
    ),
    "web": FormatFacts(
        "Web page", "model.onnx", EXPORT_PRECISIONS, ("openvino", "onnxruntime"), "", False,
        "any browser, without a network (its runtime, 17 MB, is downloaded once)",
    ),
}  # fmt: skip
"""Everything but ``sightline``, which is the single file that Sightline itself takes."""

EXPORT_FORMATS: tuple[ExportFormat, ...] = (*FORMATS, "sightline")


_SIZES: Mapping[ExportPrecision, float] = {"float32": 1.0, "float16": 0.62, "int8": 0.27}
"""Size of a file in shares of the float32 weights, as measured in docs/exporting.md."""

_WEB_RUNTIME = 2_900_000
"""What a page has beside its model, compressed."""


def size_estimate(form: ExportFormat, precision: ExportPrecision, weights: int) -> float:
    """Estimate the size of a file.

    Args:
        form: The format.
        precision: The numbers of its weights.
        weights: Size of the model's weights in float32, in bytes.

    Returns:
        Bytes, roughly: what a format needs beside the weights is left out, but for a page's runtime.
    """
    return _SIZES[precision] * weights + (_WEB_RUNTIME if form == "web" else 0)


def check_wish(form: ExportFormat, precision: ExportPrecision, path: Path) -> None:
    """Refuse what contradicts itself.

    Args:
        form: The format.
        precision: The numbers of the weights.
        path: The file that is to be written.

    Raises:
        UsageError: The format does not keep its weights so, or the file's name claims something else.
    """
    ending, shown = path.suffix.lower(), printable(path.name)
    if form == "sightline":
        if precision != "float32":
            raise UsageError("A Sightline model keeps its weights as they are.", "Leave the precision out.")
        if ending in _OTHER_ENDINGS:
            raise UsageError(
                f"{shown} would be a package of Sightline, which other programs cannot open by that name.",
                f"Name it {path.stem}.sightline, or choose another format.",
            )
        return
    facts = FORMATS[form]
    if precision not in facts.precisions:
        *others, last = (key for key, each in FORMATS.items() if precision in each.precisions)
        raise UsageError(
            f"{facts.name} keeps its weights as float32 here.",
            f"Choose {', '.join(others)} or {last} for {precision}.",
        )
    if ending != ".zip":
        raise UsageError(
            f"{shown} would be a zip archive with the model, its labels and an example in it, which no "
            "program opens by that name.",
            f"Name it {path.stem}.zip.",
        )
