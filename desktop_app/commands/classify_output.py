"""Where the results of ``sightline classify`` go."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.classify.results_csv import CsvStyle, marks_by_default
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from desktop_app.core.batch.results.export import ExportFormat
    from desktop_app.core.classify.results import Result
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.networks.outputs import Task

STREAMED = ("text", "jsonl")
"""Formats whose first results can be printed before the last are known."""


def check_output(output: str | None, form: ExportFormat) -> None:
    """Check before the work whether its results can be written.

    Raises:
        StorageError: The folder is missing or cannot be written to.
        ExportError: Parquet is asked for where it cannot be written.
    """
    if form == "parquet":
        from desktop_app.core.batch.results.parquet import ExportError, ParquetWriter

        if output is None:
            raise ExportError("Parquet cannot be printed.", "Name a file with --output.")
        ParquetWriter.check()
    if output is None:
        return
    folder = Path(output).absolute().parent
    if not os.path.isdir(folder) or not os.access(folder, os.W_OK):  # noqa: PTH112 never raises
        raise StorageError(
            f"{printable(output)} cannot be written: its folder is missing or closed to you.",
            "Choose a folder that you may write to.",
        )


def write_output(
    results: Iterable[Result],
    options: argparse.Namespace,
    model_id: str,
    *,
    top: int,
    by: AnsweredBy | None,
    task: Task = "classification",
) -> None:
    """Write a whole document to a file, a device, a pipe, or standard output.

    Args:
        results: The results in the order of the document.
        options: The options of the command line: ``output``, ``format`` and the style of CSV.
        model_id: The id of the model.
        top: The number of labels that any result has at most.
        by: What computed most of the results.
        task: What the model's outputs are for.

    Raises:
        StorageError: It cannot be written.
    """
    from desktop_app.core.batch.results.export import write_results, write_stream

    form, style = options.format, _csv_style(options)
    if options.output is None:
        write_stream(results, _StandardOutput(), form, model_id, top=top, style=style, by=by, task=task)
        return
    path = Path(options.output)
    if path.exists() and not path.is_file():  # a device or a pipe takes what it is given
        with storage_errors(path), path.open("wb") as file:
            write_stream(results, file, form, model_id, top=top, style=style, by=by, task=task)
        return
    write_results(results, path, form, model_id, top=top, style=style, by=by, task=task)


def _csv_style(options: argparse.Namespace) -> CsvStyle:
    """Without a choice, only a file gets a byte order mark, and only where Excel opens it."""
    mark = options.csv_bom
    if mark is None:
        mark = options.output is not None and marks_by_default()
    return CsvStyle(options.csv_rows, mark)


class _StandardOutput:
    """Lets standard output replace what the terminal cannot show."""

    def write(self, data: bytes) -> int:
        return sys.stdout.write(data.decode())
