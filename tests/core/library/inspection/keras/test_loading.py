"""Honest models that Keras saves pass the check, and load with the same weights."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras import loading
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from tests.keras_file import write_keras

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


def trained_recipe():
    """The app's own recipe after a step of training, saved with its optimizer."""
    from desktop_app.core.training.recipes import resnet_small

    model = resnet_small.build(3, width=4, dropout=0.1)
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    model.fit(np.zeros((2, 32, 32, 3)), np.eye(3)[:2], verbose=0)
    return model


def beginners_network():
    """What tutorials build: augmentation inside, scaling, convolutions, dropout."""
    import keras

    layers = keras.layers
    augment = keras.Sequential(
        [
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(0.1),
            layers.RandomZoom(0.1),
            layers.RandomContrast(0.1),
            layers.RandomTranslation(0.1, 0.1),
            layers.RandomBrightness(0.1),
        ]
    )
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            augment,
            layers.Rescaling(1 / 255),
            layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 1.0, 1.0]),
            layers.SeparableConv2D(4, 3, activation="relu"),
            layers.Conv2D(4, 3, kernel_regularizer="l2", kernel_constraint="max_norm"),
            layers.LeakyReLU(),
            layers.SpatialDropout2D(0.1),
            layers.GroupNormalization(2),
            layers.UpSampling2D(),
            layers.Resizing(8, 8),
            layers.PReLU(),
            layers.Flatten(),
            layers.GaussianNoise(0.1),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def transfer_learning():
    """A published backbone inside, with arithmetic in front, in half precision."""
    import keras

    picture = keras.Input((32, 32, 3))
    backbone = keras.applications.MobileNetV2(
        weights=None, include_top=False, input_shape=(32, 32, 3), alpha=0.35
    )
    features = backbone(keras.applications.mobilenet_v2.preprocess_input(picture), training=False)
    features = keras.layers.GlobalAveragePooling2D()(features)
    return keras.Model(picture, keras.layers.Dense(5, dtype="mixed_float16")(features))


def shared_layers():
    """One layer called twice, and a nested model as the output."""
    import keras

    layers = keras.layers
    inner_input = keras.Input((4,))
    head = keras.Model(inner_input, layers.Softmax()(layers.Dense(3)(inner_input)))
    picture = keras.Input((8, 8, 3))
    convolution = layers.Conv2D(3, 3, padding="same", activation="silu")
    twice = layers.Concatenate()([convolution(convolution(picture)), convolution(picture)])
    joined = layers.Average()([twice, twice * 0.5 + 1])
    features = layers.LayerNormalization()(layers.DepthwiseConv2D(3)(joined))
    return keras.Model(picture, head(layers.Dense(4)(layers.GlobalMaxPooling2D()(features))))


@pytest.mark.parametrize("build", [trained_recipe, beginners_network, transfer_learning, shared_layers])
def test_honest_models_load(tmp_path, build):
    model = build()
    path = tmp_path / "model.keras"
    model.save(path)
    summary = inspect_archive(path)
    assert (summary.height, summary.width, summary.channels) == model.input_shape[1:]
    assert summary.outputs == model.output_shape[-1]
    assert summary.parameters == sum(int(np.prod(weight.shape)) for weight in model.weights)
    loaded = load_checked_model(path)
    for before, after in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    picture = np.random.default_rng(0).uniform(0, 255, (1, *model.input_shape[1:])).astype("f4")
    before, after = (network(picture, training=False) for network in (model, loaded))
    np.testing.assert_allclose(before, after, atol=1e-5)
    assert not loaded.compiled


def test_a_refused_model_is_not_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "_build", lambda _: pytest.fail("was loaded"))
    with pytest.raises(ModelError, match="refused"):
        load_checked_model(write_keras(tmp_path / "m.keras", b"{}"))


def test_what_keras_cannot_load_is_said_in_a_sentence(tmp_path, monkeypatch):
    def fail(_):
        raise ValueError("no such thing\nand many more lines")

    monkeypatch.setattr(loading, "_build", fail)
    with pytest.raises(ModelError, match=r"^m\.keras is refused: Keras cannot load it: no such thing\.$"):
        load_checked_model(write_keras(tmp_path / "m.keras"))
