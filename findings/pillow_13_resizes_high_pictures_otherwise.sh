#!/bin/sh
# The same resize gives other pixels in Pillow 13 than in Pillow 12, for high pictures only.
#
# Versions: Pillow 13.0.0 and 12.3.0, numpy 2.4.6, Python 3.11; 2026-11-29.
# Pillow resizes in two passes, along the rows and along the columns, and rounds and clips to bytes in between. Up
# to Pillow 12 the rows come first. Pillow 13 takes the columns first where the height shrinks by more than twice
# as many pixels as the width, to be quicker, so that what is clipped in between is something else: a
# bicubic or Lanczos thumbnail of a high picture changes by many levels at sharp edges. Wide pictures stay as they
# were. Pixels that were stored, or a network's training data, are no longer reproduced.
# Expected: the same pixels from both versions.
# Seen: wide picture 0 levels apart; high picture, bilinear 1, bicubic 21, Lanczos 34.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/resize.py" <<'END'
import sys

import numpy as np
from PIL import Image

pixels = (np.random.default_rng(0).random((400, 120, 3)) < 0.5).astype(np.uint8) * 255
found = {}
for way in ("BILINEAR", "BICUBIC", "LANCZOS"):
    for name, picture in (("high", pixels), ("wide", pixels.transpose(1, 0, 2))):
        picture = Image.fromarray(np.ascontiguousarray(picture))
        found[f"{name} {way}"] = np.asarray(picture.resize((100, 100), Image.Resampling[way]))
np.savez(sys.argv[1], **found)
END
cd "$folder"
for version in 12.3.0 13.0.0; do
    python3 -m venv "venv-$version"
    "venv-$version/bin/pip" install --quiet --disable-pip-version-check "pillow==$version" numpy==2.4.6
    "venv-$version/bin/python" resize.py "$version.npz"
done
"venv-13.0.0/bin/python" - <<'END'
import numpy as np

old, new = np.load("12.3.0.npz"), np.load("13.0.0.npz")
apart = {name: int(abs(old[name].astype(int) - new[name]).max()) for name in old}
print("levels apart:", apart)
assert all(value == 0 for name, value in apart.items() if name.startswith("wide")), "changed: wide ones differ too"
assert apart["high BICUBIC"] > 10, "changed: high pictures are resized alike"
END
