"""Damaged files of every format end as pictures or as sentences: never otherwise, never slowly."""

import time

import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from tests.core.images.instruments.test_variants import FORMATS
from tests.core.images.mutations import mutate
from tests.core.images.samples import scene

COUNT = 60
SECONDS = 60
"""Generous for a busy machine: the slowest took 0.05."""


@pytest.mark.parametrize("kind", FORMATS)
def test_a_damaged_file_is_read_or_refused(kind):
    colours = scene()
    files = FORMATS[kind](colours, colours[..., 1].copy())
    outcomes = {"read": 0, "refused": 0}
    started = time.monotonic()
    for seed in range(COUNT):
        _name, data = mutate(files, seed)
        try:
            assert read_image(data).shape[-1] == 3
            outcomes["read"] += 1
        except UnreadableImage:
            outcomes["refused"] += 1

    assert min(outcomes.values()) > 0
    assert time.monotonic() - started < SECONDS
