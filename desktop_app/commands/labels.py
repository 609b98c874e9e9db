"""``sightline labels``: the pictures of a data set whose label is probably wrong, worst first."""

from __future__ import annotations

import csv
import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from desktop_app.commands import DONE, WRONG_USAGE
from desktop_app.commands.question_output import question_lines
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import percent, printable

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.label_mistakes.mistake import LabelMistake, LabelMistakes

_COLUMNS = ("path", "kind", "label", "suggested", "probability", "label_probability", "copies_in")


def labels(options: argparse.Namespace) -> int:
    """Check the data, compare all pictures, and print those whose label is improbable.

    Returns:
        0, or 2 when the data cannot be used or a question about them must be answered first.
    """
    from desktop_app.core.datasets.question import DatasetQuestion
    from desktop_app.core.features.extract import cache_file, extractor
    from desktop_app.core.label_mistakes.search import find_label_mistakes
    from desktop_app.core.library.store import Library

    bar = _Bar()
    try:
        report = _checked(options, bar)
        found = find_label_mistakes(
            report,
            make_compute=partial(extractor, Library.default()),
            cache=cache_file(),
            on_progress=bar.show,
            make_executor=decoding_threads,
        )
    except DatasetQuestion as error:
        bar.close()
        for line in question_lines(error.question):
            print(line, file=sys.stderr)
        return WRONG_USAGE
    except SightlineError as error:
        bar.close()
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    bar.close()
    for sentence in (*report.lost, *([found.limits] if found.limits else [])):
        print(sentence, file=sys.stderr)
    shown = found.found if options.top is None else found.found[: options.top]
    {"text": _print_text, "json": _print_json, "csv": _print_csv}[options.format](report, found, shown)
    return DONE


def _checked(options: argparse.Namespace, bar: _Bar) -> DatasetReport:
    """Check the data.

    Raises:
        DatasetQuestion: A question must be answered first.
        SightlineError: They cannot be used.
    """
    from desktop_app.commands.data_options import answers_of
    from desktop_app.core.datasets.corrections.checking import examine_corrected
    from desktop_app.core.datasets.question import DatasetQuestion

    data = Path(options.data).absolute()
    report = examine_corrected(data, answers=answers_of(options, data), on_progress=bar.show)
    if report.required_question is not None:
        raise DatasetQuestion(report.required_question)
    return report


def _print_text(report: DatasetReport, found: LabelMistakes, shown: tuple[LabelMistake, ...]) -> None:
    print(found.sentence)
    width = max((len(_name(report, mistake)) for mistake in shown), default=0)
    for mistake in shown:
        sure = "" if mistake.probability is None else f"  {percent(mistake.probability):>6}"
        words = f"  the same picture is in {', '.join(mistake.copies_in)}" if mistake.kind == "copy" else ""
        print(f"{_name(report, mistake):<{width}}  {mistake.given} -> {mistake.suggested}{sure}{words}")


def _print_json(report: DatasetReport, found: LabelMistakes, shown: tuple[LabelMistake, ...]) -> None:
    document = {
        "data": printable(str(report.source)),
        "checked": found.checked,
        "unreadable": found.unreadable,
        "not_checked": list(found.small),
        "found": len(found.found),
        "labels": [_as_json(mistake) for mistake in shown],
    }
    print(json.dumps(document, indent=2, ensure_ascii=False))


def _print_csv(_report: DatasetReport, _found: LabelMistakes, shown: tuple[LabelMistake, ...]) -> None:
    writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for mistake in shown:
        writer.writerow(_as_json(mistake) | {"copies_in": "; ".join(mistake.copies_in)})


def _as_json(mistake: LabelMistake) -> dict[str, Any]:
    values = (
        printable(str(mistake.path)),
        mistake.kind,
        mistake.given,
        mistake.suggested,
        mistake.probability,
        mistake.given_probability,
        list(mistake.copies_in),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _name(report: DatasetReport, mistake: LabelMistake) -> str:
    """A picture's path in the data folder."""
    path = mistake.path
    return printable(str(path.relative_to(report.folder) if path.is_relative_to(report.folder) else path))


class _Bar:
    """A progress bar on standard error; none when that is not a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._what: tuple[str, int | None] | None = None

    def show(self, progress: ScanProgress) -> None:
        """Show the progress of one of the steps."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._what != (progress.message, progress.total):
            self.close()
            self._what = (progress.message, progress.total)
            self._bar = tqdm(desc=progress.message, total=progress.total, leave=False, dynamic_ncols=True)
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
