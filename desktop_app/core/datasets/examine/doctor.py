"""Checks a data set before anything is trained on it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.archives.archives import is_archive, skipped, unpack
from desktop_app.core.datasets.boxes.box_set import BoxesFound
from desktop_app.core.datasets.examine.duplicates import group_alike, group_exact
from desktop_app.core.datasets.examine.files import find_files
from desktop_app.core.datasets.examine.findings import Findings
from desktop_app.core.datasets.examine.other_files import other_files
from desktop_app.core.datasets.examine.picture_facts import Verdict, examine_file
from desktop_app.core.datasets.examine.presence import Presence, is_missing, missing
from desktop_app.core.datasets.examine.scan_cache import ScanCache
from desktop_app.core.datasets.examine.summary import make_report
from desktop_app.core.datasets.groups.redrawing import undivided
from desktop_app.core.datasets.labeling.understanding import understand
from desktop_app.core.datasets.layout.advice import EXPECTED, lead_above
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError, DatasetReport, FileProblem, ScanProgress
from desktop_app.core.datasets.throttle import Throttle
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.decoding.opening import explain, read_head
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, other_kind, picture_format
from desktop_app.core.images.sources import FileSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.images.decoding.reading import PixelReading
    from desktop_app.core.images.left_out import LeftOut

FRESH_SECONDS = 0.1
"""A file that was changed so recently may change again without its time of change telling the difference."""

_MEANWHILE = "it was checked"


def examine(
    data: Path,
    *,
    answers: Answers = NO_ANSWERS,
    cache: Path | None = None,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> DatasetReport:
    """Find the classes, decode every picture once, and compare all of them.

    Files are only read. What is found out about a file is remembered by its path, size and time of change,
    so that a second check does not open it; a check that is cancelled or killed keeps what it had done.

    Args:
        data: A folder, or an archive, which is unpacked first.
        answers: What was decided about how it is read.
        cache: SQLite file with what is known from earlier checks; by default the user's own.
        cancel: Token checked at every file.
        on_progress: Callback for about 20 reports a second at most, in the calling thread; ``done`` and
            ``total`` count files, and bytes of the archive while it is unpacked.

    Returns:
        The report. Classes without a usable picture are in its warnings only.

    Raises:
        DatasetError: The data cannot be trained on; the sentence says what was found.
        DatasetQuestion: A question must be answered first.
        StorageError: An archive cannot be unpacked.
        Cancelled: The user cancelled.
    """
    started = time.monotonic()
    progress = Throttle(on_progress)
    folder = folder_of(data, cancel, on_progress)
    presence = Presence(folder)
    left_out = skipped(folder) if folder != data else ()
    try:
        layout = understand(folder, cancel, answers)
    except DatasetError as error:
        presence.check(_MEANWHILE)
        if type(error) is DatasetError and (others := other_files(folder, (), (), cancel)):
            error = DatasetError(f"{error} Also in it: {others.words}.", f"{_archives(others)}{error.advice}")
        if folder == data:
            raise error from None
        if isinstance(error, DatasetQuestion):
            question = error.question
            reason = question.reason.replace(printable(str(folder)), printable(str(data)))
            raise DatasetQuestion(replace(question, reason=reason)) from error
        raise _about_archive(error, data, folder, left_out) from error
    if answers.groups is not None and answers.groups.redraw:
        layout = undivided(layout)
    findings = Findings(layout.classes)
    findings.problems += [*layout.problems, *left_out]
    files, places = find_files(layout, findings, cancel, progress)
    reading = answers.pixels.of_numbers
    with ScanCache(paths.datasets() / "scan.sqlite" if cache is None else cache, reading=reading) as known:
        for number, (path, place) in enumerate(zip(files, places, strict=True)):
            cancel.check()
            progress(number, len(files), "Checking pictures")
            findings.add(path, place, _verdict(path, known, reading))
    progress(len(files), len(files), "Checking pictures")
    presence.check(_MEANWHILE)
    progress(0, None, "Comparing pictures")
    exact = group_exact(findings.digests)
    alike = group_alike(findings.all_looks(), exact, cancel)
    seconds = time.monotonic() - started
    report = make_report(
        data, layout, findings, exact, alike, seconds=seconds, answers=answers, cancel=cancel
    )
    return replace(report, left_out=other_files(folder, layout.skipped, findings.paths, cancel).words)


def _archives(others: LeftOut) -> str:
    return "Unpack the archives first. " if others.counts["archive"] else ""


def _verdict(path: Path, known: ScanCache, reading: PixelReading) -> Verdict:
    """Look in the cache, else in the file."""
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        return explain(error).reason
    verdict, found = known.get(path, status)
    if found:
        return verdict
    began = time.time()
    verdict, lasting = examine_file(path, reading)
    if lasting and abs(began - status.st_mtime) > FRESH_SECONDS:
        known.put(path, status, verdict)
    return verdict


def folder_of(
    data: Path,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> Path:
    """The folder with the pictures of a data set: itself, or the one that its archive is unpacked to.

    Args:
        data: A folder or an archive.
        cancel: Token checked at every file.
        on_progress: Callback for the progress of unpacking, in bytes.

    Raises:
        DatasetError: It is missing, or neither.
        StorageError: An archive cannot be unpacked.
        Cancelled: The user cancelled.
    """
    return data if FileSource(data).is_folder else _unpacked(data, cancel, on_progress)


def _unpacked(data: Path, cancel: CancelToken, on_progress: Callable[[ScanProgress], None]) -> Path:
    """Unpack an archive.

    Raises:
        DatasetError: It is missing or no archive; the sentence says what it is instead.
    """
    if is_archive(data):
        return unpack(data, paths.datasets(), cancel, on_progress)
    if is_missing(data):
        raise missing(data)
    name = printable(str(data))
    try:
        head = read_head(data, HEAD_BYTES)
    except UnreadableImage as error:
        raise DatasetError(f"{name}: {error}", error.advice) from error
    kind = picture_format(head)
    what = f"a single {kind} picture" if kind else other_kind(head).name if head else "an empty file"
    raise DatasetError(f"{name} is {what}.", f"{EXPECTED} ZIP and TAR files work too.")


def _about_archive(
    error: DatasetError, archive: Path, folder: Path, left_out: Sequence[FileProblem]
) -> DatasetError:
    """Name the archive, which the user knows, instead of the folder that it was unpacked to."""
    reason = str(error).replace(printable(str(folder)), printable(str(archive)))
    if left_out:
        first = left_out[0]
        such_as = f"{printable(first.path.name)}: {first.reason.text}"
        reason += f" {counted(len(left_out), 'file')} in it cannot be used, such as {such_as}"
    kind = BoxesFound if isinstance(error, BoxesFound) else DatasetError
    return kind(reason, error.advice.removeprefix(lead_above(folder)))
