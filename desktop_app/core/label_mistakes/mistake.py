"""Pictures of a data set whose label is probably wrong, worst first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

Kind = Literal["copy", "improbable"]
"""``copy``: the same picture is in another class too; ``improbable``: the network sees another class."""


@dataclass(frozen=True, slots=True)
class LabelMistake:
    """One picture.

    Attributes:
        path: Path of its file.
        kind: Why it is listed.
        given: Name of the class that it is in.
        suggested: Name of the class that it probably belongs to.
        probability: Probability of the suggested class, 0..1; None where the pictures were only compared.
        given_probability: Probability of the given class, 0..1; None likewise.
        copies_in: Names of all classes that the picture is in; empty unless it is a ``copy``.
    """

    path: Path
    kind: Kind
    given: str
    suggested: str
    probability: float | None
    given_probability: float | None
    copies_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelMistakes:
    """What a search found.

    Attributes:
        found: Probable mistakes: copies in several classes first, then the least probable labels.
        checked: Number of pictures whose label was judged.
        small: Names of the classes with too few pictures to judge a label.
        unreadable: Number of pictures that could not be read.
    """

    found: tuple[LabelMistake, ...]
    checked: int
    small: tuple[str, ...] = ()
    unreadable: int = 0

    @property
    def sentence(self) -> str:
        """The whole in a line."""
        if not self.found:
            return "No improbable labels found."
        labels = f"{counted(len(self.found), 'label')} of {counted(self.checked, 'picture')}"
        return f"{labels} may be wrong, the least probable first."

    def without(self, paths: Collection[Path]) -> LabelMistakes:
        """The list without these pictures, such as those that were decided about since."""
        return replace(self, found=tuple(mistake for mistake in self.found if mistake.path not in paths))

    @property
    def limits(self) -> str:
        """What was not judged, as sentences; empty when everything was."""
        sentences = []
        if self.small:
            names = ", ".join(self.small[:_MOST_NAMES])
            more = len(self.small) - _MOST_NAMES
            names += f" and {more:,} more" if more > 0 else ""
            sentences.append(f"Not checked: {names} (fewer than {LEAST} pictures).")
        if self.unreadable:
            sentences.append(f"{counted(self.unreadable, 'picture')} couldn't be read.")
        return " ".join(sentences)


LEAST = 5
"""Pictures that a class needs for its labels to be judged: one for each fold."""
_MOST_NAMES = 5
