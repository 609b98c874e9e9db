import pytest

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.sources import DataSource
from desktop_app.core.service.formats import refuse_science
from tests.core.images.decoding.test_raw_files import PHOTOMETRIC, WIDTH, tiff
from tests.core.images.samples import encode, picture

REFUSED = {
    "DICOM": bytes(128) + b"DICM" + bytes(100),
    "FITS": b"SIMPLE  =                    T",
    "JPEG XL": b"\xff\x0a\0\0",
    "RAW": tiff([(WIDTH, 8), (PHOTOMETRIC, 32803)]),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_files_of_instruments_and_cameras_are_refused_by_name(kind):
    with pytest.raises(UnreadableImage, match=f"This is a {kind} file, which the local API does not take"):
        refuse_science(DataSource("picture", REFUSED[kind]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_ordinary_pictures_are_taken(kind):
    refuse_science(DataSource("picture", encode(picture(), kind)))
