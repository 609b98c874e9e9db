#!/bin/sh
# Keras's RandomCrop says that it gives pictures of the smaller size, and does not crop at all when answering.
#
# Versions: keras 3.15.1 on tensorflow-cpu 2.20.0, Python 3.11; 2026-11-29.
# The documentation says that inputs are resized or cropped in the middle at inference. With training=False the layer gives
# back its input, while the shape that it announces, and that the layers behind it are built for, is the cropped one. A
# network with GlobalAveragePooling2D then answers from the whole picture; one with Flatten and Dense fails.
# Expected: the announced shape is the shape of the result.
# Seen: announced (None, 6, 5, 3), given (1, 8, 10, 3), equal to the input.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.20.0
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import keras
import numpy as np

start = keras.Input((8, 10, 3))
model = keras.Model(start, keras.layers.RandomCrop(6, 5)(start))
picture = np.random.default_rng(0).uniform(0, 255, (1, 8, 10, 3)).astype("f4")
given = np.asarray(model(picture, training=False))
print("announced", model.output_shape, "given", given.shape)
assert model.output_shape == (None, 6, 5, 3) and given.shape == (1, 8, 10, 3), "changed"
assert (given == picture).all(), "changed"
END
