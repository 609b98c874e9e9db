"""The steps of a plan, as many as there are pictures, kept as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from desktop_app.core.batch.filing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator


class PlannedSteps(Sequence[Step]):
    """Makes each step when it is asked for.

    100,000 steps with their paths are half a million objects: the garbage collector, which stops every
    thread, would go through all of them again and again.
    """

    def __init__(self, sources: Sequence[str] = (), targets: Sequence[str] = ()) -> None:
        self._sources = list(sources)
        self._targets = list(targets)

    def append(self, step: Step) -> None:
        """Add a step at the end."""
        self._sources.append(str(step.source))
        self._targets.append(str(step.target))

    def __len__(self) -> int:
        return len(self._sources)

    def __iter__(self) -> Iterator[Step]:
        return map(_step, self._sources, self._targets)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> PlannedSteps: ...
    def __getitem__(self, place: int | slice) -> Step | PlannedSteps:
        if isinstance(place, slice):
            return PlannedSteps(self._sources[place], self._targets[place])
        return _step(self._sources[place], self._targets[place])

    def __add__(self, other: PlannedSteps) -> PlannedSteps:
        return PlannedSteps(self._sources + other._sources, self._targets + other._targets)


def _step(source: str, target: str) -> Step:
    return Step.between(Path(source), Path(target))
