"""The copy of an ONNX file that is kept: what the answers need, and nothing else.

Texts, notes, unused operators and numbers, shapes that are worked out anyway, and names that are more than
names go. What is written is our own, field by field, so that the engine's reader never sees a byte of the
file but the numbers.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.files import open_regular
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.inspection.onnx.file.records import NUMBERS, Tensor
from desktop_app.core.library.inspection.onnx.file.refusing import refuse_onnx
from desktop_app.core.library.inspection.onnx.file.wire import Source
from desktop_app.core.library.inspection.onnx.summary import check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.onnx.file.records import Node
    from desktop_app.core.library.inspection.onnx.summary import Checked

_PLAIN = re.compile(r"[A-Za-z0-9_./:-]{1,200}")
_PIECE = 4 * 1024 * 1024
_INPUT, _OUTPUT = "picture", "outputs"


def store_onnx(path: Path, target: Path, cancel: CancelToken) -> None:
    """Write a cleaned copy of an ONNX file.

    Args:
        path: The file, which is checked once more.
        target: The file to write.
        cancel: Token checked between pieces.

    Raises:
        ModelError: The file is refused.
        StorageError: It cannot be read.
        OSError: The copy cannot be written.
        Cancelled: The user cancelled.
    """
    with naming_the_file(path), open_regular(path) as file, target.open("wb") as out:
        source = Source(file)
        for piece in _model(source, check(source)):
            cancel.check()
            out.write(piece)


def _model(source: Source, checked: Checked) -> Iterator[bytes]:
    network = checked.network
    names = _names(checked)
    parts: list[bytes | Tensor] = [_message(1, _node(node, names)) for node in network.nodes]
    parts.append(_message(2, b"network"))
    parts += list(network.tensors.values())
    port = checked.picture.port
    parts.append(_message(11, _port(_INPUT, port.dtype, port.shape or ())))
    rank = len(checked.traced.values[checked.output].shape)
    parts.append(_message(12, _port(_OUTPUT, "float32", (None,) * rank)))
    heads = [_tensor_head(part, names[part.name]) if isinstance(part, Tensor) else b"" for part in parts]
    size = sum(
        len(part) if isinstance(part, bytes) else len(head) + part.bytes
        for part, head in zip(parts, heads, strict=True)
    )
    yield _number(1, network.ir) + _message(8, _number(2, network.opset)) + _tag(7, 2) + _varint(size)
    for part, head in zip(parts, heads, strict=True):
        if isinstance(part, bytes):
            yield part
        else:
            yield head
            yield from _content(source, part)


def _names(checked: Checked) -> dict[str, str]:
    """Plain names for everything: no name of the file gets into the copy but those of its operators."""
    names = {"": ""}
    values = [name for node in checked.network.nodes for name in (*node.inputs, *node.outputs)]
    for name in [*checked.network.tensors, *values]:
        names.setdefault(name, f"v{len(names)}")
    names[checked.picture.port.name] = _INPUT
    if checked.output in checked.network.tensors or checked.output == checked.picture.port.name:
        refuse_onnx("its output is nothing that it computes")
    names[checked.output] = _OUTPUT
    return names


def _content(source: Source, tensor: Tensor) -> Iterator[bytes]:
    if tensor.content is not None:
        yield tensor.content
        return
    end = tensor.start + tensor.bytes
    for start in range(tensor.start, end, _PIECE):
        yield source.read(start, min(end, start + _PIECE))


def _tensor_head(tensor: Tensor, name: str) -> bytes:
    """Everything of a tensor before its bytes."""
    said = b"".join(_number(1, side) for side in tensor.shape) + _number(2, NUMBERS[tensor.dtype])
    if name:
        said += _message(8, name.encode())
    said += _tag(9, 2) + _varint(tensor.bytes)
    return _tag(5, 2) + _varint(len(said) + tensor.bytes) + said


def _node(node: Node, names: dict[str, str]) -> bytes:
    found = b"".join(_message(1, names[name].encode()) for name in _trimmed(node.inputs))
    found += b"".join(_message(2, names[name].encode()) for name in _trimmed(node.outputs))
    if _PLAIN.fullmatch(node.name):
        found += _message(3, node.name.encode())
    found += _message(4, node.kind.encode())
    for name in sorted(node.attributes):
        found += _attribute(name, node.attributes[name])
    return found


def _trimmed(names: Sequence[str]) -> list[str]:
    """Without those at the end that are left out."""
    kept = list(names)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _attribute(name: str, value: Any) -> bytes:
    """An attribute with its type; an empty list is left out, which means the same."""
    match value:
        case float():
            kind, said = 1, _tag(2, 5) + struct.pack("<f", value)
        case int():
            kind, said = 2, _number(3, value)
        case bytes():
            kind, said = 3, _message(4, value)
        case Tensor():
            head = _tensor_head(value, "")[1:]  # its length and what follows it, behind a tag of ours
            kind, said = 4, _tag(5, 2) + head + (value.content or b"")
        case [float(), *_]:
            kind, said = 6, b"".join(_tag(7, 5) + struct.pack("<f", each) for each in value)
        case [int(), *_]:
            kind, said = 7, b"".join(_number(8, each) for each in value)
        case [bytes(), *_]:
            kind, said = 8, b"".join(_message(9, each) for each in value)
        case _:
            return b""
    return _message(5, _message(1, name.encode()) + said + _number(20, kind))


def _port(name: str, dtype: str, shape: Sequence[int | None]) -> bytes:
    sides = b"".join(
        _message(1, _message(2, f"n{axis}".encode()) if side is None else _number(1, side))
        for axis, side in enumerate(shape)
    )
    kind = _number(1, NUMBERS[dtype]) + _message(2, sides)
    return _message(1, name.encode()) + _message(2, _message(1, kind))


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value & (1 << 64) - 1)


def _message(number: int, content: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
