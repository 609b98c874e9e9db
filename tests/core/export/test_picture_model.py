from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.export.conversion.picture_model import meaning, picture_model
from desktop_app.core.networks.readings import read_outputs
from tests.core.export.models import SIDE, card, convolution, network, pictures

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def apart(described, model):
    """The largest difference from Sightline's own probabilities."""
    classifier = Classifier.of_keras(described, model, "CPU")
    classifier.warm_up()
    expected = classifier.answers(pictures())[0]
    found = np.asarray(picture_model(described, model, classifier.kind)(pictures()))
    assert expected.std(axis=0).max() > 1e-3  # else nothing would be compared
    return np.abs(expected - found).max()


@pytest.mark.parametrize(
    "pixels",
    ["none", "unit", "symmetric", "vgg19", "imagenet", "bgr", "efficientnet-lite",
     "scale=1/58,1/57,1/57 offset=-2.1,-2,-1.8 order=bgr"],
)  # fmt: skip
def test_all_pixel_values_are_inside(pixels):
    assert apart(card(preprocessing=pixels), network(convolution("tanh"))) < 1e-5


def test_grey_weights_and_the_mirror_image_are_inside():
    described = card(channels=1, grey=(0.2, 0.7, 0.1), preprocessing="unit", mirrored=True)
    assert apart(described, network(convolution(), channels=1)) < 1e-6


@pytest.mark.parametrize("layout", ["nchw", "nhw", "flat"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_every_layout_is_inside(layout, mirrored):
    import keras

    grey = layout == "nhw"
    shape = {"nchw": (3, SIDE, SIDE), "nhw": (SIDE, SIDE), "flat": (3 * SIDE * SIDE,)}[layout]
    kernel = keras.initializers.RandomNormal(stddev=0.05, seed=3)
    dense = keras.layers.Dense(3, "softmax", kernel_initializer=kernel)
    model = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), dense])
    described = card(
        channels=1 if grey else 3, preprocessing="unit", layout=layout, mirrored=mirrored, temperature=0.7
    )
    assert apart(described, model) < 1e-6


@pytest.mark.parametrize(
    ("final", "outputs", "classes"),
    [("softmax", 3, 3), ("sigmoid", 3, 3), (None, 3, 3), ("sigmoid", 1, 2), (None, 1, 2)],
)
def test_every_kind_of_output_becomes_calibrated_probabilities(final, outputs, classes):
    described = card(classes, preprocessing="unit", temperature=2.5)
    assert apart(described, network(convolution(), classes=outputs, final=final)) < 1e-6


def test_probabilities_of_zero_stay_so():
    """A softmax far apart gives zeros, which have no logarithm."""
    described = card(preprocessing="none", temperature=0.5)
    assert apart(described, network(convolution())) < 1e-5


@pytest.mark.parametrize("kind", ["sigmoid", "logits"])
@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_several_labels_at_once_are_each_by_itself(kind, temperature):
    import keras

    logits = np.array([[-3.0, 0.2, 5.0]], np.float32)
    given = logits if kind == "logits" else 1 / (1 + np.exp(-logits))
    inputs = keras.Input((3,))
    model = keras.Model(inputs, meaning(inputs, "multi-label", kind, temperature))
    assert np.asarray(model(given)) == pytest.approx(1 / (1 + np.exp(-logits / temperature)), abs=1e-6)


@pytest.mark.parametrize("task", ["regression", "embedding"])
def test_amounts_and_features_are_those_that_sightline_reads(task):
    import keras

    inputs = keras.Input((3,))
    model = keras.Model(inputs, meaning(inputs, task, "logits", 2.0))
    given = np.array([[-3.0, 0.2, 500.0], [0.0, 0.0, 0.0]], np.float32)
    assert np.asarray(model(given)) == pytest.approx(read_outputs(given, task, "logits", 2.0), abs=1e-6)


def test_an_own_layer_is_read_by_keras_that_does_not_know_it(tmp_path):
    import keras

    from desktop_app.core.networks.own_layers import local_response_normalization

    model = network(convolution(), local_response_normalization()(name="own"))
    picture_model(card(), model, "softmax").save(tmp_path / "model.keras")
    with keras.saving.CustomObjectScope({}):
        known = dict(keras.saving.get_custom_objects())
        keras.saving.get_custom_objects().clear()
        try:
            again = keras.saving.load_model(tmp_path / "model.keras")
        finally:
            keras.saving.get_custom_objects().update(known)
    expected = np.asarray(picture_model(card(), model, "softmax")(pictures()))
    assert np.abs(np.asarray(again(pictures())) - expected).max() < 1e-6
