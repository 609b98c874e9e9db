import gc
import random

import pytest

from desktop_app.core.foundation.gc_pause import collector_resting, sorted_gently


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 5000])
def test_it_sorts_like_sorted(count):
    dice = random.Random(count)
    items = [(dice.randrange(50), number) for number in range(count)]

    assert sorted_gently(items, lambda item: item[0]) == sorted(items, key=lambda item: item[0])


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_rests_and_is_as_it_was_afterwards(enabled):
    before = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        with collector_resting():
            assert not gc.isenabled()
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_what_stays_is_passed_over_by_the_collector():
    frozen = gc.get_freeze_count()
    with collector_resting(keep=True):
        made = [[number] for number in range(100)]
    assert gc.get_freeze_count() >= frozen + len(made)
