#!/bin/sh
# OpenVINO's local response normalisation cuts its bias down to a whole number.
#
# Versions: openvino 2026.4.1, onnx 1.23.2, onnxruntime 1.31.1, numpy 2.4.6, Python 3.11; 2026-11-29.
# ONNX says of LRN: y = x / (bias + alpha / size * sum(x**2)) ** beta, with a bias of any float. On a processor
# OpenVINO answers for a bias of 1.5 as for 1, without a word; a bias of 2 is right. AlexNet's LRN has bias 1
# or 2, so that its usual networks do not show it.
# Expected: the difference between two libraries, 1e-7.
# Seen: bias 1.5 up to 0.20 apart; the same numbers as for bias 1 to the last bit. bias 2: 6e-8.
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

x = np.random.default_rng(0).uniform(-1, 1, (1, 8, 4, 4)).astype(np.float32)


def answers(bias):
    node = helper.make_node("LRN", ["x"], ["y"], size=3, alpha=0.5, beta=0.75, bias=bias)
    ports = [helper.make_tensor_value_info(name, 1, [1, 8, 4, 4]) for name in "xy"]
    graph = helper.make_graph([node], "g", ports[:1], ports[1:])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    file = file.SerializeToString()
    right = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    core = openvino.Core()
    model = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return right, model(x)[0].copy()


apart = {}
for bias in (1.0, 1.5, 2.0):
    right, found = answers(bias)
    apart[bias] = float(abs(right - found).max())
    print("bias", bias, "apart", apart[bias])
assert max(apart[1.0], apart[2.0]) < 1e-5, "changed"
assert apart[1.5] > 0.05, "changed: a bias of 1.5 is right now"
assert (answers(1.5)[1] == answers(1.0)[1]).all(), "changed: it is not the whole number below"
END
