"""The static check of a TensorFlow Lite model, before OpenVINO sees it, and the copy that is kept of it."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.inspection.containers.limits import MAX_ARCHIVE_BYTES, MAX_OUTPUTS
from desktop_app.core.library.inspection.containers.model_kinds import kind_by_start
from desktop_app.core.library.inspection.containers.refusal import naming_the_file, refuse, short
from desktop_app.core.library.inspection.result.meaning import Meaning, meaning_of
from desktop_app.core.library.inspection.result.network_summary import NetworkSummary, Scaling
from desktop_app.core.library.inspection.result.training_settings import TrainingSettings
from desktop_app.core.library.inspection.tflite.ends import eight_bit_weights, last_function, whole_entry
from desktop_app.core.library.inspection.tflite.entry import Entry, entry_of
from desktop_app.core.library.inspection.tflite.format.document import IDENTIFIER, parse, plain_name
from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer
from desktop_app.core.library.inspection.tflite.metadata import Metadata, read_metadata
from desktop_app.core.library.inspection.tflite.scaling import bytes_as_they_are, scaling_of
from desktop_app.core.library.inspection.tflite.trace import follow
from desktop_app.core.library.inspection.tflite.types import BYTES
from desktop_app.core.library.inspection.tflite.writing import write_copy
from desktop_app.core.networks.pixels import canonical, pixel_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.tflite.format.document import Document, Tensor
    from desktop_app.core.library.inspection.tflite.trace import Trace
    from desktop_app.core.networks.outputs import OutputKind
    from desktop_app.core.networks.pixels import Preprocessing

_PIECE = 4 * 1024 * 1024
_START_BYTES = 512
_EIGHT_BITS = (
    "Its numbers have 8 bits, so that its percentages differ a little from program to program. The last "
    "function is computed on floating numbers: 256 steps would not add up to 100%."
)
_EIGHT_BIT_WEIGHTS = (
    "Its weights have 8 bits. TensorFlow Lite also rounds what they meet to 8 bits for each picture, which "
    "Sightline does not: its percentages may be some points apart."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """A checked file.

    Attributes:
        file: The file, still open.
        buffer: The model in it.
        document: The network.
        trace: What was found on the way through it.
        entry: The picture that it takes.
    """

    file: BinaryIO
    buffer: Flatbuffer
    document: Document
    trace: Trace
    entry: Entry


@dataclass(frozen=True, slots=True)
class TfliteSummary(NetworkSummary):
    """What a checked TensorFlow Lite model takes and gives.

    Attributes:
        dtype: Number format of what the stored copy takes.
        scale: What one of its numbers stands for, where they are whole.
        zero_point: The number that stands for 0.
        eight_bits: Whether it has 8-bit numbers anywhere, which engines round at different places.
    """

    dtype: Literal["float32", "uint8", "int8"] = "float32"
    scale: float = 1.0
    zero_point: int = 0
    eight_bits: bool = False


def is_tflite(path: Path) -> bool:
    """Whether a file is called a TensorFlow Lite model or begins like one.

    Raises:
        StorageError: It cannot be read.
    """
    if path.suffix.lower() in {".tflite", ".lite"}:
        return True
    with open_regular(path) as file:
        return file.read(8)[4:] == IDENTIFIER


def inspect_tflite(path: Path, size: tuple[int, int] | None = None) -> TfliteSummary:
    """Check a ``.tflite`` file completely without running anything of it.

    Only what is on Sightline's lists passes: operators, their options, number formats. Shapes are worked out
    by Sightline itself, and sizes are bounded, so that running the network takes no more memory and time than
    is known beforehand.

    Args:
        path: The file.
        size: Height and width for a network that leaves them open.

    Returns:
        What the model takes and gives.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: The file cannot be read.
    """
    with naming_the_file(path), _checked(path, size) as read:
        outputs = _outputs(read.trace)
        scaling = scaling_of(read.trace, read.buffer, read.entry.channels)
        metadata = read_metadata(read.file, read.document.metadata, read.buffer, read.entry.channels)
        if (
            metadata.preprocessing is not None
            and not scaling.decided
            and read.trace.entry.tensor.dtype not in BYTES
        ):
            name = short(read.document.tensors[read.document.input].name)
            reason = f"{name} takes {pixel_words(metadata.preprocessing)} by the file's own description"
            scaling = Scaling(False, metadata.preprocessing, reason)
        kind = _kind(read.trace)
        dtype, scale, zero_point = _numbers_taken(read.trace)
        return TfliteSummary(
            height=read.entry.height,
            width=read.entry.width,
            channels=read.entry.channels,
            outputs=outputs,
            parameters=read.trace.parameters,
            scaling=scaling,
            any_size=read.entry.any_size,
            operations=read.trace.operations,
            meaning=_meaning(read.trace, outputs),
            layout=read.entry.layout,
            kind=kind,
            names=_names(read.document, read.trace),
            dtype=dtype,
            scale=scale,
            zero_point=zero_point,
            eight_bits=any(tensor.dtype in BYTES for tensor in _used(read.trace)),
        )


@dataclass(frozen=True, slots=True)
class TakenBytes:
    """What a model takes whose input has 8-bit numbers.

    Attributes:
        size: Height, width and channels.
        preprocessing: The pixel values with which the bytes of a picture reach it unchanged.
    """

    size: tuple[int, int, int]
    preprocessing: Preprocessing


def bytes_taken(path: Path) -> TakenBytes | None:
    """Look at the input of a model; None where it takes floating numbers.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: The file cannot be read.
    """
    with naming_the_file(path), _opened(path) as (_file, buffer):
        document = parse(buffer)
        tensor = document.tensors[document.input]
        entry = entry_of(tensor)
        if tensor.dtype not in BYTES or tensor.quantisation is None:
            return None
        lowest = -128 if tensor.dtype == "int8" else 0
        pixels = bytes_as_they_are(tensor.quantisation, lowest)
        if pixels is None:
            return None
        return TakenBytes((entry.height, entry.width, entry.channels), canonical(pixels.text))


def proposals(path: Path) -> Metadata:
    """Read what a checked model's metadata propose, names of its classes above all.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: The file cannot be read.
    """
    with naming_the_file(path), _opened(path) as (file, buffer):
        document = parse(buffer)
        channels = entry_of(document.tensors[document.input]).channels
        return read_metadata(file, document.metadata, buffer, channels)


def store_tflite(path: Path, target: Path, cancel: CancelToken, size: tuple[int, int] | None = None) -> None:
    """Write the copy of a model that the library keeps: checked, and written again; see `writing`.

    Args:
        path: The file, which is checked once more.
        target: The copy; replaced where it is there.
        cancel: Token checked between pieces.
        size: As for `inspect_tflite`.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: A file cannot be read or written, or the disk is full.
        Cancelled: The user cancelled.
    """
    with naming_the_file(path), _checked(path, size) as read:
        _outputs(read.trace)
        with storage_errors(target), target.open("wb") as out:
            write_copy(read.document, read.trace, read.buffer, out, cancel)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, Flatbuffer]]:
    with open_regular(path) as file:
        size = file.seek(0, 2)
        if size > MAX_ARCHIVE_BYTES:
            refuse(f"it has {readable_size(size)}, more than {readable_size(MAX_ARCHIVE_BYTES)}")
        file.seek(0)
        start = file.read(_START_BYTES)
        if start[4:8] != IDENTIFIER and (kind := kind_by_start(start)):
            refuse(*kind)
        yield file, Flatbuffer(file, 0, size)


@contextlib.contextmanager
def _checked(path: Path, size: tuple[int, int] | None) -> Iterator[_Read]:
    with _opened(path) as (file, buffer):
        document = parse(buffer)
        entry = entry_of(document.tensors[document.input], size)
        trace = follow(document, buffer, entry.shape)
        _check_finite(trace, buffer)
        yield _Read(file, buffer, document, trace, entry)


def _check_finite(trace: Trace, buffer: Flatbuffer) -> None:
    """Look for NaN and infinity in the weights: OpenVINO's ReLU would make 0 of them."""
    stored = {id(value.tensor): value.tensor for step in trace.steps for value in step.call.inputs if value}
    for tensor in stored.values():
        if tensor.data is None or tensor.dtype not in {"float32", "float16"}:
            continue
        for piece in buffer.pieces(tensor.data, _PIECE):
            numbers = np.frombuffer(buffer.read_once(piece), "<f4" if tensor.dtype == "float32" else "<f2")
            if not np.isfinite(numbers).all():
                refuse(
                    f"its weights {short(tensor.name)} hold numbers that are none (NaN or infinity)",
                    "They are damaged, or the training went wrong: train or convert it again.",
                )


