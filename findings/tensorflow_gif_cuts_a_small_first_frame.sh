#!/bin/sh
# TensorFlow shows a quarter of a GIF whose first frame is smaller than its screen.
#
# Versions: tensorflow-cpu 2.20.0, Pillow 13.0.0, numpy 2.4.6, Python 3.11; 2026-11-28.
# The frames of a GIF have a size and a place of their own on the GIF's screen; also the first one need not fill
# it (optimised animations begin like that). tf.io.decode_gif, and with it decode_image and Keras's
# image_dataset_from_directory, makes a result of the size of the first frame, but puts the frame at its place on
# the screen: what reaches over the edge is cut off, the rest is black. No error. Pillow gives the whole screen with the
# frame in its place.
# Expected: the screen (40 x 40) with the frame at (10, 10), or the frame alone (20 x 20).
# Seen: 20 x 20, black but for the frame's upper left quarter, in the lower right corner.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tensorflow-cpu==2.20.0 pillow==13.0.0 numpy==2.4.6
cd "$folder"
TF_CPP_MIN_LOG_LEVEL=3 venv/bin/python - <<'END'
import io

import numpy as np
import tensorflow as tf
from PIL import Image

# The frame: 20 x 20, its four quarters of four greys; the screen around it: 40 x 40.
quarters = np.kron(np.array([[50, 100], [150, 200]], np.uint8), np.ones((10, 10), np.uint8))
file = io.BytesIO()
Image.fromarray(quarters).save(file, "GIF")
data = bytearray(file.getvalue())
data[6:10] = (40).to_bytes(2, "little") * 2
colours = 3 * 2 ** ((data[10] & 7) + 1)
frame = data.index(b",", 13 + colours)
data[frame + 1 : frame + 5] = (10).to_bytes(2, "little") * 2

with Image.open(io.BytesIO(bytes(data))) as picture:
    whole = np.asarray(picture.convert("L"))
assert whole.shape == (40, 40) and (whole[10:30, 10:30] == quarters).all()

for read in (tf.io.decode_gif, tf.io.decode_image):
    found = read(bytes(data)).numpy()[0, ..., 0]
    print(read.__name__, found.shape, "values", np.unique(found).tolist(), "at (15, 15)", int(found[15, 15]))
    assert found.shape == (20, 20), "changed"
    assert (found[10:, 10:] == 50).all() and not found[:10].any() and not found[:, :10].any(), "changed"
END
