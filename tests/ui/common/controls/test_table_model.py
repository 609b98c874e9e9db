import pytest
from PySide6.QtCore import Qt

from desktop_app.ui.common.controls.table_model import TableModel


class Names(TableModel):
    def count(self):
        return 3

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return f"{index.row()}{index.column()}" if role == Qt.ItemDataRole.DisplayRole else None


@pytest.fixture
def model(qapp):
    return Names(("Name", "Kind"))


def test_it_has_a_row_for_each_entry_and_a_column_for_each_heading(model, qtmodeltester):
    assert (model.rowCount(), model.columnCount()) == (3, 2)
    qtmodeltester.check(model)


def test_a_row_has_no_rows_of_its_own(model):
    row = model.index(0, 0)
    assert (model.rowCount(row), model.columnCount(row)) == (0, 0)


def test_the_headings_stand_above_their_cells(model):
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert [model.headerData(section, across) for section in range(2)] == ["Name", "Kind"]
    left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    assert model.headerData(0, across, Qt.ItemDataRole.TextAlignmentRole) == left
    assert model.headerData(0, down) is None
