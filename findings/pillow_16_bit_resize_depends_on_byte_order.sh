#!/bin/sh
# Pillow resizes a big-endian 16-bit grey picture to noise.
#
# Versions: Pillow 13.0.0, numpy 2.4.6, Python 3.11; 2026-11-28.
# Pillow opens a big-endian 16-bit TIFF with its own mode, "I;16B". Every single pixel of it is right, and so are
# crop, transpose, paste, nearest-neighbour resize and conversion to other modes. But resize() and thumbnail() with
# any filter that averages (box, bilinear, hamming, bicubic, lanczos) calculate with the bytes of each number
# swapped, and raise nothing: a smooth ramp becomes noise. The little-endian mode "I;16" of the same numbers is
# resized correctly, within one count. Converting to mode "I" or "F" first avoids it.
# Expected: the same picture from both byte orders.
# Seen: largest difference from the resized floats: I;16 0.4, I;16B 60857.9 (of 65535).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'END'
import numpy as np
from PIL import Image

y, x = np.mgrid[0:40, 0:60]
ramp = (1000 + 700 * x + 300 * y).astype(np.uint16)
expected = np.asarray(Image.fromarray(ramp.astype(np.float32)).resize((20, 15), Image.Resampling.BILINEAR))
apart = {}
for order in ("<", ">"):
    name = f"ramp{'IM'[order == '>']}.tif"
    mode = "I;16" if order == "<" else "I;16B"
    Image.frombytes(mode, (60, 40), ramp.astype(order + "u2").tobytes()).save(name)
    with Image.open(name) as picture:
        assert picture.mode == mode, picture.mode
        assert (np.asarray(picture) == ramp).all()
        small = np.asarray(picture.resize((20, 15), Image.Resampling.BILINEAR)).astype(float)
        by_way_of_floats = np.asarray(picture.convert("F").resize((20, 15), Image.Resampling.BILINEAR))
    apart[mode] = float(abs(small - expected).max())
    assert abs(by_way_of_floats - expected).max() < 0.01
print("largest difference from the resized floats:", {mode: round(value, 1) for mode, value in apart.items()})
assert apart["I;16"] < 1, "changed: little-endian is no longer right"
assert apart["I;16B"] > 10_000, "changed: big-endian is right now"
END
