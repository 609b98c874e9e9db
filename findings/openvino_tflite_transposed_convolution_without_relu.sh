#!/bin/sh
# OpenVINO leaves out the activation of a transposed convolution in a TensorFlow Lite file.
#
# Versions: openvino 2026.4.1, tensorflow-cpu 2.20.0, numpy 2.4.6, Python 3.11; 2026-11-29.
# TensorFlow Lite's converter joins a convolution and the ReLU behind it into one operator, TRANSPOSE_CONV with a
# fused activation among them. OpenVINO reads the same .tflite file, computes the convolution and passes over the
# activation: negative numbers come out, without an error or a warning. CONV_2D keeps its activation.
# Expected: no number below 0, as TensorFlow Lite gives.
# Seen: CONV_2D: least 0.0 and 0.0; TRANSPOSE_CONV: TensorFlow Lite 0.0, OpenVINO below -0.5.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.20.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps openvino==2026.4.1
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END' 2>/dev/null
import sys

sys.modules["openvino.tools.ovc"] = None  # the converter, which needs a package that is not installed here
import numpy as np
import openvino
import tensorflow as tf

random = np.random.default_rng(0)
picture = random.normal(size=(1, 6, 6, 4)).astype(np.float32)
kernel = tf.constant(random.normal(0, 0.3, (2, 2, 4, 4)), tf.float32)
bias = tf.constant(random.normal(0, 0.1, 4), tf.float32)


def forwards(x):
    return tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "VALID"), bias))


def transposed(x):
    return tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d_transpose(x, kernel, (1, 7, 7, 4), 1, "VALID"), bias))


least = {}
for function in (forwards, transposed):
    concrete = tf.function(function).get_concrete_function(tf.TensorSpec(picture.shape, tf.float32))
    data = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
    open("model.tflite", "wb").write(data)
    interpreter = tf.lite.Interpreter(model_content=data)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
    interpreter.invoke()
    lite = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    other = openvino.Core().compile_model("model.tflite", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(picture)[0]
    least[function.__name__] = float(lite.min()), float(other.min())
    print(f"{function.__name__}: least number in TensorFlow Lite {lite.min():.3f}, in OpenVINO {other.min():.3f}")
assert least["forwards"] == (0.0, 0.0), "changed"
assert least["transposed"][0] == 0.0, "changed"
assert least["transposed"][1] < -0.5, "changed"
END
