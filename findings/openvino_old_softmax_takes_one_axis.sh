#!/bin/sh
# OpenVINO reads the Softmax of ONNX's opset 11 and 12 as that of opset 13.
#
# Versions: openvino 2026.4.1, onnx 1.23.2, onnxruntime 1.31.1, numpy 2.4.6, Python 3.11; 2026-11-29.
# Until opset 12, Softmax makes all numbers from an axis on sum to 1 (the input becomes a matrix, and its rows
# the distributions); since opset 13 those along the axis alone. OpenVINO does the old for files of opset 7 to 10,
# and of LogSoftmax in all; but for Softmax in opset 11 and 12 it already does the new, without a word. Only
# inputs with further axes behind that one show it: an attention map, a network that ends in 1 x 1 pixels does not.
# Expected: the same answers for opset 7, 10, 11 and 12, as ONNX Runtime has them.
# Seen: apart from ONNX Runtime: opset 7 and 10 2e-9, 11 and 12 0.71, 13 6e-8.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps openvino==2026.4.1
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.31.1 numpy==2.4.6
cd "$folder"
HOME="$folder" venv/bin/python - <<'END'
import numpy as np, onnxruntime, openvino
from onnx import helper

x = np.random.default_rng(0).uniform(-1, 1, (1, 3, 9, 8)).astype(np.float32)


def apart(kind, opset):
    node = helper.make_node(kind, ["x"], ["y"], axis=1)
    ports = [helper.make_tensor_value_info(name, 1, [1, 3, 9, 8]) for name in "xy"]
    graph = helper.make_graph([node], "g", ports[:1], ports[1:])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    file = file.SerializeToString()
    right = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    core = openvino.Core()
    model = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return float(abs(right - model(x)[0]).max())


found = {(kind, opset): apart(kind, opset) for kind in ("Softmax", "LogSoftmax") for opset in (7, 10, 11, 12, 13)}
for key, value in found.items():
    print(*key, value)
wrong = {key for key, value in found.items() if value > 1e-5}
assert wrong == {("Softmax", 11), ("Softmax", 12)}, f"changed: {wrong}"
END
