"""The networks have the layers that they are known for; the numbers of weights are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.training.recipes import catalogue, resnet_small
from desktop_app.core.training.settings.option import OptionError

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def build(recipe_id, classes=2, **changes):
    recipe = catalogue.get(recipe_id)
    return recipe.build(recipe.defaults(8_000, classes).changed(changes), classes)


def weights(network):
    """Number of weights of each layer that has some, in order."""
    return [layer.count_params() for layer in network.layers if layer.count_params()]


def activations(network):
    return [layer.activation.__name__ for layer in network.layers if hasattr(layer, "activation")]


@pytest.mark.parametrize(
    ("recipe_id", "classes", "expected"),
    [
        # 3x3x3x32 + 32; 64 - 2 = 62, halved 31.
        ("cats-dogs-cnn", 2, [896, 31 * 31 * 32 * 128 + 128, 129]),
        ("cats-dogs-cnn", 3, [896, 31 * 31 * 32 * 128 + 128, 129 * 3]),
        # 3x3x32x64 + 64; 64 halved twice is 16.
        ("two-block-cnn", 2, [896, 18_496, 16 * 16 * 64 * 128 + 128, 129 * 2]),
        # 6x6x1x6 + 6, 5x5x6x12 + 12, 4x4x12x24 + 24; 28 halved twice is 7.
        ("digits-cnn", 10, [222, 1_812, 4_632, 7 * 7 * 24 * 128 + 128, 129 * 256, 257 * 10]),
        ("mlp", 10, [32 * 32 * 3 * 256 + 256, 257 * 128, 129 * 10]),
        # Four gates with weights for 96 numbers of a row, 64 of the state and a bias, in two directions.
        ("row-rnn", 10, [2 * 4 * 64 * (96 + 64 + 1), 129 * 10]),
    ],
)
def test_the_numbers_of_weights(recipe_id, classes, expected):
    assert weights(build(recipe_id, classes).full) == expected


def test_cats_and_dogs_is_the_tutorials():
    network = build("cats-dogs-cnn").full
    assert network.count_params() == 3_937_409
    assert activations(network) == ["relu", "relu", "linear", "sigmoid"]
    values = catalogue.get("cats-dogs-cnn").defaults(8_000, 2)
    assert (values.input_size, values.optimizer, values.batch_size, values.epochs) == (64, "adam", 32, 25)
    assert (values.shear, values.zoom, values.flip, values.early_stopping) == (0.2, 0.2, True, 0)
    assert not any((values.rotation, values.shift, values.brightness, values.erase, values.degrade))


def test_digits_normalise_between_the_convolutions():
    network = build("digits-cnn", 10).full
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds[2:7] == [
        "Conv2D", "LocalResponseNormalization", "Conv2D", "LocalResponseNormalization", "Conv2D",
    ]  # fmt: skip
    convolutions = [layer for layer in network.layers if type(layer).__name__ == "Conv2D"]
    assert [layer.kernel_size for layer in convolutions] == [(6, 6), (5, 5), (4, 4)]
    assert [layer.strides for layer in convolutions] == [(1, 1), (2, 2), (2, 2)]
    assert activations(network)[:5] == ["relu", "relu", "relu", "tanh", "tanh"]
    assert [layer.rate for layer in network.layers if type(layer).__name__ == "Dropout"] == [0.2, 0.2]
    penalised = [layer for layer in network.layers if getattr(layer, "kernel_regularizer", None)]
    assert len(penalised) == 6
    assert catalogue.get("digits-cnn").defaults(8_000, 10).schedule == "exponential"


def test_rows_are_read_from_above_and_from_below():
    network = build("row-rnn", 10).full
    assert network.get_layer("rows").output.shape == (None, 32, 96)
    both = network.get_layer("both_ways")
    assert (both.forward_layer.go_backwards, both.backward_layer.go_backwards) == (False, True)
    # The pixels of one row, left to right, are one step.
    picture = np.zeros((1, 32, 32, 3), "f4")
    picture[0, 3] = 255
    import keras

    rows = keras.Model(network.input, network.get_layer("rows").output)(picture)
    np.testing.assert_allclose(rows[0, 3], 1)
    assert np.count_nonzero(rows) == 96


def test_the_residual_network_is_everydays():
    network = build("resnet-small", 10).full
    assert network.count_params() == resnet_small.build(10).count_params() == 909_290
    values = catalogue.get("resnet-small").defaults(50_000, 10)
    assert (values.batch_size, values.learning_rate, values.epochs) == (256, 0.25, 18)
    assert catalogue.get("resnet-small").defaults(480, 2).learning_rate == 0.25 * 32 / 256


def test_the_backbone_is_vgg19_without_its_top():
    network = build("vgg19-transfer", 3, random_weights=True)
    assert network.full.input_shape == (None, 224, 224, 3)
    assert network.backbone.output_shape == (None, 512)
    assert network.backbone.count_params() == 20_024_384  # as keras.applications says
    assert weights(network.head) == [513 * 256, 257 * 3]
    assert network.full.count_params() == 20_024_384 + 513 * 256 + 257 * 3


@pytest.mark.parametrize("recipe_id", ["cats-dogs-cnn", "two-block-cnn", "digits-cnn", "mlp", "row-rnn"])
def test_a_penalty_and_dropout_of_0_leave_nothing_behind(recipe_id):
    network = build(recipe_id, dropout=0.0, l2=0.0).full
    assert not network.losses
    assert "Dropout" not in [type(layer).__name__ for layer in network.layers]
    assert build(recipe_id, l2=0.01).full.losses


@pytest.mark.parametrize("recipe_id", ["cats-dogs-cnn", "two-block-cnn", "mlp"])
def test_a_network_that_no_computer_bears_is_refused_before_it_is_built(recipe_id):
    high = int(catalogue.get(recipe_id).ranges["input_size"][1])
    with pytest.raises(OptionError, match="million weights in one layer") as error:
        build(recipe_id, input_size=high, units=4096)
    assert "fewer units" in error.value.advice
