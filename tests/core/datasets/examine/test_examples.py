import gc
from pathlib import Path

import pytest

from desktop_app.core.datasets.examine.examples import Examples
from desktop_app.core.datasets.report import Example

PLAIN = (
    Example(Path("/data/cats/1.jpg"), 0, "train"),
    Example(Path("/data/cats/\udcff.jpg"), 0, "validation"),
    Example(Path("/data/dogs/ä.jpg"), 1, "test"),
    Example(Path("/data/dogs/2.jpg"), 1, None),
)


def test_they_come_back_as_they_went_in():
    examples = Examples(PLAIN)
    assert len(examples) == 4
    assert tuple(examples) == PLAIN
    assert [examples[number] for number in range(-4, 4)] == [*PLAIN, *PLAIN]
    assert examples[::-2] == PLAIN[::-2]
    assert PLAIN[2] in examples
    assert not Examples(())


def test_there_is_no_more_than_there_is():
    with pytest.raises(IndexError):
        Examples(PLAIN)[4]


def test_they_equal_any_sequence_of_the_same_examples():
    examples = Examples(PLAIN)
    assert examples == Examples(PLAIN)
    assert examples == PLAIN
    assert examples != PLAIN[:3]
    assert examples != Examples(PLAIN[::-1])
    assert examples != 4


def test_the_collector_has_nothing_to_do_with_them():
    gc.collect()
    before = len(gc.get_objects())
    kept = Examples(Example(Path(f"/data/{number}.jpg"), number % 2, None) for number in range(2000))
    gc.collect()
    assert len(gc.get_objects()) - before < 100
    assert len(kept) == 2000
