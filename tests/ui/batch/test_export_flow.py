import importlib.util
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_app.core.classify.results_csv import CsvStyle
from desktop_app.ui.batch.export_flow import ExportFlow
from desktop_app.ui.common import csv_kinds
from desktop_app.ui.common.files.file_dialog import FileDialog
from tests.ui.fake_batch import FakeBatch


@pytest.fixture
def batch(qapp):
    return FakeBatch()


@pytest.fixture
def flow(qtbot, light, batch):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    batch.open_job()
    return ExportFlow(batch, window)


@pytest.fixture
def choose(monkeypatch):
    """Have the user choose a file; returns what the dialog was asked."""
    asked = []

    def chooses(path, kind="CSV, one row a picture (*.csv)"):
        def dialog(*arguments):
            asked.append(arguments)
            return str(path), kind

        monkeypatch.setattr(FileDialog, "save_file", dialog)
        return asked

    return chooses


def press(word):
    """Press a button of the box that is about to open."""

    def find():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.append(f"{box.text()} {box.informativeText()}".strip())
        next(button for button in box.buttons() if button.text().replace("&", "") == word).click()

    texts = []
    QTimer.singleShot(0, find)
    return texts


def pyarrow(monkeypatch, *, there):
    find = importlib.util.find_spec
    spec = object() if there else None
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: spec if name == "pyarrow" else find(name, *more)
    )


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "csv"), ("a.CSV", "csv"), ("a.jsonl", "jsonl"), ("a.json", "json")],
)
def test_the_ending_decides(flow, batch, choose, tmp_path, name, form):
    asked = choose(tmp_path / name)
    flow.begin()
    assert batch.called("export") == [(tmp_path / name, form, CsvStyle())]
    assert asked[0][2].endswith("pets labels.csv")
    assert asked[0][3].count(";;") == 5


@pytest.mark.parametrize(
    ("kind", "style"),
    [
        ("CSV for Excel, one row a picture (*.csv)", CsvStyle(mark=True)),
        ("CSV, one row a label (*.csv)", CsvStyle("labels")),
    ],
)
def test_the_kind_decides_about_the_style_of_csv(flow, batch, choose, tmp_path, kind, style):
    choose(tmp_path / "a.csv", kind)
    flow.begin()
    assert batch.called("export") == [(tmp_path / "a.csv", "csv", style)]


def test_excel_comes_first_where_it_opens_csv(flow, batch, choose, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_kinds, "marks_by_default", lambda: True)
    asked = choose(tmp_path / "a.csv", "")
    flow.begin()
    assert asked[0][3].startswith("CSV for Excel")
    assert batch.called("export") == [(tmp_path / "a.csv", "csv", CsvStyle(mark=True))]


def test_the_home_folder_is_proposed_where_there_is_none_for_documents(flow, choose, tmp_path, monkeypatch):
    documents, home = tmp_path / "Documents", tmp_path / "home"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(documents))
    monkeypatch.setattr(Path, "home", lambda: home)
    asked = choose("")
    flow.begin()
    documents.mkdir()
    flow.begin()
    assert [arguments[2] for arguments in asked] == [
        str(home / "pets labels.csv"),
        str(documents / "pets labels.csv"),
    ]


@pytest.mark.parametrize(
    ("kind", "ending", "form"),
    [("JSON Lines (*.jsonl)", ".jsonl", "jsonl"), ("JSON (*.json)", ".json", "json"), ("", ".csv", "csv")],
)
def test_a_name_without_ending_gets_that_of_the_kind(flow, batch, choose, tmp_path, kind, ending, form):
    choose(tmp_path / "results 1.5", kind)
    flow.begin()
    assert batch.called("export") == [(tmp_path / f"results 1.5{ending}", form, CsvStyle())]


@pytest.mark.parametrize(("word", "count"), [("Replace", 1), ("Cancel", 0)])
def test_a_file_that_the_ending_leads_to_is_asked_about(flow, batch, choose, tmp_path, word, count):
    (tmp_path / "results.csv").write_text("before")
    choose(tmp_path / "results")
    texts = press(word)
    flow.begin()
    assert texts == ["results.csv already exists."]
    assert len(batch.called("export")) == count


def test_giving_up_exports_nothing(flow, batch, choose):
    choose("")
    flow.begin()
    batch.opened = None
    choose("/a.csv")
    flow.begin()
    assert batch.called("export") == []


def test_parquet_is_written_where_pyarrow_is(flow, batch, choose, tmp_path, monkeypatch):
    pyarrow(monkeypatch, there=True)
    choose(tmp_path / "a", "Parquet (*.parquet)")
    flow.begin()
    assert batch.called("export") == [(tmp_path / "a.parquet", "parquet", CsvStyle())]


def test_without_pyarrow_it_is_said_what_to_do(flow, batch, choose, tmp_path, monkeypatch):
    pyarrow(monkeypatch, there=False)
    choose(tmp_path / "a.parquet")
    texts = press("OK")
    flow.begin()
    assert "pyarrow, which is not installed" in texts[0]
    assert "CSV or JSON Lines" in texts[0]
    assert batch.called("export") == []
