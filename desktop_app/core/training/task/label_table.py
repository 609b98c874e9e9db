"""The figures of each label as a table, for spreadsheets and for terminals."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted, percent, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop_app.core.training.task.multi_label_evaluation import LabelScore, MultiLabelEvaluation

COLUMNS = ("label", "pictures", "threshold", "precision", "recall", "f1", "average_precision", "auc")

_WIDEST = 24


def to_csv(evaluation: MultiLabelEvaluation) -> str:
    """Write the table with a row for each label; a figure that is not defined is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for score in evaluation.labels:
        shares = (score.precision, score.recall, score.f1, score.average_precision, score.auc)
        figures = ("" if share is None else f"{share:.4f}" for share in shares)
        writer.writerow((score.name, score.pictures, f"{score.threshold:.2f}", *figures))
    return text.getvalue()


def text_lines(evaluation: MultiLabelEvaluation, most: int) -> Iterator[str]:
    """Write the table for a terminal of 80 columns, the labels that are found worst first.

    Args:
        evaluation: The evaluation.
        most: Number of labels at most; a last line says how many more there are.
    """
    shown = worst_first(evaluation.labels)[:most]
    width = min(max((len(printable(score.name)) for score in shown), default=5), _WIDEST)
    yield f"  {'':<{width}}  pictures  precision  recall      F1      AP  threshold"
    for score in shown:
        name = printable(score.name)
        name = name if len(name) <= width else f"{name[: width - 1]}…"
        yield (
            f"  {name:<{width}}  {score.pictures:>8,}  {_text(score.precision):>9}  {_text(score.recall):>6}"
            f"  {_text(score.f1):>6}  {_text(score.average_precision):>6}  {score.threshold:>9.2f}"
        )
    if (more := len(evaluation.labels) - len(shown)) > 0:
        yield f"  and {counted(more, 'label')} with better figures: see labels.csv in the run's folder"


def worst_first(scores: Sequence[LabelScore]) -> list[LabelScore]:
    """Sort labels by their average precision, those without one last."""
    return sorted(scores, key=lambda score: (score.average_precision is None, score.average_precision or 0.0))


def _text(share: float | None) -> str:
    return "-" if share is None else percent(share)
