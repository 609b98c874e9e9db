"""Writes the session's results to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.classify.results import Result, ResultFormat, format_results
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.classify.results_csv import CsvStyle


def save(path: Path, results: tuple[Result, ...], model_id: str, style: CsvStyle) -> str:
    """Write results as JSON when the name ends in ``.json``, else as CSV; returns a sentence."""
    from desktop_app.core.foundation.files import write_whole

    form: ResultFormat = "json" if path.suffix.lower() == ".json" else "csv"
    write_whole(path, format_results(results, form, model_id, style))
    count = len(results)
    return f"Saved {count} result{'s' if count != 1 else ''} to {printable(path.name)}."
