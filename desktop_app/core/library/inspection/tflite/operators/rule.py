"""What a rule of an operator gets and gives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from desktop_app.core.library.inspection.containers.refusal import refuse
from desktop_app.core.library.inspection.tflite.format.advice import CONVERT_PLAINLY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.library.inspection.tflite.format.document import Tensor

    Shape = tuple[int, ...]
    Option = int | float | bool | tuple[int, ...]

FUSED = (0, 1, 2, 3)
"""Activations inside an operator: none, relu, relu_n1_to_1, relu6 (``ActivationFunctionType``)."""


@dataclass(slots=True, eq=False)
class Value:
    """A tensor while the network is followed from its input to its output, for one picture.

    Attributes:
        tensor: The tensor.
        shape: Its shape, as the rules find it.
        numbers: Its numbers, where they are few, whole and known: shapes, axes and the like.
        fixed: Whether it is computed from stored numbers alone, as float16 weights are made float32.
    """

    tensor: Tensor
    shape: Shape
    numbers: NDArray[np.int64] | None = None
    fixed: bool = False

    @property
    def stored(self) -> bool:
        """Whether its numbers are in the file."""
        return self.tensor.data is not None

    @property
    def known(self) -> bool:
        """Whether its numbers do not depend on the picture."""
        return self.stored or self.fixed or self.numbers is not None

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Field:
    """An option of an operator.

    Attributes:
        slot: Its number in the table of options.
        code: Its type, as `struct` names it; ``vector`` for whole numbers, ``flag`` for yes or no.
        default: What it is where the table does not say.
        allowed: The values that are let through; None for all, as far as the rule takes them.
    """

    slot: int
    code: str
    default: Option = 0
    allowed: Collection[Option] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An operator with its inputs.

    Attributes:
        name: The operator's name, such as ``CONV_2D``.
        inputs: What goes in; None for an optional input that is missing.
        options: The options by name.
        outputs: The number of tensors that come out.
    """

    name: str
    inputs: tuple[Value | None, ...]
    options: Mapping[str, Option]
    outputs: int

    def value(self, index: int) -> Value:
        """An input that has to be there.

        Raises:
            ModelError: It is missing.
        """
        found = self.inputs[index] if index < len(self.inputs) else None
        if found is None:
            self.refuse("lacks an input")
        return found

    def shape(self, index: int = 0) -> Shape:
        """Shape of an input."""
        return self.value(index).shape

    def picture(self, index: int = 0) -> Shape:
        """Shape of an input that has to be ``(1, height, width, channels)``.

        Raises:
            ModelError: It is another one.
        """
        shape = self.shape(index)
        if len(shape) != 4:
            self.refuse("gets something that is no picture")
        return shape

    def whole(self, index: int) -> tuple[int, ...]:
        """Whole numbers of an input: a shape, axes, paddings.

        Raises:
            ModelError: They depend on the picture, or are too many.
        """
        numbers = self.value(index).numbers
        if numbers is None:
            self.refuse("has a shape that depends on the picture")
        return tuple(int(number) for number in numbers.reshape(-1))

    def option(self, name: str) -> int:
        """An option that is a whole number."""
        value = self.options[name]
        assert not isinstance(value, tuple)
        return int(value)

    def axis(self, number: int, rank: int) -> int:
        """An axis counted from the front.

        Raises:
            ModelError: There is no such axis.
        """
        if not -rank <= number < rank:
            self.refuse("works along an axis that is not there")
        return number % rank

    def refuse(self, what: str) -> NoReturn:
        """Refuse the model because of this operator.

        Raises:
            ModelError: Always.
        """
        refuse(f"its operator {self.name} {what}", CONVERT_PLAINLY)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of operator on the list.

    Attributes:
        code: Its number in the schema's ``BuiltinOperator``.
        name: Its name.
        rule: Function of a call that gives the shapes of its outputs.
        options_type: Which table its options are, in ``BuiltinOptions``; 0 for none.
        fields: The options.
        inputs: Fewest and most inputs.
        whole: Whether it is let through for 8-bit whole numbers too.
        work: Function of a call and its output's shape that gives the multiplications, where they are more
            than the numbers that come out.
    """

    code: int
    name: str
    rule: Callable[[Call], list[Shape]]
    options_type: int = 0
    fields: Mapping[str, Field] | None = None
    inputs: tuple[int, int] = (1, 1)
    whole: bool = True
    work: Callable[[Call, Shape], int] | None = None
