"""What TensorFlow Lite's metadata say about a model: names of its classes and how its pixels were prepared.

They are proposals: nothing in the network depends on them, and whoever writes them may be wrong. The layout
is that of ``metadata_schema.fbs`` of TensorFlow Lite Support; files that they name are in a zip archive
behind the model.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.tflite.format.flatbuffer import Flatbuffer
from desktop_app.core.networks.pixels import Affine, canonical

if TYPE_CHECKING:
    from typing import BinaryIO

    from desktop_app.core.library.inspection.tflite.format.flatbuffer import Span, Table
    from desktop_app.core.networks.pixels import Preprocessing

_IDENTIFIER = b"M001"
_NORMALIZATION = 1
"""``NormalizationOptions`` in the union of process units."""
_AXIS_LABELS, _VALUE_LABELS = 2, 3
"""``TENSOR_AXIS_LABELS`` and ``TENSOR_VALUE_LABELS`` among the types of associated files."""
MAX_METADATA_BYTES = 4 * 1024**2
MAX_LABEL_BYTES = 8 * 1024**2
_MAX_DIRECTORY_BYTES = 64 * 1024
_MAX_MEMBERS = 64
_END = struct.Struct("<4s4H2LH")
_MOST = 100
_UNREADABLE = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    struct.error,
    zlib.error,
)
"""What reading a member of a damaged archive raises."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the metadata propose.

    Attributes:
        labels: Text with the names of the classes; empty where there is none.
        preprocessing: Preparation of the pixels; None where they say none that can be used.
    """

    labels: str = ""
    preprocessing: Preprocessing | None = None


def read_metadata(file: BinaryIO, span: Span | None, buffer: Flatbuffer, channels: int) -> Metadata:
    """Read them; whatever is damaged, unusual or too large is left out.

    Args:
        file: The model file.
        span: Where they are in it.
        buffer: The model.
        channels: Number of the picture's channels.
    """
    if span is None or span.length > MAX_METADATA_BYTES:
        return Metadata()
    try:
        data = buffer.read_once(span)
        root = Flatbuffer(io.BytesIO(data), 0, len(data)).root(_IDENTIFIER)
        graphs = root.tables(3, _MOST, "descriptions")
        if len(graphs) != 1:
            return Metadata()
        inputs, outputs = (graphs[0].tables(field, _MOST, "descriptions") for field in (2, 3))
        pixels = _pixels(inputs[0], channels) if len(inputs) == 1 else None
        name = _labels_file(outputs[0]) if len(outputs) == 1 else ""
    except ModelError:
        return Metadata()
    return Metadata(_member(file, name) if name else "", pixels)


def _pixels(tensor: Table, channels: int) -> Preprocessing | None:
    for unit in tensor.tables(4, _MOST, "descriptions"):
        options = unit.table(1)
        if unit.whole(0, "B") != _NORMALIZATION or options is None:
            continue
        mean, deviation = (options.numbers(field, "f", 64) or () for field in (0, 1))
        if len(mean) not in {1, channels} or len(deviation) not in {1, channels} or not all(deviation):
            return None
        count = max(len(mean), len(deviation))
        means, deviations = (
            [float(value) for value in (values * count if len(values) == 1 else values)]
            for values in (mean, deviation)
        )
        if not all(map(math.isfinite, [*means, *deviations])):
            return None
        affine = Affine(
            _short([1 / each for each in deviations]),
            _short([-center / each for center, each in zip(means, deviations, strict=True)]),
        )
        return _named(affine)
    return None


def _short(values: list[float]) -> tuple[float, ...]:
    return tuple(values) if len(set(values)) > 1 else tuple(values[:1])


def _named(affine: Affine) -> Preprocessing | None:
    try:
        return canonical(affine.text)
    except ValueError:
        return None


def _labels_file(tensor: Table) -> str:
    for file in tensor.tables(6, _MOST, "descriptions"):
        if file.whole(2, "b") in {_AXIS_LABELS, _VALUE_LABELS}:
            return file.text(0)
    return ""


def _member(file: BinaryIO, name: str) -> str:
    """Read a small text from the archive behind the model; empty where it cannot be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size))
    end = file.read(_END.size)
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        return ""
    _, _, _, _, count, directory, _, _ = _END.unpack(end)
    if count > _MAX_MEMBERS or directory > _MAX_DIRECTORY_BYTES:
        return ""
    try:
        with zipfile.ZipFile(file) as archive:
            info = archive.getinfo(name)
            if info.file_size > MAX_LABEL_BYTES or info.compress_type not in {0, 8} or info.flag_bits & 1:
                return ""
            with archive.open(info) as member:
                data = member.read(MAX_LABEL_BYTES + 1)
    except _UNREADABLE:
        return ""
    if len(data) > MAX_LABEL_BYTES:
        return ""
    return data.decode("utf-8-sig", errors="replace")
