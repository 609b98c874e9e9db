"""What an ONNX file says, as plain records."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPES: dict[int, str] = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "string",
    9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 16: "bfloat16",
}  # fmt: skip
"""Number formats by their number in the file (``TensorProto.DataType``)."""
NUMBERS = {name: number for number, name in TYPES.items()}
KEPT = ("float32", "uint8", "int8", "int32", "int64", "bool")
"""Formats that a network may hold and compute with."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """Numbers in the file.

    Attributes:
        name: Its name; empty for one in an attribute.
        dtype: Number format; what is not one of `KEPT` is not read, and refused where it is needed.
        shape: Sizes along its axes; empty for a single number.
        start: Place of its bytes in the file, little-endian, row by row.
        content: The bytes themselves, where they do not lie so in the file.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int = 0
    content: bytes | None = None

    @property
    def count(self) -> int:
        """Number of its numbers."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Size of its numbers; 0 for a format that is not read."""
        if self.dtype not in KEPT:
            return 0
        return self.count * np.dtype(self.dtype).itemsize


@dataclass(frozen=True, slots=True)
class Node:
    """One operator.

    Attributes:
        kind: Its name, such as ``Conv``.
        domain: Its domain; empty for ONNX's own.
        name: What the file calls it; may be empty.
        inputs: Names of its inputs; empty where one is left out.
        outputs: Names of its outputs; empty where one is not wanted.
        attributes: Its attributes by name.
    """

    kind: str
    domain: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of the whole network.

    Attributes:
        name: Its name.
        dtype: Number format; empty for a sequence or map.
        shape: Sizes along its axes, None for one that is left open; None where nothing is said.
    """

    name: str
    dtype: str
    shape: tuple[int | None, ...] | None


@dataclass(slots=True)
class Network:
    """A whole file.

    Attributes:
        opset: Version of ONNX's operators.
        ir: Version of the file format.
        learned: Whether it may have operators of scikit-learn, as its exporter says of all files.
        producer: Program that wrote it, as it calls itself.
        nodes: Operators in the file's order; constants are among `tensors`.
        tensors: Numbers by their name.
        inputs: Inputs that the file does not fill itself.
        outputs: Outputs.
        clues: Other names in the file that tell where the network comes from.
    """

    opset: int = 0
    ir: int = 0
    learned: bool = False
    producer: str = ""
    nodes: list[Node] = field(default_factory=list)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    inputs: list[Port] = field(default_factory=list)
    outputs: list[Port] = field(default_factory=list)
    clues: list[str] = field(default_factory=list)


def values_of(tensor: Tensor, data: bytes) -> NDArray[Any]:
    """Make an array of a tensor's bytes."""
    return np.frombuffer(data, np.dtype(tensor.dtype).newbyteorder("<")).reshape(tensor.shape)
