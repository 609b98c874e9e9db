"""Results as Parquet, where pyarrow is installed: one row a picture, its labels as a list."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING, Any

from desktop_app.core.classify.results import meaning_json, unlike_json
from desktop_app.core.foundation.errors import SightlineError

if TYPE_CHECKING:
    from desktop_app.core.batch.results.export import Sink
    from desktop_app.core.classify.results import Result
    from desktop_app.core.networks.outputs import Task

_PIECE = 10_000
"""Rows that are written at a time."""


class ExportError(SightlineError):
    """Results cannot be written in the format that was asked for."""


class ParquetWriter:
    """Writes results in row groups.

    The columns: source, status (``ok`` or ``error``), model, class_id, label and probability of the most
    probable class, sure, seconds, reason, predictions, a list of all classes that were kept, unlike, which
    is empty where the model cannot tell, and engine and precision, empty where they are unknown. A model of
    several labels adds labels, the list of those that are right; one of amounts adds amounts, a list of name,
    value and unit, and leaves the columns of classes empty.
    """

    def __init__(self, file: Sink, task: Task = "classification") -> None:
        """Write the beginning.

        Args:
            file: Takes the bytes.
            task: What the model's outputs are for.

        Raises:
            ExportError: pyarrow is not installed.
        """
        self.check()
        self._arrow: Any = importlib.import_module("pyarrow")
        self._schema = _schema(self._arrow, task)
        parquet: Any = importlib.import_module("pyarrow.parquet")
        self._writer = parquet.ParquetWriter(self._arrow.PythonFile(file, "w"), self._schema)
        self._rows: list[dict[str, object]] = []

    @staticmethod
    def check() -> None:
        """Find out before the work whether Parquet can be written.

        Raises:
            ExportError: pyarrow is not installed.
        """
        if importlib.util.find_spec("pyarrow") is None:
            raise ExportError(
                "Parquet files need the package pyarrow, which is not installed.",
                "Install it beside Sightline ('pip install pyarrow'), or choose CSV or JSON Lines.",
            )

    def write(self, result: Result) -> None:
        """Append a result."""
        self._rows.append(_row(result))
        if len(self._rows) >= _PIECE:
            self._flush()

    def close(self) -> None:
        """Write the end of the document; the file stays open."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []


def _row(result: Result) -> dict[str, object]:
    row: dict[str, object] = {"source": result.source, "model": result.model_id}
    if result.prediction is None:
        return {**row, "status": "error", "reason": result.reason}
    found = meaning_json(result.prediction)
    top = result.prediction.labels[0] if result.prediction.labels else None
    return {
        **row,
        "status": "ok",
        "class_id": None if top is None else top.class_id,
        "label": None if top is None else top.label,
        "probability": None if top is None else top.probability,
        **{name: found[name] for name in ("labels", "amounts") if name in found},
        "sure": result.prediction.sure,
        "seconds": result.seconds,
        "predictions": [
            {"class_id": entry.class_id, "label": entry.label, "probability": entry.probability}
            for entry in result.prediction.labels
        ],
        **unlike_json(result.prediction),
        **({} if result.by is None else {"engine": result.by.engine, "precision": result.by.precision}),
    }


def _schema(arrow: Any, task: Task) -> Any:
    more: dict[Task, list[tuple[str, Any]]] = {}
    if task != "classification":
        amount = [(name, arrow.string()) for name in ("class_id", "name", "unit")]
        amount.insert(2, ("value", arrow.float64()))
        more["multi-label"] = [("labels", arrow.list_(arrow.string()))]
        more["regression"] = [("amounts", arrow.list_(arrow.struct(amount)))]
    entry = [("class_id", arrow.string()), ("label", arrow.string()), ("probability", arrow.float64())]
    return arrow.schema(
        [
            ("source", arrow.string()),
            ("status", arrow.string()),
            ("model", arrow.string()),
            *entry,
            ("sure", arrow.bool_()),
            ("seconds", arrow.float64()),
            ("reason", arrow.string()),
            ("predictions", arrow.list_(arrow.struct(entry))),
            ("unlike", arrow.bool_()),
            ("engine", arrow.string()),
            ("precision", arrow.string()),
            *more.get(task, []),
        ]
    )
