#!/bin/sh
# Keras saves two common kinds of networks without a word and cannot load them: activation=tf.nn.softmax, and RandomShear.
#
# Versions: keras 3.15.1 on tensorflow-cpu 2.20.0, Python 3.11; 2026-11-29.
# tf.nn.relu, sigmoid, tanh, elu, gelu and selu are saved by their names. tf.nn.softmax, log_softmax and silu are saved as a
# function of the module builtins, named softmax_v2, log_softmax_v2 and swish, which nothing finds again; Keras 2 translated
# softmax_v2 (_TF_ACTIVATIONS_V2). RandomShear(0.1, 0.1) writes the factors (-0.1, 0.1), and takes none below zero.
# Expected: what is saved can be loaded, or saving says that it cannot.
# Seen: TypeError from load_model for all four; from_config(get_config()) fails alike.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.20.0
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import keras
import tensorflow as tf

layers = keras.layers
cases = {
    "tf.nn.relu": layers.Dense(3, activation=tf.nn.relu),
    "tf.nn.softmax": layers.Dense(3, activation=tf.nn.softmax),
    "tf.nn.log_softmax": layers.Dense(3, activation=tf.nn.log_softmax),
    "tf.nn.silu": layers.Dense(3, activation=tf.nn.silu),
    "RandomShear": layers.RandomShear(0.1, 0.1),
    "RandomZoom": layers.RandomZoom(0.1, 0.1),
}
loaded = {}
for name, layer in cases.items():
    keras.Sequential([keras.Input((8, 8, 3)), layer]).save("model.keras")
    try:
        keras.models.load_model("model.keras")
        loaded[name] = True
    except TypeError:
        loaded[name] = False
print(loaded)
assert [name for name, can in loaded.items() if can] == ["tf.nn.relu", "RandomZoom"], "changed"
END
