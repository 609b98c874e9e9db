#!/bin/sh
# OpenVINO answers wrongly where TensorFlow's log_softmax runs along another axis than the last.
#
# Versions: openvino 2026.4.1, tensorflow-cpu 2.20.0, Python 3.11; 2026-11-29.
# tf.nn.log_softmax(x, axis=1) becomes Transpose, LogSoftmax and Transpose in the graph, with an order of axes that is
# computed in the graph where the batch is open. Along the last axis both agree within 1e-6; softmax agrees along every axis.
# Expected: the same answers, or a refusal.
# Seen: no error; numbers of -1 to -4 are more than 1 apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.20.0 openvino==2026.4.1
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import numpy as np
import openvino
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

numbers = np.random.default_rng(0).uniform(0, 3, (2, 8, 8, 3)).astype("f4")


def apart(function):
    graph = tf.function(function).get_concrete_function(tf.TensorSpec((None, 8, 8, 3), tf.float32))
    with open("network.pb", "wb") as file:
        file.write(convert_variables_to_constants_v2(graph).graph.as_graph_def().SerializeToString())
    compiled = openvino.Core().compile_model("network.pb", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    answers = next(iter(compiled(numbers).values()))
    return float(abs(answers - function(tf.constant(numbers)).numpy()).max())


found = {axis: apart(lambda x, axis=axis: tf.nn.log_softmax(x, axis=axis)) for axis in (1, 2, 3)}
plain = {axis: apart(lambda x, axis=axis: tf.nn.softmax(x, axis=axis)) for axis in (1, 2, 3)}
print("log_softmax", found, "softmax", plain)
assert found[1] > 1 and found[2] > 1 and found[3] < 1e-5, "changed"
assert max(plain.values()) < 1e-5, "changed"
END
