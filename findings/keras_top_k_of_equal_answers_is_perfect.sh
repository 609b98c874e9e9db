#!/bin/sh
# Keras counts a network that cannot tell its classes apart as 100 % right.
#
# Versions: keras 3.15.1 on tensorflow-cpu 2.20.0, Python 3.11; 2026-11-28.
# A network whose outputs have collapsed gives every class the same probability. SparseCategoricalAccuracy counts it
# as right for one class in five here. SparseTopKCategoricalAccuracy counts all classes that tie with the k-th as
# within the top k, even for k = 1: 100 %. So of two metrics that mean the same (accuracy, and top-k accuracy with
# k = 1) one says 0.2 and the other 1.0. Of "not a number" they say 0.2 and 0.0: accuracy takes it for the first class.
# Expected: top-1 accuracy equals accuracy.
# Seen: equal answers: accuracy 0.2, top-1 1.0, top-3 1.0; not a number: accuracy 0.2, top-1 0.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.20.0
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import keras
import numpy as np

labels = np.arange(5)


def measured(answers):
    found = []
    for metric in (
        keras.metrics.SparseCategoricalAccuracy(),
        keras.metrics.SparseTopKCategoricalAccuracy(k=1),
        keras.metrics.SparseTopKCategoricalAccuracy(k=3),
    ):
        metric.update_state(labels, answers)
        found.append(round(float(metric.result()), 3))
    return found


equal = measured(np.full((5, 5), 0.2, np.float32))
nothing = measured(np.full((5, 5), np.nan, np.float32))
print("accuracy, top-1, top-3: equal answers", equal, "not a number", nothing)
assert equal == [0.2, 1.0, 1.0], "changed"
assert nothing == [0.2, 0.0, 0.0], "changed"
END
