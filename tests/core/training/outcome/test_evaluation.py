from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.training.outcome import evaluation
from tests.tiny_model import colour_network

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


class ManyBatches:
    """Batches of two pictures each, red before blue."""

    pictures = 40

    def plain(self):
        pictures = np.zeros((2, 8, 8, 3), np.float32)
        pictures[0, ..., 0] = pictures[1, ..., 2] = 255
        return [(pictures, None)] * 20


def test_outputs_are_in_order_and_progress_is_reported():
    told, checked = [], []
    answers = np.concatenate(
        list(
            evaluation.outputs_of(
                colour_network(), ManyBatches(), tell=told.append, check=lambda: checked.append(1)
            )
        )
    )
    assert answers.argmax(axis=1).tolist() == [0, 2] * 20
    assert answers.sum(axis=1) == pytest.approx(1)
    assert told == list(range(2, 41, 2))
    assert len(checked) == 20
