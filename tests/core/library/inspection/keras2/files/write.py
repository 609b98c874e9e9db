"""Writes the model files of this folder: run by hand with Keras 2.15 (and Keras 3 for ``keras3.h5``).

``python write.py FOLDER`` in an environment with tensorflow-cpu 2.15.1. The weights are random, so each run
writes other files and, beside them, other answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import keras
import numpy as np

L = keras.layers


def pictures(shape):
    """Two pictures with values from 0 to 1, without chance; the tests make the same ones."""
    count = 2 * int(np.prod(shape))
    return (np.arange(count) * 7 % 11 / 10.0).reshape((2, *shape)).astype("float32")


def chain_of_chains():
    """Nested as Teachable Machine does, and partly frozen."""
    entry = keras.Input((16, 16, 3))
    x = L.ZeroPadding2D(((0, 1), (0, 1)))(entry)
    x = L.Conv2D(4, 3, strides=2, use_bias=False, name="Conv1")(x)
    x = L.BatchNormalization(epsilon=1e-3, momentum=0.999, name="bn_Conv1")(x)
    x = y = L.ReLU(6.0)(x)
    x = L.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = L.BatchNormalization()(x)
    x = L.Add()([L.Conv2D(4, 1)(x), y])
    base = keras.Model(entry, x, name="model1")
    base.get_layer("Conv1").trainable = False
    features = keras.Sequential([base, L.GlobalAveragePooling2D()])
    head = keras.Sequential(
        [L.Dense(5, activation="relu", input_shape=(4,)), L.Dense(3, activation="softmax", use_bias=False)]
    )
    model = keras.Sequential([features, head])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def rows():
    """Recurrent layers with the hard_sigmoid of Keras 2."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            L.Reshape((8, 8)),
            L.Bidirectional(L.LSTM(2, recurrent_activation="hard_sigmoid", return_sequences=True)),
            L.GRU(3, recurrent_activation="hard_sigmoid"),
            L.Dense(3, activation="hard_sigmoid"),
            L.Activation("hard_sigmoid"),
            L.Dense(2, activation="softmax"),
        ]
    )


def graph():
    """Arithmetic, a shared layer, a layer as activation, a layer that becomes two."""
    entry = keras.Input((8, 8, 3))
    x = 1.0 - entry / 2.0
    shared = L.Conv2D(3, 3, padding="same", activation=L.LeakyReLU(0.1), name="block/shared")
    x = L.Concatenate()([shared(x), shared(shared(x))])
    x = L.SeparableConv2D(4, 3, activation="hard_sigmoid")(x)
    x = L.ThresholdedReLU(0.4)(x)
    x = L.GlobalAveragePooling2D()(x * 3)
    return keras.Model(entry, L.Dense(1, activation="sigmoid")(x))


def liven(network):
    """Give normalisations statistics."""
    random = np.random.default_rng(3)
    for layer in network.submodules:
        if isinstance(layer, L.BatchNormalization):
            shape = layer.gamma.shape
            layer.set_weights([random.uniform(0.5, 1.5, shape) for _ in layer.get_weights()])


def keras3():
    """What Keras 3 writes as ``.h5``."""
    inner = keras.Sequential([keras.Input((8, 8, 3)), L.Conv2D(2, 3), L.BatchNormalization()], name="inner")
    entry = keras.Input((8, 8, 3))
    x = L.GlobalAveragePooling2D()(inner(entry / 2.0, training=False))
    return keras.Model(entry, L.Dense(2, activation="softmax")(x))


def main():
    """Write files and answers."""
    folder = Path(sys.argv[1])
    path = folder / "answers.json"
    answers = json.loads(path.read_text()) if path.exists() else {}
    if keras.__version__.startswith("3"):
        kinds = {"keras3": (keras3, ["h5"])}
    else:
        kinds = {
            "chain_of_chains": (chain_of_chains, ["h5", "keras"]),
            "rows": (rows, ["h5", "keras"]),
            "graph": (graph, ["h5", "keras"]),
        }
    for name, (make, endings) in kinds.items():
        keras.utils.set_random_seed(5)
        network = make()
        if not keras.__version__.startswith("3"):
            liven(network)
        for ending in endings:
            network.save(folder / f"{name}.{ending}")
        shape = network.input_shape[1:]
        answers[name] = {"shape": shape, "answers": network.predict(pictures(shape), verbose=0).tolist()}
    path.write_text(json.dumps(answers, indent=1) + "\n")


if __name__ == "__main__":
    main()
