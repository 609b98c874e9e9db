from __future__ import annotations

import importlib.util
import json
import sys
from types import ModuleType

import pytest

from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.results import parquet
from desktop_app.core.batch.results.export import Follower, export_job, results_of, write_results
from desktop_app.core.batch.results.parquet import ExportError
from desktop_app.core.batch.run import runner
from desktop_app.core.classify.results import format_results
from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.core.foundation.errors import StorageError
from tests.core.batch.fakes import FakeClassifier, make_folder, new_job


@pytest.fixture
def reader(tmp_path):
    """Open a finished job with a bad file, an odd name, and an empty folder between two full ones."""
    folders = [make_folder(tmp_path / name, 4) for name in ("a", "c")]
    (folders[0] / "2.ppm").write_bytes(b"")
    (folders[0] / "0.ppm").rename(folders[0] / '=1+1, "ü".ppm')
    (tmp_path / "b").mkdir()
    with new_job(tmp_path / "one.job", folders[0], tmp_path / "b", folders[1], top=2) as job:
        runner.run(job, FakeClassifier())
    with JobReader(tmp_path / "one.job") as reader:
        yield reader


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_documents_are_those_of_the_window_letter_by_letter(reader, tmp_path, form):
    results = list(results_of(reader))
    assert len(results) == 9
    assert [bool(result.reason) for result in results].index(True) == 1
    assert results[4].source == str(tmp_path / "b")
    assert export_job(reader, tmp_path / "out", form) == 9
    assert (tmp_path / "out").read_bytes().decode() == format_results(results, form, "colours")


@pytest.mark.parametrize("style", [CsvStyle("labels"), CsvStyle(mark=True), CsvStyle("labels", mark=True)])
def test_csv_in_every_style_is_that_of_the_window(reader, tmp_path, style):
    export_job(reader, tmp_path / "out", "csv", style)
    written = (tmp_path / "out").read_bytes()
    assert written.decode() == format_results(list(results_of(reader)), "csv", "colours", style)
    assert written.startswith(b"\xef\xbb\xbfsource,") is style.mark
    assert len(written.splitlines()) == 1 + (9 if style.rows == "pictures" else 7 * 2 + 2)


def test_an_empty_document_is_one_too(tmp_path):
    for form in ("text", "csv", "json"):
        write_results([], tmp_path / "out", form, "colours", top=1)
        assert (tmp_path / "out").read_text() == format_results([], form, "colours")


def test_json_lines_stand_alone(reader, tmp_path):
    export_job(reader, tmp_path / "out.jsonl", "jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 9
    assert {line["model"] for line in lines} == {"colours"}
    assert {line["engine"]["name"] for line in lines if line["status"] == "ok"} == {"openvino"}
    assert [line["status"] for line in lines].count("error") == 2
    assert lines[0]["predictions"][0]["class_id"].startswith("id-")


def test_what_waits_is_left_out(reader, tmp_path):
    make_folder(tmp_path / "c", 6)
    with Job(reader.path) as job:
        listing = job.listing()
        for piece in listing.more(10):
            job.add(piece)
    assert export_job(reader, tmp_path / "out.csv", "csv") == 9


def test_a_file_is_whole_or_as_it_was(reader, tmp_path):
    target = tmp_path / "out.json"
    target.write_text("before")

    def breaks_off():
        yield from list(results_of(reader))[:3]
        raise OSError(28, "No space left on device")

    for form in ("text", "csv", "json", "jsonl"):
        with pytest.raises(StorageError, match="too full"):
            write_results(breaks_off(), target, form, "colours", top=2)
        assert target.read_text() == "before"
    assert not list(tmp_path.glob(".sightline-*"))


def test_without_pyarrow_parquet_is_refused_before_anything_is_touched(reader, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExportError, match="pyarrow"):
        export_job(reader, tmp_path / "out.parquet", "parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_parquet_has_a_row_for_each_picture(reader, tmp_path):
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    assert export_job(reader, tmp_path / "out.parquet", "parquet") == 9
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["status"] for row in rows].count("error") == 2
    assert rows[1]["label"] == "blue" or rows[1]["reason"]
    [first, second] = rows[0]["predictions"]
    assert first["probability"] == pytest.approx(rows[0]["probability"])
    assert first["probability"] > second["probability"]
    assert {(row["engine"], row["precision"]) for row in rows if not row["reason"]} == {
        ("openvino", "float32")
    }


def test_parquet_is_written_in_row_groups(tmp_path, monkeypatch, reader):
    """With a stand-in, since pyarrow need not be installed."""
    tables = []

    class Writer:
        def __init__(self, sink, schema):
            assert sink == "sink"

        def write_table(self, table):
            tables.append(table)

        def close(self):
            tables.append("closed")

    arrow, arrow_parquet = ModuleType("pyarrow"), ModuleType("pyarrow.parquet")
    for name in ("string", "float64", "bool_"):
        setattr(arrow, name, lambda name=name: name)
    arrow.list_ = arrow.struct = arrow.schema = lambda fields: fields
    arrow.PythonFile = lambda file, mode: "sink"
    arrow.Table = type("Table", (), {"from_pylist": staticmethod(lambda rows, schema: list(rows))})
    arrow_parquet.ParquetWriter = Writer
    monkeypatch.setitem(sys.modules, "pyarrow", arrow)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", arrow_parquet)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(parquet, "_PIECE", 4)
    assert export_job(reader, tmp_path / "out.parquet", "parquet") == 9
    assert [len(table) for table in tables[:-1]] == [4, 4, 1]
    assert tables[-1] == "closed"
    assert tables[0][0]["predictions"][0]["label"] == tables[0][0]["label"]


def test_a_follower_gives_each_result_once_in_the_order_found(reader):
    follower = Follower(reader)
    followed = list(follower.new(finished=True))
    assert followed == list(results_of(reader))
    assert not list(follower.new(finished=True))
