#!/bin/sh
# imagecodecs calls 8-bit JPEG XL sRGB and 16-bit JPEG XL linear light, so the same grey is shown in two ways.
#
# Guess before it was run: both are sRGB, as nothing else was asked for.
# Really, with imagecodecs 2026.3.6 (libjxl 0.11.2), pillow-jxl-plugin 1.3.8, Pillow 13.0.0, Python 3.11, 2026-11-28:
# jpegxl_encode marks uint8 as sRGB and uint16, float16 and float32 as linear, also with bitspersample=10. Reading the
# numbers back gives what was written, so a round trip shows nothing; but whoever follows the profile, as viewers do,
# shows half of white as 128 in the one file and as 188 in the other.
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
from PIL import Image, ImageCms

shown, named = {}, {}
for name, numbers in {
    "uint8": np.full((8, 8, 3), 128, np.uint8),
    "uint16": np.full((8, 8, 3), 32896, np.uint16),
    "float32": np.full((8, 8, 3), 128 / 255, np.float32),
}.items():
    data = imagecodecs.jpegxl_encode(numbers, lossless=True)
    assert np.array_equal(imagecodecs.jpegxl_decode(data), numbers)
    image = Image.open(io.BytesIO(data))
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    named[name] = ImageCms.getProfileDescription(profile).strip()
    srgb = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    shown[name] = srgb.getpixel((0, 0))[1]
print("profiles:", named, "; half of white is shown as", shown)
assert abs(shown["uint8"] - 128) <= 1
assert abs(shown["uint16"] - 188) <= 1 and abs(shown["float32"] - 188) <= 1, "this has changed"
PYTHON
