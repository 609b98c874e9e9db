"""The columns of the table of pictures: their texts, and what they sort by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_app.core.batch.job.rows import Status
from desktop_app.core.foundation.text import duration, percent, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from desktop_app.core.batch.job.filters import Column
    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.networks.outputs import Task

_STATES = {Status.WAITING: "Waiting", Status.DONE: "Done", Status.FAILED: "Can't open"}


@dataclass(frozen=True, slots=True)
class PictureColumn:
    """A column.

    Attributes:
        title: The heading.
        sort: The column of the job that the heading sorts by.
        text: The function that formats a row.
        width: The initial width in letters of the table's font.
        number: Whether it holds numbers, which are aligned on the right.
        tip: The tooltip, where the heading is not enough.
    """

    title: str
    sort: Column
    text: Callable[[Row, JobSpec], str]
    width: int
    number: bool = False
    tip: str = ""


def path_below(row: Row, spec: JobSpec) -> str:
    """The path of a picture below its folder, printable; with the folder's name where there are several."""
    source = spec.sources[row.source]
    if row.path == source or not row.path.is_relative_to(source):
        return row.name
    below = str(row.path.relative_to(source))
    return printable(f"{source.name}/{below}" if len(spec.sources) > 1 else below)


def state(row: Row) -> str:
    """The status of a picture; with the reason when it could not be read."""
    return f"{_STATES[row.status]}: {row.reason}" if row.reason else _STATES[row.status]


def _label(row: Row, _spec: JobSpec) -> str:
    if row.prediction is None:
        return ""
    prediction = row.prediction
    if prediction.task != "classification":
        return f"Unlike ({prediction.plain}?)" if prediction.unlike else prediction.name
    if prediction.unlike:
        return f"Unlike ({prediction.top.readable}?)"
    return prediction.top.readable if prediction.sure else f"{prediction.top.readable}?"


def _probability(row: Row, _spec: JobSpec) -> str:
    if row.prediction is None:
        return ""
    amounts = row.prediction.amounts
    return amounts[0].figure if amounts else percent(row.prediction.top.probability)


def _second(row: Row, _spec: JobSpec) -> str:
    if row.prediction is None or len(row.prediction.labels) < 2:
        return ""
    return row.prediction.labels[1].readable


def _kind(row: Row, _spec: JobSpec) -> str:
    return row.prediction.kind.name if row.prediction is not None and row.prediction.kind is not None else ""


def _seconds(row: Row, _spec: JobSpec) -> str:
    return duration(row.seconds) if row.prediction is not None else ""


_LABEL_TIP = (
    "A question mark means that the model is not sure.\n"
    "Unlike: the picture is unlike anything the model was trained on"
)
COLUMNS = (
    PictureColumn("", "found", lambda _row, _spec: "", 0, tip="The order in which the pictures were found"),
    PictureColumn("Path", "path", path_below, 24),
    PictureColumn("Kind", "kind", _kind, 8, tip="The broader kind: all of its classes are summed"),
    PictureColumn("Label", "label", _label, 14, tip=_LABEL_TIP),
    PictureColumn("Probability", "probability", _probability, 10, number=True),
    PictureColumn("Runner-up", "second", _second, 12),
    PictureColumn("Time", "seconds", _seconds, 8, number=True, tip="Time to read the file and classify it"),
    PictureColumn("Status", "status", lambda row, _spec: state(row), 14),
)
_TITLES: Mapping[Task, Mapping[Column, str]] = {
    "multi-label": {"label": "Labels"},
    "regression": {"label": "Amounts"},
}
_TIPS: Mapping[Task, Mapping[Column, str]] = {
    "multi-label": {
        "label": "The labels that reach their thresholds; a question mark means that one is near it.\n"
        "It sorts by the most probable of them",
        "probability": "The most probable label alone",
    },
    "regression": {"label": "All amounts, in the order of the model"},
}


def title_of(column: PictureColumn, spec: JobSpec | None) -> str:
    """The heading of a column for a job; that of the first amount is its name."""
    if spec is None:
        return column.title
    if spec.task == "regression" and column.sort == "probability":
        return spec.classes[0].readable
    return _TITLES.get(spec.task, {}).get(column.sort, column.title)


def tip_of(column: PictureColumn, spec: JobSpec | None) -> str:
    """The tooltip of a heading for a job."""
    return column.tip if spec is None else _TIPS.get(spec.task, {}).get(column.sort, column.tip)


def is_used(column: PictureColumn, spec: JobSpec | None) -> bool:
    """Whether a job has anything to show in a column."""
    if column.sort == "kind":
        return spec is not None and spec.kinds is not None
    if spec is None or spec.task == "classification":
        return True
    if column.sort == "label":
        return spec.task == "multi-label" or len(spec.classes) > 1
    return column.sort != "second"


_ALIGNMENTS = tuple(
    (Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft)
    | Qt.AlignmentFlag.AlignVCenter
    for column in COLUMNS
)
PICTURE, PATH, KIND, LABEL, PROBABILITY, SECOND, SECONDS, STATUS = range(len(COLUMNS))


def alignment(column: int) -> Qt.AlignmentFlag:
    """The alignment of a column's text and heading."""
    return _ALIGNMENTS[column]


def describe(row: Row, spec: JobSpec) -> str:
    """A picture in one line, for a screen reader."""
    if row.prediction is None:
        return f"{path_below(row, spec)}: {state(row).lower()}"
    return f"{path_below(row, spec)}: {row.prediction.sentence}"


def answer_tip(row: Row) -> str:
    """What is read first, and its broader kind; empty where the model's classes have none."""
    if row.prediction is None or row.prediction.kind is None:
        return ""
    return row.prediction.sentence_with_kind
