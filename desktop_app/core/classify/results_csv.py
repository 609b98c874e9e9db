"""Results as CSV: one row a picture, or one a label."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from desktop_app.core.classify.prediction import Prediction, ScoredLabel
    from desktop_app.core.classify.results import Result
    from desktop_app.core.networks.outputs import Task

CsvRows = Literal["pictures", "labels"]

LABEL_COLUMNS = (
    "source",
    "status",
    "model",
    "rank",
    "class_id",
    "label",
    "probability",
    "seconds",
    "reason",
    "unlike",
    "sure",
    "engine",
    "precision",
)
"""The columns of one row a label, as earlier builds wrote them; new ones come last."""

_MORE_COLUMNS: Mapping[Task, tuple[str, ...]] = {
    "classification": (),
    "multi-label": ("threshold", "right"),
    "regression": ("value", "unit"),
    "embedding": (),
}
"""What rows have besides where a model does something else than choose one of several classes."""

_ONE_CLASS: tuple[Task, ...] = ("classification",)

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""The byte order mark, without which Excel takes UTF-8 for the system's old encoding."""


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How to write CSV.

    Attributes:
        rows: What has a row of its own: a picture with all its labels, or each label.
        mark: Whether to begin with a byte order mark, for Excel.
    """

    rows: CsvRows = "pictures"
    mark: bool = False


def marks_by_default() -> bool:
    """Whether files begin with a byte order mark unless asked otherwise: where Excel opens CSV."""
    return os.name == "nt"


class TextSink(Protocol):
    """Whatever takes text."""

    def write(self, text: str, /) -> Any:
        """Take some."""


class CsvWriter:
    """Writes one result after the other."""

    def __init__(
        self, file: TextSink, style: CsvStyle, top: int, tasks: Collection[Task] = _ONE_CLASS
    ) -> None:
        """Write the header.

        Args:
            file: Takes the text.
            style: The style.
            top: The number of labels or amounts that any result has at most.
            tasks: What the outputs of the models are for, where results of several stand together.
        """
        if style.mark:
            file.write(_MARK)
        columns, self._rows_of = _FORMS[style.rows]
        self._writer = csv.DictWriter(
            file, columns(top, tasks or _ONE_CLASS), restval="", lineterminator="\n"
        )
        self._writer.writeheader()

    def write(self, result: Result) -> None:
        """Append a result."""
        self._writer.writerows(self._rows_of(result))


def picture_columns(top: int, tasks: Collection[Task] = _ONE_CLASS) -> Sequence[str]:
    """The columns of one row a picture: what the window reads first, then all labels, best first.

    Of amounts there are name, value and unit, in the order of the model.
    """
    names = ("amount", "value", "unit") if "regression" in tasks else ()
    if set(tasks) != {"regression"}:
        more = _MORE_COLUMNS["multi-label"] if "multi-label" in tasks else ()
        names = ("label", "probability", "class_id", *more, *names)
    labels = [f"{name}{rank}" for rank in range(1, top + 1) for name in names]
    return (
        "source",
        "status",
        "model",
        "result",
        "sure",
        "unlike",
        *labels,
        "seconds",
        "reason",
        "engine",
        "precision",
    )


def _label_columns(_top: int, tasks: Collection[Task]) -> Sequence[str]:
    more = (names for task, names in _MORE_COLUMNS.items() if task in tasks)
    return (*LABEL_COLUMNS, *chain.from_iterable(more))


def _picture_rows(result: Result) -> Iterator[dict[str, object]]:
    row = _beginning(result)
    prediction = result.prediction
    if prediction is not None:
        row["result"] = _not_a_formula(prediction.plain)
        row["sure"] = _sure(prediction)
        row["unlike"] = "" if prediction.distance is None else _yes(prediction.unlike)
        row["seconds"] = f"{result.seconds:.4f}"
        for entry in prediction.labels:
            row[f"label{entry.rank}"] = _not_a_formula(entry.label)
            row[f"probability{entry.rank}"] = f"{entry.probability:.6f}"
            row[f"class_id{entry.rank}"] = _not_a_formula(entry.class_id)
            row |= {f"{name}{entry.rank}": value for name, value in _threshold(entry).items()}
        for number, each in enumerate(prediction.amounts, start=1):
            row[f"amount{number}"] = _not_a_formula(each.name)
            row[f"value{number}"] = each.value
            row[f"unit{number}"] = _not_a_formula(each.unit)
    yield row


def _label_rows(result: Result) -> Iterator[dict[str, object]]:
    """One row for each label, or one with the reason."""
    row = _beginning(result)
    if result.prediction is None:
        yield row
        return
    for entry in result.prediction.labels:
        yield {
            **row,
            "rank": entry.rank,
            "class_id": _not_a_formula(entry.class_id),
            "label": _not_a_formula(entry.label),
            "probability": f"{entry.probability:.6f}",
            "seconds": f"{result.seconds:.4f}",
            "unlike": "" if result.prediction.distance is None else str(result.prediction.unlike).lower(),
            "sure": _sure(result.prediction),
            **_threshold(entry),
        }
    for number, each in enumerate(result.prediction.amounts, start=1):
        yield {
            **row,
            "rank": number,
            "class_id": _not_a_formula(each.class_id),
            "label": _not_a_formula(each.name),
            "value": each.value,
            "unit": _not_a_formula(each.unit),
            "seconds": f"{result.seconds:.4f}",
            "sure": _sure(result.prediction),
        }


def _threshold(entry: ScoredLabel) -> dict[str, object]:
    """The threshold of a label and whether it is right; nothing for one of several classes."""
    return {} if entry.threshold is None else {"threshold": entry.threshold, "right": _yes(entry.right)}


def _beginning(result: Result) -> dict[str, object]:
    row: dict[str, object] = {"source": _not_a_formula(result.source), "model": result.model_id}
    if result.prediction is None:
        return {**row, "status": "error", "reason": _not_a_formula(result.reason)}
    if result.by is not None:
        row |= {"engine": result.by.engine, "precision": result.by.precision}
    return {**row, "status": "ok"}


def _sure(prediction: Prediction) -> str:
    return _yes(not prediction.doubtful)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _not_a_formula(text: str) -> str:
    """Keep a spreadsheet from running a file name or a label as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


_FORMS: dict[
    CsvRows,
    tuple[Callable[[int, Collection[Task]], Sequence[str]], Callable[[Result], Iterator[dict[str, object]]]],
] = {
    "pictures": (picture_columns, _picture_rows),
    "labels": (_label_columns, _label_rows),
}
