"""RandomShear, which Keras saves and cannot load, is left out: it does nothing when answering."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


def network(dtype="float32"):
    import keras

    layers = keras.layers
    picture = keras.Input((8, 8, 3), dtype=dtype)
    augmentation = keras.Sequential([layers.RandomShear(0.2, 0.1), layers.RandomFlip()])
    values = layers.Flatten()(layers.Rescaling(1 / 255)(augmentation(layers.RandomShear(0.1)(picture))))
    return keras.Model(picture, layers.Dense(3, activation="softmax")(values))


def test_answers_are_those_of_keras(tmp_path):
    import keras

    model = network()
    model.save(tmp_path / "m.keras")
    with pytest.raises(TypeError):
        keras.models.load_model(tmp_path / "m.keras")  # once Keras can, the layer need not be left out
    pixels = np.random.default_rng(0).uniform(0, 255, (4, 8, 8, 3)).astype("f4")
    expected = np.asarray(model(pixels, training=False))
    assert inspect_archive(tmp_path / "m.keras").outputs == 3
    assert np.array_equal(np.asarray(load_checked_model(tmp_path / "m.keras")(pixels)), expected)
    write_clean(tmp_path / "m.keras", tmp_path / "copy.keras", NEVER)
    assert inspect_archive(tmp_path / "copy.keras").outputs == 3
    anywhere = keras.models.load_model(tmp_path / "copy.keras")
    assert np.array_equal(np.asarray(anywhere(pixels, training=False)), expected)


def test_it_is_refused_where_it_may_turn_whole_numbers_into_fractions(tmp_path):
    network("uint8").save(tmp_path / "m.keras")
    with pytest.raises(ModelError, match="takes whole numbers, and its RandomShear layer"):
        inspect_archive(tmp_path / "m.keras")
