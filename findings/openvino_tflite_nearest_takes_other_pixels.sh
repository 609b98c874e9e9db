#!/bin/sh
# OpenVINO takes other pixels than TensorFlow Lite in a nearest-neighbour resize with half-pixel centres.
#
# Versions: openvino 2026.4.1, tensorflow-cpu 2.20.0, numpy 2.4.6, Python 3.11; 2026-11-29.
# tf.image.resize(method="nearest") and Keras's Resizing become RESIZE_NEAREST_NEIGHBOR with half_pixel_centers.
# TensorFlow and TensorFlow Lite take the pixel floor((i + 0.5) * in / out). OpenVINO, reading the same .tflite
# file, takes others wherever the sizes are not whole multiples: no error, no warning, a picture that is moved by
# up to a pixel. Enlarging 2 or 3 times is the same in both; so is the resize without half-pixel centres.
# Expected: the pixels that TensorFlow Lite takes.
# Seen: row 0..6 to 5: TensorFlow Lite [0, 2, 3, 4, 6], OpenVINO [0, 1, 2, 4, 5]; to 14 alike.
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

picture = np.arange(7, dtype=np.float32).reshape(1, 7, 1, 1)
seen = {}
for rows in (14, 5, 9):
    function = tf.function(lambda x, rows=rows: tf.image.resize(x, (rows, 1), method="nearest"))
    concrete = function.get_concrete_function(tf.TensorSpec(picture.shape, tf.float32))
    data = tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()
    open("resize.tflite", "wb").write(data)
    interpreter = tf.lite.Interpreter(model_content=data)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
    interpreter.invoke()
    lite = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    other = openvino.Core().compile_model("resize.tflite", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(picture)[0]
    seen[rows] = [[int(value) for value in found.reshape(-1)] for found in (lite, other)]
for rows, (lite, other) in seen.items():
    print(f"7 to {rows}: TensorFlow Lite {lite}, OpenVINO {other}")
assert seen[14][0] == seen[14][1], "changed"
assert seen[5][0] != seen[5][1], "changed"
END