def _outputs(trace: Trace) -> int:
    """Number of outputs: the only side that is longer than 1.

    Raises:
        ModelError: There are several, or too many outputs; or the output is the picture itself.
    """
    shape, count = trace.exit.shape, math.prod(trace.exit.shape)
    if not trace.steps or count not in {1, *shape} or not 1 <= count <= MAX_OUTPUTS:
        refuse("its output is not one number per class")
    last = last_function(trace)
    if last is not None and last.call.name == "SOFTMAX" and last.call.shape()[-1] != count:
        refuse("its output is not one number per class")
    if trace.exit.tensor.dtype not in {"float32", *BYTES}:
        refuse(f"its output holds {trace.exit.tensor.dtype} numbers")
    return count


def _numbers_taken(trace: Trace) -> tuple[Literal["float32", "uint8", "int8"], float, int]:
    """Format, scale and zero point of what the stored copy takes."""
    taken = whole_entry(trace)
    if taken is None or taken.tensor.quantisation is None:
        return "float32", 1.0, 0
    scales, zero_points = taken.tensor.quantisation.scales, taken.tensor.quantisation.zero_points
    return "int8" if taken.tensor.dtype == "int8" else "uint8", scales[0], zero_points[0]


def _used(trace: Trace) -> Iterator[Tensor]:
    for step in trace.steps:
        yield from (value.tensor for value in (*step.call.inputs, *step.results) if value is not None)


