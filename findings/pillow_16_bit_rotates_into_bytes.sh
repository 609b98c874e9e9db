#!/bin/sh
# Pillow rotates a 16-bit grey picture smoothly into leftovers of its bytes.
#
# Versions: Pillow 13.0.0, numpy 2.4.6, Python 3.11; 2026-11-28.
# rotate() and transform() accept the 16-bit grey mode "I;16". With nearest-neighbour sampling the result is right.
# With bilinear or bicubic sampling they interpolate single bytes instead of 16-bit numbers, so that what comes out
# has nothing to do with the picture; no error, no warning. resize() with the same filter is right.
# Expected: what the same rotation gives for the same numbers as floats, within rounding.
# Seen, in the middle of a ramp: floats 24051.9 24808.1 25564.4; I;16 81 128 64.
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
whole, real = Image.fromarray(ramp), Image.fromarray(ramp.astype(np.float32))
assert whole.mode == "I;16"
apart = {}
for filter in (Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC):
    numbers, floats = (np.asarray(picture.rotate(30, filter)).astype(float) for picture in (whole, real))
    apart[filter.name] = float(abs(numbers - floats).max())
    print(filter.name, "I;16", numbers[20, 25:28], "floats", floats[20, 25:28].round(1))
assert apart["NEAREST"] == 0, "changed"
assert min(apart["BILINEAR"], apart["BICUBIC"]) > 10_000, "changed: smooth rotation is right now"
END
