#!/bin/sh
# An animated JPEG XL picture opens in Pillow's plug-in as a still one that shows the last frame.
#
# Guess before it was run: the first frame, and n_frames tells how many there are.
# Really, with pillow-jxl-plugin 1.3.8, Pillow 13.0.0, imagecodecs 2026.3.6, Python 3.11, 2026-11-28: n_frames is 1,
# is_animated is False, and the pixels are those of the last frame. libjxl itself gives all frames. So a program that
# shows, counts or learns from "the picture" takes the end of the animation for it, and nothing tells.
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

frames = np.stack([np.full((8, 8, 3), level, np.uint8) for level in (10, 100, 200)])
data = imagecodecs.jpegxl_encode(frames, lossless=True)

image = Image.open(io.BytesIO(data))
seen = image.n_frames, image.is_animated, int(np.asarray(image)[0, 0, 0])
whole = [int(frame[0, 0, 0]) for frame in imagecodecs.jpegxl_decode(data)]
print(f"written 10, 100, 200; libjxl {whole}; Pillow: n_frames {seen[0]}, is_animated {seen[1]}, pixels {seen[2]}")
assert whole == [10, 100, 200]
assert seen == (1, False, 200), "this has changed"
PYTHON
