"""Attributes of operators: a number, a text, a tensor, or a list of numbers or texts."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.limits import MAX_ATTRIBUTE_NUMBERS, MAX_LOOSE_NUMBERS
from desktop_app.core.library.inspection.onnx.file.records import Tensor
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_damaged, refuse_onnx
from desktop_app.core.library.inspection.onnx.file.tensors import content_of, read_tensor
from desktop_app.core.library.inspection.onnx.file.wire import BYTES, FIXED32, VARINT, signed_varints

if TYPE_CHECKING:
    from desktop_app.core.library.inspection.onnx.file.wire import Field, Source

_FLOAT, _INT, _TEXT, _TENSOR, _FLOATS, _INTS, _TEXTS = 1, 2, 3, 4, 6, 7, 8
"""Kinds of attributes (``AttributeProto.AttributeType``)."""
_LEFT_OUT: dict[int, Any] = {_FLOAT: 0.0, _INT: 0, _TEXT: b"", _FLOATS: [], _INTS: [], _TEXTS: []}
"""A number that is 0, a text and a list that are empty may be left out of the file."""
_ADVICE_LOOPS = (
    "Export it without loops and conditions: torch.onnx.export traces them away where the model is not "
    "scripted. A GRU of Keras becomes a loop: import its .keras file instead."
)


def read_attribute(source: Source, field: Field, kind: str, loose: list[int]) -> tuple[str, Any]:
    """Read an attribute.

    Args:
        source: The file.
        field: The attribute's message.
        kind: The operator's kind, for refusals.
        loose: As `read_tensor` has it.

    Returns:
        Its name and its value: a float, int, bytes, `Tensor` or a list of the first three.

    Raises:
        ModelError: It is damaged, too long, or something else, such as a network of its own.
    """
    if field.type != BYTES:
        refuse_damaged("a part of it is of the wrong type")
    name, stated = "", 0
    found: dict[int, Any] = {}
    for inner in source.fields(field.start, field.end):
        match inner.number:
            case 1:
                name = source.text(inner)
            case 20:
                stated = inner.value
            case 13:
                pass  # a text for people
            case _:
                _take(source, inner, found, kind, loose)
    if stated == 0 and len(found) == 1:
        stated = next(iter(found))
    value = found.get(stated, _LEFT_OUT.get(stated))
    if value is None or set(found) - {stated}:
        refuse_damaged(f"the attribute {short(name)} of its operator {short(kind)} has not one value")
    if isinstance(value, list):
        loose[0] -= len(value)
        if loose[0] < 0:
            refuse_onnx(f"its operator {short(kind)} has an attribute with too many numbers")
    return name, value


def _take(source: Source, field: Field, found: dict[int, Any], kind: str, loose: list[int]) -> None:
    match field.number:
        case 2 if field.type == FIXED32:
            found[_FLOAT] = _float(field.value)
        case 3 if field.type == VARINT:
            found[_INT] = field.signed
        case 4:
            found[_TEXT] = source.bytes(field)
        case 5 if field.type == BYTES:
            found[_TENSOR] = _small(source, read_tensor(source, field.start, field.end, loose))
        case 7:
            found.setdefault(_FLOATS, []).extend(_floats(source, field))
        case 8:
            found.setdefault(_INTS, []).extend(_ints(source, field))
        case 9:
            found.setdefault(_TEXTS, []).append(source.bytes(field))
        case 6 | 11:
            refuse_onnx(
                f"its operator {short(kind)} has a network of its own, for loops or conditions", _ADVICE_LOOPS
            )
        case _:
            refuse_onnx(f"its operator {short(kind)} has an attribute that is not supported")


def _small(source: Source, tensor: Tensor) -> Tensor:
    """Read the numbers of an attribute, where they are few."""
    if tensor.content is not None or not tensor.bytes or tensor.count > MAX_ATTRIBUTE_NUMBERS:
        return tensor
    return Tensor(tensor.name, tensor.dtype, tensor.shape, 0, content_of(source, tensor))


def _floats(source: Source, field: Field) -> list[float]:
    if field.type == FIXED32:
        return [_float(field.value)]
    if field.type != BYTES or field.value > 4 * MAX_LOOSE_NUMBERS or field.value % 4:
        refuse_onnx("it has a list of numbers that is too long")
    return list(struct.unpack(f"<{field.value // 4}f", source.read(field.start, field.end)))


def _ints(source: Source, field: Field) -> list[int]:
    if field.type == VARINT:
        return [field.signed]
    if field.type != BYTES or field.value > 10 * MAX_LOOSE_NUMBERS:
        refuse_onnx("it has a list of numbers that is too long")
    return signed_varints(source.read(field.start, field.end), MAX_LOOSE_NUMBERS)


def _float(bits: int) -> float:
    return float(struct.unpack("<f", struct.pack("<L", bits))[0])
