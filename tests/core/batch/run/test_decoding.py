from __future__ import annotations

import random
import threading
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.batch.run import decoding
from desktop_app.core.batch.run.decoding import ParallelDecoder, default_parallel, read_or_reason
from desktop_app.core.foundation.errors import UnreadableImage

pytestmark = pytest.mark.engine


def pixels_of(path):
    return np.full((4, 4, 3), int(path.name) % 256, np.uint8)


def pictures(*numbers):
    return [(number, Path(str(number))) for number in numbers]


def test_the_order_is_that_in_which_they_were_added(engine):
    dice = random.Random(1)
    waits = [dice.uniform(0, 0.004) for _ in range(200)]

    def prepare(path):
        threading.Event().wait(waits[int(path.name)])
        return pixels_of(path)

    with ParallelDecoder(prepare, ahead=16, parallel=4) as decoder:
        decoder.add(pictures(*range(150)))
        taken = [picture for _ in range(25) for picture in decoder.take(4)]
        decoder.add(pictures(*range(150, 200)))
        taken += [picture for _ in range(20) for picture in decoder.take(5)]
        assert decoder.pending == 0
    assert [picture.number for picture in taken] == list(range(200))
    assert all(picture.pixels[0, 0, 0] == picture.number for picture in taken)
    assert all(picture.seconds > 0 for picture in taken)


def test_no_more_than_asked_are_held(engine):
    begun = []

    def prepare(path):
        begun.append(path)
        return pixels_of(path)

    with ParallelDecoder(prepare, ahead=10, parallel=3) as decoder:
        decoder.add(pictures(*range(1000)))
        for taken in range(1, 101):
            decoder.take(1)
            assert len(begun) <= taken + 10


def test_several_are_decoded_at_the_same_time(engine):
    together = threading.Barrier(3, timeout=20)

    def prepare(path):
        together.wait()
        return pixels_of(path)

    with ParallelDecoder(prepare, ahead=6, parallel=3) as decoder:
        decoder.add(pictures(*range(6)))
        assert [picture.reason for picture in decoder.take(9)] == [""] * 6


def test_ending_early_waits_for_nothing(engine):
    with ParallelDecoder(pixels_of, ahead=4, parallel=2) as decoder:
        decoder.add(pictures(*range(100)))
        decoder.take(1)
    with ParallelDecoder(pixels_of, ahead=4) as decoder:
        decoder.add(pictures(1))


def test_whatever_is_wrong_becomes_the_reason():
    def fails(error):
        def prepare(_path):
            raise error

        return read_or_reason(1, Path("a"), prepare)

    decoded = fails(UnreadableImage("It is empty.", "Copy it again."))
    assert (decoded.pixels, decoded.reason) == (None, "It is empty. Copy it again.")
    assert "not enough free memory" in fails(MemoryError()).reason
    assert fails(RuntimeError("odd\nthing")).reason == "It cannot be read: odd\N{REPLACEMENT CHARACTER}thing."
    assert fails(RuntimeError()).reason == "It cannot be read: RuntimeError."


def test_there_is_always_a_thread():
    assert 1 <= default_parallel() <= decoding.MAX_PARALLEL
