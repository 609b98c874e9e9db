"""The labels of a job with their frequencies, as a list model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, Qt

from desktop_app.core.batch.job.filters import label_words
from desktop_app.core.foundation.text import counted, percent
from desktop_app.ui.common.controls.widgets import tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.ui.common.controls.table_model import Index

FREQUENCY_ROLE = Qt.ItemDataRole.UserRole
CHOSEN_ROLE = Qt.ItemDataRole.UserRole + 1
LARGEST_ROLE = Qt.ItemDataRole.UserRole + 2
"""Pictures of the most frequent label: its bar has the full length."""

FIRST = 12
"""Labels shown at first; the others are one row, which `LabelModel.show_all` unfolds."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often a label was given.

    Attributes:
        place: The index of its class in the network's outputs, or the name of a kind; None for all others
            together.
        name: The readable name.
        count: The number of pictures.
        share: The share of all classified pictures, 0..1.
    """

    place: int | str | None
    name: str
    count: int
    share: float

    @property
    def sentence(self) -> str:
        """The label with its figures, as text."""
        return f"{self.name}: {counted(self.count, 'picture')}, {percent(self.share)}"


def _name(place: int | str, names: Sequence[str]) -> str:
    return place if isinstance(place, str) else label_words(place, names)


class LabelModel(QAbstractListModel):
    """The most frequent label first; one may be chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Frequency, ...] = ()
        self._rows: tuple[Frequency, ...] = ()
        self._chosen: int | str | None = None
        self._unfolded = False
        self._overlap = False  # then the pictures of several labels cannot be summed up

    @property
    def chosen(self) -> int | str | None:
        """The index of the chosen class, or the name of the chosen kind."""
        return self._chosen

    @property
    def folded(self) -> int:
        """How many labels there are when some are folded into one row; else 0."""
        return len(self._all) if len(self._rows) < len(self._all) else 0

    @property
    def unfolded(self) -> bool:
        """Whether labels are shown that could be folded into one row."""
        return self._unfolded and not self._overlap and len(self._all) > FIRST + 1

    def show_labels(
        self, labels: Sequence[tuple[int | str, int]], names: Sequence[str], pictures: int | None = None
    ) -> None:
        """Show other frequencies.

        Args:
            labels: The class index, or the name of the kind, and number of pictures of each label, most
                frequent first.
            names: The readable names of all classes.
            pictures: The number of classified pictures, where each may have several labels.
        """
        self._overlap = pictures is not None
        total = max(sum(count for _, count in labels) if pictures is None else pictures, 1)
        self._all = tuple(
            Frequency(place, _name(place, names), count, count / total) for place, count in labels
        )
        self._fold()

    def show_all(self, *, unfolded: bool = True) -> None:
        """Show every label in a row of its own, or only the most frequent ones."""
        self._unfolded = unfolded
        self._fold()

    def choose(self, place: int | str | None) -> None:
        """Mark one class only; a folded one is unfolded."""
        self._chosen = place
        if place is not None and self.row_of(place) is None and any(row.place == place for row in self._all):
            self._unfolded = True
        self._fold()

    def frequency(self, row: int) -> Frequency:
        """What a row shows."""
        return self._rows[row]

    def row_of(self, place: int | str | None) -> int | None:
        """The row of a class or kind."""
        return next((row for row, entry in enumerate(self._rows) if entry.place == place), None)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What the view, the delegate and a screen reader ask about a label."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        chosen = entry.place is not None and entry.place == self._chosen
        answer: object = None
        if role == Qt.ItemDataRole.DisplayRole:
            answer = entry.name
        elif role == FREQUENCY_ROLE:
            answer = entry
        elif role == CHOSEN_ROLE:
            answer = chosen
        elif role == LARGEST_ROLE:
            answer = self._all[0].count
        elif role == Qt.ItemDataRole.ToolTipRole:
            answer = tooltip(f"{entry.sentence}\n{self._hint(entry, chosen=chosen)}")
        elif role == Qt.ItemDataRole.AccessibleTextRole:
            answer = f"{entry.sentence}, the only ones shown" if chosen else entry.sentence
        return answer

    def _hint(self, entry: Frequency, *, chosen: bool) -> str:
        if entry.place is None:
            return "Click to show them"
        return "Click to show all pictures again" if chosen else "Click to show only these pictures"

    def _fold(self) -> None:
        rows = self._all
        if not (self._unfolded or self._overlap) and len(rows) > FIRST + 1:
            others = rows[FIRST:]
            count, share = sum(entry.count for entry in others), sum(entry.share for entry in others)
            rows = (*rows[:FIRST], Frequency(None, f"{len(others):,} other labels", count, share))
        if len(rows) == len(self._rows):
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
