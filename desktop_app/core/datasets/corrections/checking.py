"""Checks a data set and applies the corrections that are kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.corrections.answer_store import AnswerStore
from desktop_app.core.datasets.corrections.applying import corrected
from desktop_app.core.datasets.corrections.store import CorrectionStore, digest_of
from desktop_app.core.datasets.examine import doctor
from desktop_app.core.datasets.stored_names import path_of
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import SightlineError, StorageError
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.corrections.document import Corrections
    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport, ScanProgress


def examine_corrected(
    data: Path,
    *,
    answers: Answers | None = None,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> DatasetReport:
    """Check a data set as `doctor.examine` does, and apply its corrections.

    A correction is lost, and a warning says so, when its file is gone or has changed since, or its class is
    not in the data any more. When the corrections cannot be read, none is applied, which a warning says too.

    Args:
        data: A folder or an archive.
        answers: What was decided about how it is read; by default what is kept of it.
        cancel: Token checked at every file.
        on_progress: Callback for the progress.

    Raises:
        DatasetError: The data cannot be trained on, or (`DatasetQuestion`) a question is open.
        StorageError: An archive cannot be unpacked, or the answers cannot be read.
        Cancelled: The user cancelled.
    """
    answers = AnswerStore(data).read() if answers is None else answers
    report = doctor.examine(data, answers=answers, cancel=cancel, on_progress=on_progress)
    try:
        kept = CorrectionStore(data).read()
    except SightlineError as error:
        return corrected(report, {}, [f"No corrections are applied. {error.reason.sentence}"])
    if not kept.corrections:
        return report
    decisions, warnings = still_valid(report, kept, cancel)
    return corrected(report, decisions, warnings)


def still_valid(
    report: DatasetReport, kept: Corrections, cancel: CancelToken = NEVER
) -> tuple[dict[Path, Decision], tuple[str, ...]]:
    """Compare corrections with the files that they are about.

    Args:
        report: The data set as its folders are.
        kept: Its corrections.
        cancel: Token checked at every file.

    Returns:
        The decisions that hold, by path, and sentences about the others.

    Raises:
        Cancelled: The user cancelled.
    """
    known = {example.path for example in report.examples}
    # Where pictures have several labels, one class for all of them is no correction.
    names = set(report.class_names) if report.combinations is None else set()
    decisions: dict[Path, Decision] = {}
    gone = changed = without_class = 0
    for entry in kept.corrections:
        cancel.check()
        path = path_of(entry.path, report.folder)
        if path not in known:
            gone += 1
        elif entry.label and entry.label not in names:
            without_class += 1
        elif not _has_content(path, entry.sha256, cancel):
            changed += 1
        else:
            decisions[path] = entry.decision
    reasons = (
        (gone, "its file is gone", "their files are gone"),
        (changed, "its file has changed since", "their files have changed since"),
        (without_class, "its class is not in the data", "their classes are not in the data"),
    )
    return decisions, tuple(
        f"{counted(count, 'correction')} not applied: {one if count == 1 else several}."
        for count, one, several in reasons
        if count
    )


def _has_content(path: Path, sha256: str, cancel: CancelToken) -> bool:
    try:
        return digest_of(path, cancel.check) == sha256
    except StorageError:
        return False
