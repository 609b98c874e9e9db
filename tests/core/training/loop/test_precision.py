from __future__ import annotations

import random
import threading

import numpy as np
import pytest

from desktop_app.core.training.loop.precision import distribution, dtype_policy, seeded

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def first_weights(seed):
    import keras

    with seeded(seed):
        layer = keras.layers.Dense(4)
        layer.build((None, 3))
    return np.array(layer.kernel)


def test_the_same_seed_gives_the_same_weights_and_leaves_the_process_alone():
    random.seed(5)
    expected = random.random()
    random.seed(5)
    one, other, third = first_weights(1), first_weights(1), first_weights(2)
    assert random.random() == expected
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)


def test_other_threads_neither_disturb_the_numbers_nor_have_theirs_wound_back():
    import keras

    def draw():
        drawn.append(random.random())
        keras.initializers.GlorotUniform()

    expected = first_weights(1)
    drawn = []
    with seeded(1):
        thread = threading.Thread(target=draw)
        thread.start()
        thread.join()
        layer = keras.layers.Dense(4)
        layer.build((None, 3))
    draw()
    assert np.array_equal(layer.kernel, expected)
    assert drawn[0] != drawn[1]


def test_the_policy_is_put_back_after_an_error():
    import keras

    before = keras.config.dtype_policy().name
    with dtype_policy(mixed=True):
        assert keras.config.dtype_policy().name.startswith("mixed_")
    with pytest.raises(ZeroDivisionError), dtype_policy(mixed=True):
        raise ZeroDivisionError
    assert keras.config.dtype_policy().name == before


def test_one_device_needs_no_copies():
    assert distribution().num_replicas_in_sync == 1
