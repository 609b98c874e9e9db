"""What a network's numbers mean is read off its structure."""

from __future__ import annotations

import pytest

from desktop_app.core.networks.outputs import output_kind

pytestmark = pytest.mark.engine


def vector_network(*endings, units=3):
    """A network whose features go through some layers, one after the other."""
    import keras

    picture = keras.Input((4, 4, 3))
    features = keras.layers.GlobalAveragePooling2D()(picture)
    for layer in endings:
        features = layer(features)
    return keras.Model(picture, features)


def head(*layers):
    import keras

    return keras.Sequential([keras.Input((3,)), *layers])


@pytest.mark.parametrize(
    ("activation", "kind"),
    [
        ("softmax", "softmax"),
        ("sigmoid", "sigmoid"),
        ("hard_sigmoid", "sigmoid"),
        ("linear", "logits"),
        (None, "logits"),
        ("relu", "logits"),
        ("log_softmax", "logits"),
        ("tanh", "logits"),
    ],
)
@pytest.mark.parametrize("units", [1, 3])
def test_the_activation_of_the_last_layer(activation, kind, units):
    import keras

    assert output_kind(vector_network(keras.layers.Dense(units, activation=activation))) == kind


def test_activations_that_are_layers():
    import keras

    layers = keras.layers
    dense = layers.Dense(3)
    assert output_kind(vector_network(dense, layers.Softmax())) == "softmax"
    assert output_kind(vector_network(dense, layers.Activation("sigmoid"))) == "sigmoid"
    assert output_kind(vector_network(layers.Dense(3, activation="softmax"), layers.ReLU())) == "logits"


def test_layers_that_change_nothing_are_looked_past():
    import keras

    layers = keras.layers
    after = [
        layers.Dropout(0.5),
        layers.Activation("linear"),
        layers.GaussianNoise(0.1),
        layers.Reshape((3, 1)),
        layers.Flatten(),
        layers.Identity(),
    ]
    assert output_kind(vector_network(layers.Dense(3, activation="softmax"), *after)) == "softmax"
    assert output_kind(vector_network(layers.Dense(3), *after)) == "logits"


def test_models_inside_models_are_entered_and_left():
    import keras

    layers = keras.layers
    assert output_kind(head(layers.Dense(3, activation="softmax"), layers.Dropout(0.1))) == "softmax"
    assert output_kind(vector_network(head(head(layers.Dense(3, activation="sigmoid"))))) == "sigmoid"
    nothing = head(head(layers.Dropout(0.1)))
    assert output_kind(vector_network(layers.Dense(3, activation="softmax"), nothing)) == "softmax"
    assert output_kind(vector_network(layers.Dense(3), nothing)) == "logits"


def test_the_right_call_of_a_shared_layer_is_followed():
    import keras

    layers = keras.layers
    picture = keras.Input((4, 4, 3))
    features = layers.GlobalAveragePooling2D()(picture)
    dropout = layers.Dropout(0.1)
    probabilities = layers.Dense(3, activation="softmax")(dropout(features))
    assert output_kind(keras.Model(picture, dropout(probabilities))) == "softmax"


def test_what_is_computed_from_several_is_unknown():
    import keras

    layers = keras.layers
    picture = keras.Input((4, 4, 3))
    features = layers.GlobalAveragePooling2D()(picture)
    votes = [layers.Dense(3, activation="softmax")(features) for _ in range(2)]
    assert output_kind(keras.Model(picture, layers.Average()(votes))) == "unknown"
    assert output_kind(vector_network()) == "unknown"
    assert output_kind(vector_network(layers.Identity())) == "unknown"
    assert output_kind(head(layers.Dropout(0.1))) == "unknown"
