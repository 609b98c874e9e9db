"""The pictures of a data set in little memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from desktop_app.core.datasets.report import PARTS, Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CODES = (*PARTS, None)


class Examples(Sequence[Example]):
    """A sequence that makes each `Example` on access.

    A hundred thousand of them, each with its path, would be half a million objects, over which the garbage
    collector would go again and again while every thread waits.
    """

    __slots__ = ("_labels", "_parts", "_paths")

    def __init__(self, examples: Iterable[Example]) -> None:
        found = tuple(examples)
        self._paths = tuple(str(example.path) for example in found)
        self._labels = np.fromiter((example.label for example in found), np.int32, len(found))
        self._parts = bytes(_CODES.index(example.part) for example in found)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Example, ...]: ...
    def __getitem__(self, index: int | slice) -> Example | tuple[Example, ...]:
        """One of them, or some."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(len(self))[index])
        return Example(Path(self._paths[index]), int(self._labels[index]), _CODES[self._parts[index]])

    def __iter__(self) -> Iterator[Example]:
        """All of them, one after the other."""
        for path, label, part in zip(self._paths, self._labels.tolist(), self._parts, strict=True):
            yield Example(Path(path), label, _CODES[part])

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same examples in the same order."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # like a list: it may equal a tuple
