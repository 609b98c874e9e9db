from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.inference import proof_pictures as module
from desktop_app.core.inference.proof_pictures import MADE, proof_pictures
from desktop_app.core.library.proof import FEWEST_PICTURES
from desktop_app.core.networks.input_spec import InputSpec


@pytest.mark.parametrize(("height", "width"), [(8, 8), (31, 17), (64, 96)])
def test_there_are_enough_and_all_are_others(height, width):
    found = proof_pictures(InputSpec(height=height, width=width))
    assert found.shape == (MADE, height, width, 3)
    assert found.dtype == np.uint8
    assert MADE >= FEWEST_PICTURES
    assert len({picture.tobytes() for picture in found}) == MADE
    assert (found.min(), found.max()) == (0, 255)


def test_they_are_the_same_each_time():
    spec = InputSpec(height=16, width=16)
    assert (proof_pictures(spec) == proof_pictures(spec)).all()


def test_the_user_s_own_come_last():
    own = [np.full((16, 16, 3), value, np.uint8) for value in (1, 2)]
    found = proof_pictures(InputSpec(height=16, width=16), own)
    assert len(found) == MADE + 2
    assert (found[-2:] == np.stack(own)).all()


def test_without_the_samples_there_are_as_many(monkeypatch):
    def fail():
        raise StorageError("gone")

    monkeypatch.setattr(module, "sample_files", fail)
    found = proof_pictures(InputSpec(height=16, width=16))
    assert len({picture.tobytes() for picture in found}) == MADE
