"""Sightline without the extra "science": every file says what it is, and what to install."""

import json
import subprocess
import sys

import pytest

from desktop_app.core.images.science import readers
from tests.core.images.instruments import dicom_files, jpeg_files
from tests.core.images.instruments.test_variants import FORMATS
from tests.core.images.samples import encode, picture, scene

BLOCKED = """
import json, sys
from pathlib import Path
for name in sys.argv[2].split():
    sys.modules[name] = None
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
found = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        found[path.name] = list(read_image(path).shape)
    except UnreadableImage as error:
        found[path.name] = [str(error), error.advice]
print(json.dumps(found))
"""
ALL = (
    "astropy",
    "imagecodecs",
    "nibabel",
    "OpenEXR",
    "pillow_jxl",
    "pydicom",
    "pylibCZIrw",
    "rawpy",
    "tifffile",
)
SENTENCES = {
    "DICOM": "This is a DICOM picture, and what reads such files is not installed.",
    "FITS": "This is a FITS picture, and what reads such files is not installed.",
    "NIfTI": "This is a NIfTI picture, and what reads such files is not installed.",
    "EXR": "This is an OpenEXR picture, and what reads such files is not installed.",
    "CZI": "This is a picture of a Zeiss microscope (CZI), and what reads such files is not installed.",
    "RAW": "This is a raw camera file, and what reads such files is not installed.",
    "JPEG XL": "This is a JPEG XL picture, and what reads such files is not installed.",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What is read, and what is said, in a Python that finds none of the packages."""
    folder = tmp_path_factory.mktemp("pictures")
    colours = scene()
    for kind, variants in FORMATS.items():
        data = next(iter(variants(colours, colours[..., 1].copy()).values()))
        (folder / kind).write_bytes(data)
    (folder / "PNG").write_bytes(encode(picture(), "PNG"))
    return read_without(" ".join(ALL), folder)


def read_without(packages, folder):
    """What a Python that does not find these packages reads of the files of a folder, or says of them."""
    command = [sys.executable, "-W", "error", "-c", BLOCKED, str(folder), packages]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_file_whose_package_is_missing_says_what_to_install(kind, found):
    assert found[kind] == [SENTENCES[kind], 'Install it with: pip install "sightline[science]"']


@pytest.mark.parametrize("kind", ["PNG", "JPEG 2000"])
def test_other_pictures_need_none_of_them(kind, found):
    assert found[kind] == [48, 64, 3]


def test_what_only_imagecodecs_unpacks_is_named(tmp_path):
    colours = scene()
    grey = colours[..., 1].copy()
    for name, data in (
        dicom_files.variants(colours, grey) | jpeg_files.jpegxl_variants(colours, grey)
    ).items():
        (tmp_path / name).write_bytes(data)

    found = read_without("imagecodecs", tmp_path)

    refused = {name: said for name, said in found.items() if len(said) == 2}
    assert {
        "JPEG-LS",
        "JPEG lossless",
        "JPEG of 12 bits",
        "JPEG 2000 colours of 16 bits",
        "animation",
    } <= set(refused)
    assert all("is not installed" in sentence for sentence, _advice in refused.values())
    assert len(refused) < len(found) / 3


def test_the_packaged_app_does_not_send_people_to_pip(monkeypatch):
    monkeypatch.setattr(readers, "packaged_folder", lambda: "/usr/lib/sightline")

    assert "pip" not in readers.how_to_install()
