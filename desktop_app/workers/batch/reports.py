"""The calls that go through all rows of a job: to score the model, and to write them to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.gc_pause import collector_resting
from desktop_app.core.foundation.text import printable
from desktop_app.workers.batch.messages import Findings

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.batch.results.export import ExportFormat
    from desktop_app.core.classify.results_csv import CsvStyle
    from desktop_app.core.foundation.cancellation import CancelToken


def score_job(job: Path, cancel: CancelToken) -> Findings:
    """Compare predictions with folders, or sum amounts up."""
    from desktop_app.core.batch.filing.places_reader import PlacesReader
    from desktop_app.core.batch.results.scoring import score, why_no_scores

    with PlacesReader(job, cancel, as_found=True) as reader, collector_resting():
        unscored = why_no_scores(reader)
        amounts = tuple(f"{each.words}." for each in reader.amounts())
        return Findings(score(reader), ((unscored,) if unscored else ()) + amounts)


def export_to(job: Path, target: Path, form: ExportFormat, style: CsvStyle, cancel: CancelToken) -> str:
    """Write the results of a job to a file; returns a sentence. A cancelled call leaves an old file alone."""
    from desktop_app.core.batch.filing.places_reader import PlacesReader
    from desktop_app.core.batch.results.export import export_job

    with PlacesReader(job, cancel) as reader, collector_resting():
        count = export_job(reader, target, form, style)
    return f"{count:,} result{'s' if count != 1 else ''} written to {printable(target.name)}."
