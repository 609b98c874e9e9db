#!/bin/sh
# LibRaw without automatic brightness still brightens a picture, when its lightest pixel passes 75% of white.
#
# Guess before it was run: with no_auto_bright=True, half the light gives half the numbers, at every exposure.
# Really, with rawpy 0.28.0 (LibRaw 0.22.2), tifffile 2026.3.3, numpy 2.4.6, Python 3.11, 2026-11-28: as soon as the
# lightest number of a file is above 0.75 of the white level that it states, that number becomes white (the option
# adjust_maximum_thr, 0.75 by default). So exposures of 0.74 and 0.76 differ by a third, while 0.76 and 1.0 look the
# same. adjust_maximum_thr=0.0 gives numbers in proportion to the light.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet rawpy==0.28.0 tifffile==2026.3.3 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import io

import numpy as np
import rawpy
import tifffile

WHITE = 16383
MATRIX = (32404542, -15371385, -4985314, -9692660, 18760108, 415560, 556434, -2040259, 10572252)  # XYZ to sRGB


def dng(exposure):
    light = np.linspace(0, exposure * WHITE, 48 * 64).round().astype(np.uint16).reshape(48, 64)
    tags = [
        (50706, 1, 4, (1, 4, 0, 0), True),
        (50708, 2, 0, "Ramp", True),
        (50721, 10, 9, tuple(part for number in MATRIX for part in (number, 10000000)), True),
        (50728, 5, 3, (1, 1) * 3, True),
        (50778, 3, 1, 21, True),
        (50717, 3, 3, (WHITE,) * 3, True),
    ]
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(np.stack([light] * 3, axis=-1), photometric=34892, extratags=tags, metadata=None)
    return stream.getvalue()


def developed(exposure, **options):
    with rawpy.imread(io.BytesIO(dng(exposure))) as raw:
        pixels = raw.postprocess(no_auto_bright=True, use_camera_wb=True, gamma=(1, 1), output_bps=8, **options)
    return int(pixels.max())


exposures = (1.0, 0.9, 0.76, 0.74, 0.5)
usual = [developed(exposure) for exposure in exposures]
proportional = [developed(exposure, adjust_maximum_thr=0.0) for exposure in exposures]
print("exposure", exposures, "-> lightest pixel", usual, "; with adjust_maximum_thr=0", proportional)
assert all(abs(found - 255 * exposure) <= 1 for found, exposure in zip(proportional, exposures))
assert usual[:3] == [255, 255, 255] and abs(usual[3] - 189) <= 1, "this has changed"
PYTHON
