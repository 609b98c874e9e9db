from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.classify.results import Result, format_results
from desktop_app.core.classify.results_csv import LABEL_COLUMNS, CsvStyle, picture_columns
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.kinds.kind import Kind

TABBY = Prediction(
    (ScoredLabel(1, "n02123045", "tabby", 0.83), ScoredLabel(2, "n02124075", "Egyptian_cat", 0.1)), sure=True
)
RESULTS = [
    Result("a.jpg", "vgg19", TABBY, 0.3141, by=AnsweredBy("openvino", "float32", "CPU (2 cores)")),
    Result("=b.jpg", "vgg19", reason="It is empty."),
]
LABELS = CsvStyle("labels")


def rows_of(results, style=CsvStyle()):  # noqa: B008 - frozen
    return list(csv.DictReader(io.StringIO(format_results(results, "csv", "vgg19", style))))


def test_a_picture_has_one_row_with_all_its_labels():
    first, second = rows_of(RESULTS)
    assert list(first) == [
        *("source", "status", "model", "result", "sure", "unlike"),
        *("label1", "probability1", "class_id1", "label2", "probability2", "class_id2"),
        *("seconds", "reason", "engine", "precision"),
    ]
    assert first == {
        "source": "a.jpg",
        "status": "ok",
        "model": "vgg19",
        "result": "tabby",
        "sure": "yes",
        "unlike": "",
        "label1": "tabby",
        "probability1": "0.830000",
        "class_id1": "n02123045",
        "label2": "Egyptian_cat",
        "probability2": "0.100000",
        "class_id2": "n02124075",
        "seconds": "0.3141",
        "reason": "",
        "engine": "openvino",
        "precision": "float32",
    }
    assert (second["engine"], second["precision"]) == ("", "")
    assert (second["status"], second["reason"], second["label1"]) == ("error", "It is empty.", "")


@pytest.mark.parametrize(
    ("prediction", "sure", "result"),
    [
        (TABBY, "yes", "tabby"),
        (replace(TABBY, sure=False), "no", "tabby"),
        (replace(TABBY, distance=2.0), "no", "tabby"),
        (replace(TABBY, distance=0.5), "yes", "tabby"),
        (replace(TABBY, sure=False, kind=Kind("cat", 0.93, 5, first=True)), "yes", "cat"),
        (replace(TABBY, sure=False, kind=Kind("cat", 0.4, 5, first=False)), "no", "tabby"),
    ],
)
@pytest.mark.parametrize("style", [CsvStyle(), LABELS])
def test_sure_is_no_where_the_window_says_not_sure(prediction, sure, result, style):
    row = rows_of([Result("a.jpg", "vgg19", prediction)], style)[0]
    assert row["sure"] == sure == ("no" if prediction.doubtful else "yes")
    assert row.get("result", result) == result


def test_a_row_for_each_label():
    rows = rows_of(RESULTS, LABELS)
    assert [row["label"] for row in rows] == ["tabby", "Egyptian_cat", ""]
    assert rows[0]["probability"] == "0.830000"
    assert (rows[2]["status"], rows[2]["reason"]) == ("error", "It is empty.")


@pytest.mark.parametrize("style", [CsvStyle(), LABELS])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(style, sign):
    label = ScoredLabel(1, f"{sign}id", f"{sign}1+1", 0.9)
    rows = rows_of([Result(f"{sign}b.jpg", "vgg19", Prediction((label,), sure=True))], style)
    cells = [value for row in rows for value in row.values()]
    assert sum(cell.startswith(f"'{sign}") for cell in cells) >= 3
    assert not any(cell.startswith(sign) for cell in cells)


def test_results_with_fewer_labels_leave_columns_empty():
    few = replace(TABBY, labels=TABBY.labels[:1])
    first, second = rows_of([Result("a", "one", few), RESULTS[0]])
    assert (first["label2"], second["label2"]) == ("", "Egyptian_cat")


@pytest.mark.parametrize("rows", ["pictures", "labels"])
def test_a_byte_order_mark_for_excel(rows):
    marked = format_results(RESULTS, "csv", "vgg19", CsvStyle(rows, mark=True))
    assert marked == "\ufeff" + format_results(RESULTS, "csv", "vgg19", CsvStyle(rows))


def test_unlike_is_empty_where_the_model_cannot_say():
    results = [
        Result(name, "m", replace(TABBY, distance=distance)) for name, distance in (("a", 2), ("b", 0.5))
    ]
    assert [row["unlike"] for row in rows_of([*results, RESULTS[0]])] == ["yes", "no", ""]
    rows = rows_of([*results, RESULTS[0]], LABELS)
    assert [row["unlike"] for row in rows] == ["true", "true", "false", "false", "", ""]


def test_new_columns_of_labels_come_last():
    first = (
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
    )
    assert LABEL_COLUMNS[: len(first)] == first


def test_without_results_there_is_a_header():
    assert format_results([], "csv", "vgg19").strip() == ",".join(picture_columns(1))
