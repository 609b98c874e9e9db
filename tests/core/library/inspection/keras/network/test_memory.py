"""The memory of small networks, worked out by hand."""

from __future__ import annotations

import pytest

from desktop_app.core.library.inspection.keras.network.memory import called, entry, peak

FLOAT = {"dtype": "float32"}
DOUBLE = {"dtype": {"config": {"name": "float64"}}}


def chain(*sizes, config=FLOAT):
    results = [entry((10,))]
    for size in sizes:
        results += called(results[-1:], [(size,)], config, 0)
    return results


def test_a_chain_needs_two_results_at_a_time():
    assert peak(chain()) == 80
    assert peak(chain(5)) == 80 + 20
    assert peak(chain(5, 100, 7, 30)) == 4 * (100 + 7)


def test_what_is_needed_later_is_kept():
    results = chain(5, 6, 7)
    results += called([results[1], results[-1]], [(8,)], FLOAT, 0)
    assert peak(results[:-1]) == 80 + 20
    assert peak(results) == max(80 + 20, 4 * (5 + 6), 4 * (5 + 6 + 7), 4 * (5 + 7 + 8))
    results += called([results[0], results[-1]], [(1,)], FLOAT, 0)
    assert peak(results) == 80 + 4 * (5 + 7 + 8)


@pytest.mark.parametrize("count", [1, 12])
def test_branches_count_together(count):
    start = entry((10,))
    branches = [called([start], [(10,)], FLOAT, 0)[0] for _ in range(count)]
    total = called(branches, [(10,)], FLOAT, 0)
    assert peak([start, *branches, *total]) == max(80 + 40 * count, 40 * count + 40)


def test_what_a_call_takes_besides_is_given_back():
    results = chain(5)
    results += called(results[-1:], [(5,)], FLOAT, 1000)
    assert peak(results) == 20 + 20 + 4000
    results += called(results[-1:], [(2000,)], FLOAT, 0)
    assert peak(results) == 20 + 8000


def test_double_precision_takes_double_and_a_converted_input():
    assert peak(chain(5, 5, config=DOUBLE)) == 80 + 40
    results = chain(100)
    results += called(results[-1:], [(100,)], DOUBLE, 0)
    assert peak(results) == 400 + 800 + 800
