"""One operator with its inputs and attributes, for the rule that knows its kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from desktop_app.core.library.inspection.containers.limits import MAX_TENSOR_ELEMENTS
from desktop_app.core.library.inspection.containers.refusal import short
from desktop_app.core.library.inspection.onnx.file.limits import MAX_AXES, MAX_KNOWN_NUMBERS
from desktop_app.core.library.inspection.onnx.file.refusing import listed, refuse_damaged, refuse_onnx

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.onnx.file.records import Node

Shape = tuple[int, ...]
FLOAT = "float32"
WHOLE = ("int64", "int32")


@dataclass(slots=True, eq=False)
class Value:
    """What an operator gives, for one picture of one size.

    Attributes:
        dtype: Number format.
        shape: Sizes along its axes, that of pictures (1) included.
        fixed: Whether it is the same for all pictures.
        load: Function that gives its numbers, where they are few and known; None otherwise.
    """

    dtype: str
    shape: Shape
    fixed: bool = False
    load: Callable[[], NDArray[Any]] | None = None

    @property
    def count(self) -> int:
        """Number of its numbers."""
        return math.prod(self.shape)

    @property
    def bytes(self) -> int:
        """Their size in memory."""
        return self.count * np.dtype(self.dtype).itemsize

    @property
    def rank(self) -> int:
        """Number of its axes."""
        return len(self.shape)

    @property
    def known(self) -> NDArray[Any] | None:
        """Its numbers, where they are few and known."""
        return None if self.load is None else self.load()


def constant(numbers: NDArray[Any]) -> Value:
    """A value that is known."""
    return Value(str(numbers.dtype), numbers.shape, True, lambda: numbers)


@dataclass(slots=True)
class Call:
    """An operator of the network.

    Attributes:
        node: What the file says.
        opset: Version of ONNX's operators.
        inputs: Its inputs, None for one that is left out.
        operations: Approximate number of multiplications, to be set by the rule.
    """

    node: Node
    opset: int
    inputs: list[Value | None]
    operations: int = 0
    read: set[str] = field(default_factory=set)

    def refuse(self, what: str, advice: str = "") -> NoReturn:
        """Refuse the network because of this operator.

        Args:
            what: Clause after its kind and name.
            advice: What to do instead of the usual.
        """
        name = f" {short(self.node.name, 40)}" if self.node.name else ""
        clause = f"its operator {self.node.kind}{name} {what}"
        if advice:
            refuse_onnx(clause, advice)
        refuse_onnx(clause)

    def differs(self, what: str) -> NoReturn:
        """Refuse a value of an attribute that OpenVINO is known to answer in another way."""
        self.refuse(f"has {what}, which OpenVINO computes in another way than ONNX says")

    def input(self, index: int, *dtypes: str) -> Value:
        """An input that must be there, of one of some number formats (by default float32)."""
        value = self.inputs[index] if index < len(self.inputs) else None
        if value is None:
            refuse_damaged(f"its operator {short(self.node.kind)} lacks an input")
        allowed = dtypes or (FLOAT,)
        if value.dtype not in allowed:
            self.refuse(f"gets {value.dtype} and not {listed(allowed)}")
        return value

    def optional(self, index: int, *dtypes: str) -> Value | None:
        """An input that may be left out."""
        if index >= len(self.inputs) or self.inputs[index] is None:
            return None
        return self.input(index, *dtypes)

    def numbers(self, index: int, *dtypes: str) -> NDArray[Any]:
        """The numbers of an input, which must be the same for all pictures."""
        found = self.input(index, *dtypes).known
        if found is None:
            self.refuse("gets numbers that depend on the picture where they must not")
        return found

    def ints(self, index: int) -> list[int]:
        """Whole numbers of an input that is the same for all pictures, as a list."""
        return [int(number) for number in self.numbers(index, *WHOLE).reshape(-1)]

    def attribute(self, name: str, kind: type | tuple[type, ...], default: Any) -> Any:
        """An attribute, or its default where it is left out."""
        self.read.add(name)
        value = self.node.attributes.get(name, default)
        if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
            refuse_damaged(f"the attribute {short(name)} of its operator {short(self.node.kind)}")
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse(f"has no number for {name}")
        return value

    def whole(self, name: str, default: int, allowed: Sequence[int] | None = None) -> int:
        """A whole number."""
        value = int(self.attribute(name, int, default))
        if allowed is not None and value not in allowed:
            self.refuse(f"has {name} {value}, and not {listed(allowed)}")
        return value

    def number(self, name: str, default: float) -> float:
        """A number."""
        return float(self.attribute(name, (float, int), default))

    def word(self, name: str, default: str, allowed: Sequence[str]) -> str:
        """A word out of a list."""
        value = self.attribute(name, bytes, default)
        text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        if text not in allowed:
            self.refuse(f"has {name} {short(text)}, and not {listed(allowed)}")
        return text

    def whole_list(self, name: str, default: Sequence[int] | None = None, length: int | None = None) -> Any:
        """Whole numbers; None where they are left out and there is no default."""
        self.read.add(name)
        value = self.node.attributes.get(name, default)
        if value is None:
            return None
        if not isinstance(value, (list, tuple)) or not all(isinstance(each, int) for each in value):
            refuse_damaged(f"the attribute {short(name)} of its operator {short(self.node.kind)}")
        if length is not None and len(value) != length:
            refuse_damaged(f"the attribute {short(name)} of its operator {short(self.node.kind)}")
        return [int(each) for each in value]

    def axis(self, value: int, rank: int) -> int:
        """An axis counted from the start."""
        if not -rank <= value < rank:
            refuse_damaged(f"its operator {short(self.node.kind)} names an axis that there is not")
        return value % rank

    def axes(self, values: Sequence[int], rank: int) -> tuple[int, ...]:
        """Axes counted from the start, each once, in order."""
        found = {self.axis(value, rank) for value in values}
        if len(found) != len(values):
            refuse_damaged(f"its operator {short(self.node.kind)} names an axis twice")
        return tuple(sorted(found))

    def result(self, shape: Sequence[int], dtype: str = FLOAT) -> Value:
        """What the operator gives, the same for all pictures where its inputs are."""
        if len(shape) > MAX_AXES or any(side < 1 for side in shape):
            self.refuse(f"gives nothing that could be computed with: {listed(shape) or 'no'} numbers")
        if math.prod(shape) > MAX_TENSOR_ELEMENTS:
            self.refuse(f"gives {math.prod(shape):,} numbers, more than {MAX_TENSOR_ELEMENTS:,}")
        fixed = all(value is None or value.fixed for value in self.inputs)
        return Value(dtype, tuple(int(side) for side in shape), fixed)

    def worked_out(self, shape: Sequence[int], dtype: str, compute: Callable[..., Any]) -> Value:
        """Like `result`, with the numbers themselves where those of all inputs are known and few."""
        value = self.result(shape, dtype)
        if not value.fixed or value.count > MAX_KNOWN_NUMBERS:
            return value
        known = [None if each is None else each.known for each in self.inputs]
        if any(
            each is not None and numbers is None for each, numbers in zip(self.inputs, known, strict=True)
        ):
            return value
        with np.errstate(all="ignore"):
            numbers = np.asarray(compute(*known)).astype(dtype).reshape(value.shape)
        if not np.isfinite(numbers).all():
            self.refuse("makes a number that is none of constants")
        return Value(dtype, value.shape, True, lambda: numbers)

    def unread(self) -> None:
        """Refuse attributes that no rule has asked for."""
        for name in self.node.attributes:
            if name not in self.read:
                self.refuse(f"has the attribute {short(name)}, which is not supported")

    def outputs(self, most: int) -> None:
        """Refuse outputs beyond the first ones."""
        if any(self.node.outputs[most:]):
            self.refuse("gives more than the results that a network in use has")


Rule = Callable[[Call], list[Value]]
OPERATORS: dict[str, Rule] = {}


def operator(*kinds: str) -> Callable[[Rule], Rule]:
    """Put a rule on the list."""

    def register(rule: Rule) -> Rule:
        for kind in kinds:
            OPERATORS[kind] = rule
        return rule

    return register


def broadcast(call: Call, values: Sequence[Value]) -> Shape:
    """The shape of several values that are computed number by number."""
    try:
        return tuple(np.broadcast_shapes(*(value.shape for value in values)))
    except ValueError:
        refuse_damaged(f"the shapes of its operator {short(call.node.kind)} do not fit each other")
