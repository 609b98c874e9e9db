"""One scene in every form that the formats allow: shown as it is, within 2 of 255."""

from functools import cache

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.images.decoding.decode import read_image
from tests.core.images.instruments import (
    dicom_files,
    jpeg_files,
    light_files,
    microscope_files,
    raw_files,
    telescope_files,
    volume_files,
)
from tests.core.images.samples import scene

FORMATS = {
    "DICOM": dicom_files.variants,
    "FITS": telescope_files.variants,
    "NIfTI": volume_files.variants,
    "EXR": light_files.variants,
    "CZI": microscope_files.variants,
    "RAW": raw_files.variants,
    "JPEG 2000": jpeg_files.jpeg2000_variants,
    "JPEG XL": jpeg_files.jpegxl_variants,
}
COUNT = 113


def colours():
    return scene(120, 160)


def grey():
    return np.asarray(Image.fromarray(colours()).convert("L"))


@cache
def files():
    """Every file by its format and its name."""
    return {
        (kind, name): data for kind, make in FORMATS.items() for name, data in make(colours(), grey()).items()
    }


def truth(name):
    """What a file shows by what its name says."""
    if "one bit" in name:
        return np.repeat(np.where(grey() > 127, 255, 0)[..., np.newaxis], 3, axis=-1)
    shown = {"colour", "RGB", "YBR", "in boxes", "by Pillow", "bare", "animation"}
    if any(word in name for word in shown):
        return colours().astype(int)
    return np.repeat(grey()[..., np.newaxis], 3, axis=-1).astype(int)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_form_of_a_format_shows_the_scene(kind):
    found = {name: read_image(data) for (its, name), data in files().items() if its == kind}

    for name, pixels in found.items():
        expected = (
            colours().astype(int) if kind in {"RAW", "EXR"} and name != "one brightness" else truth(name)
        )
        assert pixels.shape == expected.shape, name
        assert np.abs(pixels - expected).max() <= 2, name


def test_the_forms_are_many():
    assert len(files()) >= COUNT
