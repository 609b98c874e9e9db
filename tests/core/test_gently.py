import random

import pytest

from desktop_app.core.gently import sorted_gently


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 5000])
def test_it_sorts_like_sorted(count):
    dice = random.Random(count)
    items = [(dice.randrange(50), number) for number in range(count)]

    assert sorted_gently(items, lambda item: item[0]) == sorted(items, key=lambda item: item[0])