_KINDS: dict[str, OutputKind] = {"SOFTMAX": "softmax", "LOGISTIC": "sigmoid"}
_ACTIVATIONS = {
    "SOFTMAX": "softmax", "LOGISTIC": "sigmoid", "LOG_SOFTMAX": "log_softmax", "RELU": "relu",
    "RELU6": "relu6", "TANH": "tanh", "HARD_SWISH": "hard_silu", "ELU": "elu",
    "LEAKY_RELU": "leaky_relu", "GELU": "gelu", "L2_NORMALIZATION": "l2 normalization",
}  # fmt: skip
"""Names of the functions of which an output may come, as the meaning knows them."""
_FUSED = {1: "relu", 2: "relu", 3: "relu6"}


def _kind(trace: Trace) -> OutputKind:
    last = last_function(trace)
    return "unknown" if last is None else _KINDS.get(last.call.name, "logits")


def _meaning(trace: Trace, outputs: int) -> Meaning:
    last = last_function(trace)
    name = "" if last is None else last.call.name
    activation = _ACTIVATIONS.get(name)
    if activation is None:
        fused = last.call.options.get("activation", 0) if last is not None else 0
        activation = _FUSED.get(int(fused) if not isinstance(fused, tuple) else 0, "linear")
    meaning = meaning_of(outputs, {activation}, TrainingSettings())
    words = ""
    if last is not None and last.results[0].tensor.dtype in BYTES:
        words = _EIGHT_BITS
    elif any(eight_bit_weights(step) is not None for step in trace.steps):
        words = _EIGHT_BIT_WEIGHTS
    return replace(meaning, reason=f"{meaning.reason} {words}".strip())


def _names(document: Document, trace: Trace) -> tuple[str, ...]:
    """Names of the network and of what its operators give, from which its family may be known."""
    made = [value.tensor.name for step in trace.steps for value in step.results]
    kept = [
        value.tensor.name
        for step in trace.steps
        for value in step.call.inputs
        if value is not None and value.stored and value.numbers is None
    ]
    names = [document.tensors[document.input].name, *made, *kept]
    return tuple(name for name in dict.fromkeys(map(plain_name, names)) if name)
