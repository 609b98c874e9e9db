"""Numbers in an ONNX file: where they lie, and whether they are what the file says."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from dataclasses import field as field_
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.mapped_file import all_finite
from desktop_app.core.library.inspection.containers.limits import MAX_PARAMETERS
from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.limits import MAX_AXES, MAX_LOOSE_NUMBERS
from desktop_app.core.library.inspection.onnx.file.records import KEPT, TYPES, Tensor, values_of
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged, refuse_onnx
from desktop_app.core.library.inspection.onnx.file.wire import BYTES, FIXED32, VARINT, signed_varints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.onnx.file.wire import Field, Source

_FLOATS, _INT32S, _INT64S, _LOCATION = 4, 5, 7, 14
_LOOSE = {"float32": _FLOATS, "int64": _INT64S} | dict.fromkeys(("uint8", "int8", "int32", "bool"), _INT32S)
"""The field in which numbers of a format may lie instead of in the run of bytes."""
_CHUNK = 1 << 20
_ADVICE_EXTERNAL = (
    "Export it as one file: torch.onnx.export(..., external_data=False), or "
    "onnx.save(model, FILE, save_as_external_data=False)."
)


def read_tensor(source: Source, start: int, end: int, loose: list[int]) -> Tensor:
    """Read what the file says about some numbers; a run of bytes is left where it is.

    Args:
        source: The file.
        start: Where the tensor's message begins.
        end: Where it ends.
        loose: How many numbers may still be read one by one, in its only entry.

    Raises:
        ModelError: They lie in another file, are of a format that is not supported, too many, or not as many
            as the file says.
    """
    said = _Said()
    for field in source.fields(start, end):
        said.take(source, field)
    name, shape = said.name, said.shape
    if len(shape) > MAX_AXES or any(not 0 <= side <= 2**31 for side in shape):
        refuse_onnx(f"its numbers {short(name)} have an impossible shape")
    tensor = Tensor(name, said.dtype, tuple(shape))
    if tensor.count > MAX_PARAMETERS:
        refuse_onnx(f"its numbers {short(name)} are {tensor.count:,}, more than {MAX_PARAMETERS:,}")
    if said.dtype not in KEPT:
        return tensor
    if said.odd:
        refuse_onnx(f"its numbers {short(name)} are stored in an unusual way")
    return _with_place(source, tensor, said.raw, said.singles, loose)


@dataclass(slots=True)
class _Said:
    """What the fields of a tensor say."""

    shape: list[int] = field_(default_factory=list)
    name: str = ""
    dtype: str = ""
    raw: Field | None = None
    singles: dict[int, list[Field]] = field_(default_factory=dict)
    odd: bool = False

    def take(self, source: Source, field: Field) -> None:
        """Take one more field."""
        match field.number:
            case 1:
                self.shape += [field.signed] if field.type == VARINT else _packed(source, field, MAX_AXES)
            case 2:
                self.dtype = TYPES.get(field.value, f"format {field.value}")
            case 8:
                self.name = source.text(field)
            case 9:
                if self.raw is not None or field.type != BYTES:
                    refuse_damaged("numbers in it are given twice")
                self.raw = field
            case 4 | 5 | 7:
                self.singles.setdefault(field.number, []).append(field)
            case 12 | 14 | 16 if not (field.number == _LOCATION and field.value):
                pass  # text, notes, and that the numbers lie here
            case 13 | 14:
                refuse_onnx(
                    f"its numbers {short(self.name)} lie in another file, which could be any file here",
                    _ADVICE_EXTERNAL,
                )
            case _:
                self.odd = True


def _with_place(
    source: Source, tensor: Tensor, raw: Field | None, singles: dict[int, list[Field]], loose: list[int]
) -> Tensor:
    own = _LOOSE[tensor.dtype]
    if raw is not None and not singles:
        if raw.value != tensor.bytes:
            _refuse_count(tensor)
        return Tensor(tensor.name, tensor.dtype, tensor.shape, raw.start)
    if raw is not None or set(singles) - {own}:
        refuse_damaged(f"its numbers {short(tensor.name)} are given twice")
    fields = singles.get(own, [])
    if own == _FLOATS and len(fields) == 1 and fields[0].type == BYTES:
        if fields[0].value != tensor.bytes:
            _refuse_count(tensor)
        return Tensor(tensor.name, tensor.dtype, tensor.shape, fields[0].start)
    loose[0] -= tensor.count
    if loose[0] < 0:
        refuse_onnx(f"more than {MAX_LOOSE_NUMBERS:,} of its numbers are stored one by one")
    return Tensor(tensor.name, tensor.dtype, tensor.shape, 0, _content(source, tensor, fields))


def _content(source: Source, tensor: Tensor, fields: list[Field]) -> bytes:
    """Bring numbers that are stored one by one to a run of bytes."""
    if tensor.dtype == "float32":
        parts = []
        for field in fields:
            if field.type == FIXED32:
                parts.append(struct.pack("<L", field.value))
            elif field.type == BYTES and field.value <= tensor.bytes:
                parts.append(source.read(field.start, field.end))
            else:
                _refuse_count(tensor)
        data = b"".join(parts)
    else:
        numbers: list[int] = []
        for field in fields:
            numbers += (
                [field.signed] if field.type == VARINT else _packed(source, field, max(1, tensor.count))
            )
        limits = (0, 1) if tensor.dtype == "bool" else _limits(tensor.dtype)
        if any(not limits[0] <= number <= limits[1] for number in numbers):
            refuse_damaged(f"numbers of {short(tensor.name)} are beyond their format")
        data = np.array(numbers, np.dtype(tensor.dtype).newbyteorder("<")).tobytes()
    if len(data) != tensor.bytes:
        _refuse_count(tensor)
    return data


def _limits(dtype: str) -> tuple[int, int]:
    info = np.iinfo(dtype)
    return int(info.min), int(info.max)


def _packed(source: Source, field: Field, most: int) -> list[int]:
    if field.type != BYTES:
        refuse_damaged("a list in it is none")
    if field.value > 10 * most:
        refuse_onnx(f"it has a list of more than {most:,} numbers")
    return signed_varints(source.read(field.start, field.end), most)


def _refuse_count(tensor: Tensor) -> None:
    refuse_damaged(f"it does not hold all the numbers of {short(tensor.name)}, or more")


def content_of(source: Source, tensor: Tensor) -> bytes:
    """Read a tensor's bytes, little-endian."""
    if tensor.content is not None:
        return tensor.content
    return source.read(tensor.start, tensor.start + tensor.bytes)


def numbers_of(source: Source, tensor: Tensor) -> NDArray[Any]:
    """Read a small tensor."""
    return values_of(tensor, content_of(source, tensor))


def check_numbers(source: Source, tensor: Tensor) -> None:
    """Look for NaN and infinity, a piece at a time: OpenVINO's ReLU makes 0 of NaN, without a word.

    Raises:
        ModelError: There are some.
    """
    if tensor.dtype == "bool":
        if any(value > 1 for value in content_of(source, tensor)):
            refuse_damaged(f"{short(tensor.name)} holds something besides yes and no")
        return
    if tensor.dtype != "float32":
        return
    end = tensor.start + tensor.bytes
    for start in range(tensor.start, end, 4 * _CHUNK):
        piece = tensor.content
        if piece is None:
            piece = source.read(start, min(end, start + 4 * _CHUNK))
        if not all_finite(np.frombuffer(piece, "<f4")):
            refuse_onnx(
                f"its weights {short(tensor.name)} hold numbers that are none (NaN or infinity)",
                "The training went wrong, or the file is damaged: export the network of an earlier epoch.",
            )
        if tensor.content is not None:
            return
