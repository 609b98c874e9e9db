"""A disk that is full, at any time and to any degree, ends a training with a sentence and loses nothing."""

from __future__ import annotations

import pytest

from tests.torture import full_disk

pytestmark = pytest.mark.engine


def test_a_training_goes_on_once_there_is_room():
    assert "finished once there was room" in full_disk.train_everything(3)
