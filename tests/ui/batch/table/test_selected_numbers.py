import numpy as np
import pytest

from desktop_app.ui.batch.table.selected_numbers import ranges_of


@pytest.mark.parametrize(
    ("selected", "ranges"),
    [
        ([], []),
        ([10], [(0, 0)]),
        ([12, 13, 10], [(0, 0), (2, 3)]),
        ([14, 99], [(4, 4)]),
        ([10, 11, 12, 13, 14], [(0, 4)]),
    ],
)
def test_neighbours_are_one_range(selected, ranges):
    numbers = np.array([10, 11, 12, 13, 14])
    assert ranges_of(numbers, np.array(selected, np.int64)) == ranges
