"""The calls that find improbable labels and keep corrections; made in lanes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.workers.threads.decoding import decoding_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.label_mistakes.mistake import LabelMistakes
    from desktop_app.core.library.store import Library


def find(
    report: DatasetReport,
    library: Library,
    cancel: CancelToken,
    *,
    on_progress: Callable[[ScanProgress], None],
) -> LabelMistakes:
    """List the pictures of a data set whose label is improbable."""
    from desktop_app.core.features.extract import cache_file, extractor
    from desktop_app.core.label_mistakes.search import find_label_mistakes

    return find_label_mistakes(
        report,
        make_compute=partial(extractor, library),
        cache=cache_file(),
        on_progress=on_progress,
        check=cancel.check,
        make_executor=decoding_threads,
    )


def save(
    report: DatasetReport, changes: Mapping[Path, Decision | None], decided: Collection[Path]
) -> DatasetReport:
    """Keep changes of a data set's corrections.

    Args:
        report: The data set.
        changes: Decisions by path; None takes one back.
        decided: Paths of the pictures that the window knows decisions about.

    Returns:
        The data set with the decisions about these pictures that are kept now, whatever failed before.
    """
    from desktop_app.core.datasets.corrections.applying import corrected
    from desktop_app.core.datasets.corrections.store import CorrectionStore
    from desktop_app.core.datasets.stored_names import path_of

    kept = CorrectionStore(report.source).change(report.folder, changes)
    stored = {path_of(entry.path, report.folder): entry.decision for entry in kept.corrections}
    known = {*report.decisions, *decided, *changes}
    return corrected(report, {path: decision for path, decision in stored.items() if path in known})


def clear(report: DatasetReport) -> DatasetReport:
    """Take all corrections of a data set back."""
    from desktop_app.core.datasets.corrections.applying import corrected
    from desktop_app.core.datasets.corrections.store import CorrectionStore

    CorrectionStore(report.source).clear()
    return corrected(report, {}, ())
