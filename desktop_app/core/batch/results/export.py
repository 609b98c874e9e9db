"""Writing the results of a job, one after the other: memory stays flat, and a file is whole or not there."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Literal, Protocol

from desktop_app.core.batch.job.rows import Status
from desktop_app.core.batch.results.parquet import ParquetWriter
from desktop_app.core.classify.results import Result, document_head
from desktop_app.core.classify.results_csv import CsvStyle, CsvWriter
from desktop_app.core.foundation.files import replacing
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from desktop_app.core.batch.job.reader import FolderProblem, JobReader
    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.networks.outputs import Task

ExportFormat = Literal["text", "csv", "json", "jsonl", "parquet"]
_PLAIN = CsvStyle()


def export_job(reader: JobReader, path: Path, form: ExportFormat, style: CsvStyle = _PLAIN) -> int:
    """Write the results so far, in the order found, whole or not at all.

    Args:
        reader: The job.
        path: File to create or replace.
        form: The format.
        style: The style of CSV.

    Returns:
        Number of results.

    Raises:
        StorageError: It cannot be written; what was there before is untouched.
        ExportError: Parquet is asked for, and pyarrow is not installed.
    """
    spec, by = reader.spec, most_by_in(reader)
    return write_results(
        results_of(reader), path, form, spec.model_id, top=spec.top, style=style, by=by, task=spec.task
    )


def write_results(
    results: Iterable[Result],
    path: Path,
    form: ExportFormat,
    model_id: str,
    *,
    top: int,
    style: CsvStyle = _PLAIN,
    by: AnsweredBy | None = None,
    task: Task = "classification",
) -> int:
    """Write results one after the other, whole or not at all; see `export_job` and `write_stream`."""
    if form == "parquet":
        ParquetWriter.check()
    with replacing(path) as file:
        return write_stream(results, file, form, model_id, top=top, style=style, by=by, task=task)


def write_stream(
    results: Iterable[Result],
    file: Sink,
    form: ExportFormat,
    model_id: str,
    *,
    top: int,
    style: CsvStyle = _PLAIN,
    by: AnsweredBy | None = None,
    task: Task = "classification",
) -> int:
    """Write results to an open file, which stays open.

    Args:
        results: The results in the order of the document.
        file: Open for binary writing.
        form: The format; JSON and CSV are the documents of `results.format_results`, letter by letter.
        model_id: The id of the model.
        top: The number of labels that any result has at most.
        style: The style of CSV.
        by: What computed most of the results; in JSON, those of something else name it.
        task: What the model's outputs are for.

    Returns:
        Number of results.
    """
    writer: ResultWriter
    if form == "csv":
        writer = _Csv(file, style, top, task)
    elif form == "parquet":
        writer = ParquetWriter(file, task)
    else:
        writer = _writer(file, form, model_id, by)
    count = 0
    for result in results:
        writer.write(result)
        count += 1
    writer.close()
    return count


def results_of(reader: JobReader) -> Iterator[Result]:
    """Yield the results so far, and the folders without pictures, in the order found."""
    model_id = reader.spec.model_id
    problems = reader.problems()[::-1]
    for row in reader.select():
        while problems and problems[-1].after < row.number:
            problem = problems.pop()
            yield Result(printable(str(problem.path)), model_id, reason=problem.reason)
        if row.status is not Status.WAITING:
            yield row.as_result(model_id)
    for problem in reversed(problems):
        yield Result(printable(str(problem.path)), model_id, reason=problem.reason)


def most_by_in(reader: JobReader) -> AnsweredBy | None:
    """What computed most of a job's results; None where that is unknown."""
    return next((by for by, _count in reader.engines() if by is not None), None)


class Follower:
    """Gives the results of a job as they come, in the order found, each once."""

    def __init__(self, reader: JobReader) -> None:
        """Begin with the first result of the job."""
        self._reader = reader
        self._seen = 0
        self._told: set[Path] = set()

    def new(self, *, finished: bool = False) -> Iterator[Result]:
        """Yield the results since the last call.

        Args:
            finished: Whether nothing else will come.
        """
        model_id = self._reader.spec.model_id
        while rows := self._reader.rows(self._seen):
            problems = self._untold()
            for row in rows:
                yield from self._tell(problems, before=row.number)
                yield row.as_result(model_id)
            self._seen = rows[-1].number
        if finished:
            yield from self._tell(self._untold(), before=None)

    def _untold(self) -> list[FolderProblem]:
        return [problem for problem in self._reader.problems() if problem.path not in self._told]

    def _tell(self, problems: list[FolderProblem], before: int | None) -> Iterator[Result]:
        """Give those that stand before a picture, and take them off the list."""
        while problems and (before is None or problems[0].after < before):
            problem = problems.pop(0)
            self._told.add(problem.path)
            yield Result(printable(str(problem.path)), self._reader.spec.model_id, reason=problem.reason)


class Sink(Protocol):
    """Whatever takes bytes: a file, a pipe, a wrapper around a terminal."""

    def write(self, data: bytes, /) -> int:
        """Take some."""


class ResultWriter(Protocol):
    """Writes one result after the other."""

    def write(self, result: Result) -> None:
        """Append a result."""

    def close(self) -> None:
        """Write the end of the document; the file stays open."""


class _Text:
    """Lines for a person."""

    def __init__(self, file: Sink) -> None:
        self._file = file

    def write(self, result: Result) -> None:
        self._file.write(f"{result.as_text()}\n".encode())

    def close(self) -> None:
        pass


class _JsonLines:
    """One JSON object a line; each names the model and what computed it."""

    def __init__(self, file: Sink) -> None:
        self._file = file

    def write(self, result: Result) -> None:
        self._file.write(json_line(result).encode())

    def close(self) -> None:
        pass


class _Json:
    """One document, as `json.dumps` would indent it."""

    def __init__(self, file: Sink, model_id: str, by: AnsweredBy | None) -> None:
        self._file = file
        self._model_id = model_id
        self._by = by
        self._count = 0
        head = json.dumps(document_head(model_id, by), indent=2, ensure_ascii=False)
        file.write(f'{head.removesuffix("}").rstrip()},\n  "results": ['.encode())

    def write(self, result: Result) -> None:
        text = json.dumps(result.as_json(self._model_id, self._by), indent=2, ensure_ascii=False)
        comma = ",\n" if self._count else "\n"
        self._file.write((comma + textwrap.indent(text, "    ")).encode())
        self._count += 1

    def close(self) -> None:
        self._file.write(b"\n  ]\n}\n" if self._count else b"]\n}\n")


class _Csv:
    """Rows of a table."""

    def __init__(self, file: Sink, style: CsvStyle, top: int, task: Task) -> None:
        self._writer = CsvWriter(_Encoder(file), style, top, {task})

    def write(self, result: Result) -> None:
        self._writer.write(result)

    def close(self) -> None:
        pass


class _Encoder:
    """Encodes text for a binary file."""

    def __init__(self, file: Sink) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def json_line(result: Result) -> str:
    """One result as a line of JSON."""
    line = {**document_head(result.model_id, result.by), **result.as_json(result.model_id, result.by)}
    return json.dumps(line, ensure_ascii=False) + "\n"


def _writer(
    file: Sink, form: Literal["text", "json", "jsonl"], model_id: str, by: AnsweredBy | None
) -> ResultWriter:
    match form:
        case "json":
            return _Json(file, model_id, by)
        case "jsonl":
            return _JsonLines(file)
        case "text":
            return _Text(file)
