#!/bin/sh
# The SavedModel that Keras exports is twice as large as the model.
#
# Guess before it was run: each weight is stored once, as tf.saved_model.save stores the variables of a module.
# Really, with keras 3.15.1, tensorflow-cpu 2.20.0, Python 3.11, Linux, 2026-11-29: model.export(path) gives the
# checkpoint every variable under two names, "variables/N" and "_all_variables/N", each with its own numbers: 80,000
# bytes of weights make 160,000 bytes of variables. The same function saved with a tf.Module that holds the variables
# in one list makes 80,000, and answers alike.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tensorflow-cpu==2.20.0 keras==3.15.1 numpy==2.4.6
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 KERAS_HOME="$folder" "$folder/venv/bin/python" - <<'PYTHON'
import os

import keras
import numpy as np
import tensorflow as tf

model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(200, use_bias=False)])
weights = 4 * model.count_params()


def size(path):
    return os.path.getsize(f"{path}/variables/variables.data-00000-of-00001")


def numbers(path):
    names = [name for name, _shape in tf.train.list_variables(f"{path}/variables/variables")]
    return [name for name in names if name.endswith("VARIABLE_VALUE")]


model.export("exported", verbose=False)
holder = tf.Module()
holder.weights = [each.value for each in model.variables]
holder.serve = tf.function(model, input_signature=[tf.TensorSpec((None, 100))], autograph=False)
tf.saved_model.save(holder, "saved", signatures=holder.serve)

print(f"weights {weights} bytes; exported {size('exported')}: {numbers('exported')}; saved {size('saved')}")
asked = np.ones((1, 100), np.float32)
loaded = [tf.saved_model.load(path) for path in ("exported", "saved")]
answers = [each.serve(asked).numpy() for each in loaded]
assert np.array_equal(*answers)
assert len(numbers("exported")) == 2, "this has changed"
assert size("exported") >= 2 * weights, "this has changed"
assert len(numbers("saved")) == 1
PYTHON
