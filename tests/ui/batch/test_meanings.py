"""Jobs of models that give labels or amounts, in the table, its filters and the overview."""

from pathlib import Path

import pytest

from desktop_app.core.batch.job.database import NO_LABEL_GIVEN
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.ui.batch.overview.label_model import LabelModel
from desktop_app.ui.batch.table.columns import COLUMNS, LABEL, PROBABILITY, SECOND, is_used, title_of
from desktop_app.ui.batch.table.filter_row import FilterRow
from tests.core.batch.fakes import spec_for
from tests.meanings import AMOUNTS, LABELS, card_of

PICTURE = Path("/pictures/a.png")


def row_of(spec, values):
    return Row(1, 0, PICTURE, Status.DONE, spec.prediction(range(len(values)), values), 0.02)


def texts(spec, values):
    row = row_of(spec, values)
    return [column.text(row, spec) for column in (COLUMNS[LABEL], COLUMNS[PROBABILITY])]


def test_all_labels_that_are_right_are_in_one_cell():
    spec = spec_for(PICTURE, card=card_of(LABELS))
    assert texts(spec, [0.95, 0.92, 0.1]) == ["red, green?", "95.0%"]
    assert texts(spec, [0.2, 0.2, 0.1]) == ["no label", "20.0%"]
    assert title_of(COLUMNS[LABEL], spec) == "Labels"
    assert not is_used(COLUMNS[SECOND], spec)


def test_an_amount_has_its_name_above_and_its_unit():
    spec = spec_for(PICTURE, card=card_of(AMOUNTS))
    assert texts(spec, [12.44, 0.5, 3.0])[1] == "12.44 EUR"
    assert title_of(COLUMNS[PROBABILITY], spec) == "red"
    one = {"classes": [{"class_id": "price", "label": "price"}], "units": ("EUR",), "task": "regression"}
    assert not is_used(COLUMNS[LABEL], spec_for(PICTURE, card=card_of(one)))


@pytest.fixture
def row(qtbot, light):
    result = FilterRow()
    qtbot.addWidget(result)
    result.show()
    return result


def test_pictures_without_a_label_can_be_shown_alone(row):
    row.begin(["red", "green"], "multi-label")
    row.show_labels([(0, 5), (NO_LABEL_GIVEN, 2)])
    assert row._label.itemText(2) == "No label (2)"
    assert not row._least.isVisible()
    row.choose_label(NO_LABEL_GIVEN)
    assert row.filter == RowFilter(label=NO_LABEL_GIVEN)


def test_amounts_are_filtered_by_a_range(row):
    row.begin(["price"], "regression")
    assert not row._label.isVisible()
    row._from.setText("12,5")
    row._from.returnPressed.emit()
    assert row.filter == RowFilter(least=12.5)
    row._to.setText("many")
    row._to.returnPressed.emit()
    assert row.filter == RowFilter(least=12.5)
    assert row._to.toolTip()
    row.begin(["cat", "dog"])
    assert (row._least.isVisible(), row._from.isVisible(), row.filter) == (True, False, RowFilter())


def test_shares_of_labels_are_of_all_pictures_and_none_are_summed_up():
    model = LabelModel()
    names = [f"label {number}" for number in range(20)]
    model.show_labels([*((place, 10) for place in range(20)), (NO_LABEL_GIVEN, 1)], names, 40)
    assert model.rowCount() == 21
    assert model.frequency(0).share == 0.25
    assert model.frequency(20).name == "No label"
