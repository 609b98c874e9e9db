"""A file with a model from elsewhere, opened: whatever its format, it comes as something Sightline keeps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.bundles.opening import open_bundle
from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.inspection.keras2.translation import needs_translation, translate
from desktop_app.core.library.inspection.onnx.cleaning import store_onnx
from desktop_app.core.library.inspection.onnx.summary import inspect_onnx, is_onnx
from desktop_app.core.library.inspection.tflite.summary import (
    inspect_tflite,
    is_tflite,
    proposals,
    store_tflite,
)
from desktop_app.core.library.label_lists import names_in_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.images.decoding.fitting import Fit, Resample
    from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.networks.pixels import Preprocessing

Format = Literal["keras", "onnx", "tflite"]
"""The formats in which models from elsewhere are kept, as the card's ``architecture`` names them."""

WEIGHTS_FILES: dict[Format, str] = {
    "keras": "model.keras",
    "onnx": "model.onnx",
    "tflite": "model.tflite",
}


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside a network in its file, or is known of the program that wrote it.

    Attributes:
        labels: Names of the classes; None where there are none.
        preprocessing: The pixel values; None where they are not known.
        task: What the outputs are for; None where it is not known.
        fit: How pictures are fitted; None where it is not known.
        resample: How they are scaled; None where it is not known.
        words: Where it comes from, as a part of the description; empty for a plain file.
    """

    labels: tuple[str, ...] | None = None
    preprocessing: Preprocessing | None = None
    task: Task | None = None
    fit: Fit | None = None
    resample: Resample | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An inspected model.

    Attributes:
        format: The format that it is kept in.
        path: The file that is kept: the user's, or one that was made of it for the moment.
        summary: What its inspection found.
        described: What stands beside the network.
    """

    format: Format
    path: Path
    summary: NetworkSummary
    described: Described = field(default_factory=Described)


def open_source(path: Path, scratch: Callable[[], Path], cancel: CancelToken) -> Source:
    """Recognise and inspect a model file, or find and inspect the model in what another program exported.

    Args:
        path: The file, or the folder of an export.
        scratch: Function that makes a folder for what is made of it, such as a translation.
        cancel: Token checked while something is made of it.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: It cannot be read, or the scratch folder cannot be written.
        Cancelled: The user cancelled.
    """
    bundle = open_bundle(path, scratch, cancel)
    if bundle is None:
        return _of_file(path, Described(), scratch, cancel)
    described = Described(
        labels=bundle.labels,
        preprocessing=bundle.preprocessing,
        fit=bundle.fit,
        resample=bundle.resample,
        words=bundle.words,
    )
    source = _of_file(bundle.path, described, scratch, cancel)
    summary = source.summary
    taken = (summary.height, summary.width, summary.channels)
    if bundle.size is not None and not summary.any_size and taken != bundle.size:
        sizes = [" x ".join(map(str, size)) for size in (bundle.size, taken)]
        refuse(f"its description is of pictures of {sizes[0]}, but its network takes {sizes[1]}")
    return source


def _of_file(path: Path, described: Described, scratch: Callable[[], Path], cancel: CancelToken) -> Source:
    """Inspect a file with a network alone; one of Keras 2 is translated first."""
    if is_onnx(path):
        onnx = inspect_onnx(path)
        return Source("onnx", path, onnx, _labelled(described, onnx.labels, onnx.outputs))
    if is_tflite(path):
        summary = inspect_tflite(path)
        lines = proposals(path).labels.splitlines()
        return Source("tflite", path, summary, _labelled(described, names_in_lines(lines), summary.outputs))
    if needs_translation(path):
        translated = scratch() / WEIGHTS_FILES["keras"]
        version = translate(path, translated, cancel)
        words = described.words or f"Translated from a file of Keras {version or '2'}."
        return Source("keras", translated, inspect_archive(translated), replace(described, words=words))
    return Source("keras", path, inspect_archive(path), described)


def _labelled(described: Described, labels: Sequence[str], outputs: int) -> Described:
    """Add the names of classes that stand in the file itself, where the export has none and they fit."""
    if described.labels is not None or len(labels) != max(2, outputs):
        return described
    return replace(described, labels=tuple(labels))


def keep(source: Source, target: Path, cancel: CancelToken) -> NetworkSummary:
    """Write the copy that Sightline keeps of a model, and inspect it.

    Args:
        source: The model.
        target: File to write.
        cancel: Token checked while copying.

    Returns:
        What the inspection of the copy found.
    """
    if source.format == "onnx":
        store_onnx(source.path, target, cancel)
    elif source.format == "tflite":
        store_tflite(source.path, target, cancel)
    else:
        write_clean(source.path, target, cancel)
    return inspect_kept(source.format, target)


def inspect_kept(kept: Format, path: Path) -> NetworkSummary:
    """Inspect a file that is kept, or that came in a Sightline model."""
    if kept == "onnx":
        return inspect_onnx(path)
    return inspect_tflite(path) if kept == "tflite" else inspect_archive(path)
