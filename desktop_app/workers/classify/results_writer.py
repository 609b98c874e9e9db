"""Writes the session's results to a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.classify.results import Result, ResultFormat, format_results
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """Write these results as JSON when the name ends in ``.json``, else as CSV."""

    path: Path
    results: tuple[Result, ...]
    model_id: str


class ResultsWriter(QObject):
    """Wraps `format_results` and `write_whole`."""

    ended = Signal(str)

    @Slot(object)
    def save(self, request: SaveRequest) -> None:
        """Write the file, and report the outcome."""
        from desktop_app.core.foundation.files import write_whole

        form: ResultFormat = "json" if request.path.suffix.lower() == ".json" else "csv"
        try:
            write_whole(request.path, format_results(request.results, form, request.model_id))
        except SightlineError as error:
            self.ended.emit(error.reason.sentence)
        else:
            count = len(request.results)
            name = printable(request.path.name)
            self.ended.emit(f"Saved {count} result{'s' if count != 1 else ''} to {name}.")
