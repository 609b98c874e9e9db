#!/bin/sh
# OpenVINO computes TensorFlow's 8-bit matrix products with sums of 8 bits: a quantized Keras network answers nonsense.
#
# Versions: openvino 2026.4.1, tensorflow-cpu 2.20.0, keras 3.15.1, Python 3.11; 2026-11-29.
# model.quantize("int8") makes a Dense layer multiply int8 by int8 into int32 (BatchMatMulV3 with Tout = int32). OpenVINO
# reads the frozen graph without a word, and its product has the type of the factors, int8, so that the sums do not fit.
# Expected: the answers of TensorFlow, within rounding, or a refusal.
# Seen: no error; the largest difference is about the size of the answers themselves.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    keras==3.15.1 tensorflow-cpu==2.20.0 openvino==2026.4.1
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import keras
import numpy as np
import openvino
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

keras.utils.set_random_seed(0)
start = keras.Input((24,))
model = keras.Model(start, keras.layers.Dense(3)(start))
model.quantize("int8")
function = tf.function(lambda x: model(x, training=False))
frozen = convert_variables_to_constants_v2(function.get_concrete_function(tf.TensorSpec((None, 24), tf.float32)))
with open("network.pb", "wb") as file:
    file.write(frozen.graph.as_graph_def().SerializeToString())
numbers = np.random.default_rng(0).uniform(0, 1, (2, 24)).astype("f4")
compiled = openvino.Core().compile_model("network.pb", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
answers = next(iter(compiled(numbers).values()))
expected = np.asarray(model(numbers, training=False))
apart = float(abs(answers - expected).max())
print("largest answer", float(abs(expected).max()), "largest difference", apart)
assert apart > 0.1 * abs(expected).max(), "changed"
END
