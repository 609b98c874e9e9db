#!/bin/sh
# TensorFlow reads a coloured PNG as another grey when the file says its gamma.
#
# Versions: tensorflow-cpu 2.20.0, Pillow 13.0.0, numpy 2.4.6, Python 3.11; 2026-11-28.
# A PNG may hold a gAMA chunk; 45455 (1 / 2.2) is the ordinary value, written by many programs. As colour,
# tf.io.decode_png gives the same pixels with and without it. Asked for one channel (as Keras's
# image_dataset_from_directory does with color_mode="grayscale"), it leaves the conversion to libpng, which takes
# the chunk into account: it averages in linear light, and the result is brighter wherever there is colour. So two
# files of the same pixels differ by up to 70 of 255, and a network trained on the one kind sees other
# pictures in the other. tf.image.rgb_to_grayscale of the decoded colours, and Pillow, do not change.
# Expected: one grey for equal pixels.
# Seen: red 76 -> 147, green 149 -> 200, blue 29 -> 95.
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
from PIL import Image, PngImagePlugin

changed = {}
for name, colour in {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "grey": (90, 90, 90)}.items():
    found = []
    for gamma in (None, 45455):
        extra, file = PngImagePlugin.PngInfo(), io.BytesIO()
        if gamma is not None:
            extra.add(b"gAMA", gamma.to_bytes(4, "big"))
        Image.new("RGB", (8, 8), colour).save(file, "PNG", pnginfo=extra)
        data = file.getvalue()
        assert tuple(tf.io.decode_png(data, channels=3)[0, 0].numpy()) == colour
        found.append(int(tf.io.decode_png(data, channels=1)[0, 0, 0]))
    changed[name] = found
print("grey without and with gAMA:", changed)
assert changed == {"red": [76, 147], "green": [149, 200], "blue": [29, 95], "grey": [90, 90]}, "changed"
END
