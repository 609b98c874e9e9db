#!/bin/sh
# Grey with transparency of more than 8 bits comes out of Pillow's JPEG XL plug-in as stripes.
#
# Guess before it was run: mode LA with the high byte of each number, as it does with colours of 16 bits.
# Really, with pillow-jxl-plugin 1.3.8, Pillow 13.0.0, imagecodecs 2026.3.6, Python 3.11, 2026-11-28: mode LA, but the
# bytes of the 16-bit (or float) numbers are read as if they were 8-bit numbers one after the other: low and high byte
# of a grey value become grey and transparency of a pixel, and only the upper half of the picture is there, stretched to
# all of it (the upper quarter for floats). Colours with transparency are right, and so is grey alone. No error.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 pillow-jxl-plugin==1.3.8 imagecodecs==2026.3.6 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import io

import imagecodecs
import numpy as np
import pillow_jxl
from PIL import Image

ramp = np.linspace(0, 65535, 48 * 64).round().astype(np.uint16).reshape(48, 64)
opaque = np.full_like(ramp, 65535)
forms = {
    "LA": np.stack([ramp, opaque], axis=-1),
    "RGBA": np.stack([ramp, ramp, ramp, opaque], axis=-1),
    "I;16": ramp,
}
largest = {}
for mode, numbers in forms.items():
    data = imagecodecs.jpegxl_encode(numbers, lossless=True)
    assert np.array_equal(imagecodecs.jpegxl_decode(data), numbers)
    image = Image.open(io.BytesIO(data))
    assert image.mode == mode
    white = 65535 if mode == "I;16" else 255
    shown = np.asarray(image).reshape(48, 64, -1)[..., 0] / white
    largest[mode] = round(float(np.abs(shown - ramp / 65535).max()), 2)
print("largest difference from what was written, of 1:", largest)
assert largest["RGBA"] <= 0.01 and largest["I;16"] == 0
assert largest["LA"] > 0.9, "this has changed"
PYTHON
