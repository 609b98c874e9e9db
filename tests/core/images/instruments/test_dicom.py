import io

import imagecodecs
import numpy as np
import pydicom
import pytest
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.instruments import dicom
from tests.core.images.instruments.dicom_files import (
    DEFLATED,
    JPEG_BASELINE,
    compressed,
    dataset,
    deflated,
    lut,
    palette,
    saved,
)
from tests.core.images.samples import scene

RAMP = np.arange(4096, dtype=np.uint16).reshape(64, 64)


def shown(found, **reading):
    return read_image(saved(found), PixelReading(**reading))[..., 0].astype(int)


def test_the_declared_depth_is_the_scale_for_dim_and_bright_pictures_alike():
    dim, bright = shown(dataset(RAMP // 8, bits=12)), shown(dataset(RAMP, bits=12))

    assert (dim.max(), bright.max()) == (32, 255)


def test_a_window_is_applied_once_and_in_units():
    found = dataset(
        RAMP, bits=12, RescaleSlope="2", RescaleIntercept="-1000", WindowCenter="1000.5", WindowWidth="1001"
    )

    pixels = shown(found)

    units = RAMP.astype(int) * 2 - 1000
    assert (pixels[units <= 500] == 0).all()
    assert (pixels[units >= 1500] == 255).all()
    assert abs(pixels[units == 1000] - 127).max() <= 1


def test_a_window_of_one_number_is_a_threshold():
    pixels = shown(dataset(RAMP, bits=12, WindowCenter="1000", WindowWidth="1"))

    assert np.array_equal(pixels, np.where(RAMP > 999, 255, 0))


def test_a_sigmoid_window_has_its_middle_at_its_centre():
    pixels = shown(dataset(RAMP, bits=12, WindowCenter="2000", WindowWidth="400", VOILUTFunction="SIGMOID"))

    assert pixels[RAMP == 2000] == 128
    assert abs(pixels[RAMP == 2100] - round(255 / (1 + np.exp(-1)))) <= 1


def test_chosen_levels_go_before_the_window_and_are_in_units():
    found = dataset(
        RAMP, bits=12, RescaleSlope="1", RescaleIntercept="-1000", WindowCenter="0", WindowWidth="2"
    )

    pixels = shown(found, black=-1000.0, white=3095.0)

    assert np.array_equal(pixels, np.rint(RAMP / 4095 * 255))


def test_the_first_of_several_windows_counts():
    several = shown(dataset(RAMP, bits=12, WindowCenter=["1000", "3000"], WindowWidth=["500", "10"]))

    assert np.array_equal(several, shown(dataset(RAMP, bits=12, WindowCenter="1000", WindowWidth="500")))


def test_a_table_of_units_is_followed():
    table = np.arange(4096)[::-1] * 16
    pixels = shown(dataset(RAMP, bits=12, ModalityLUTSequence=[lut(0, table, 16)]))

    assert np.abs(pixels - table[RAMP] / 65535 * 255).max() <= 1


def test_padding_is_black_whichever_way_the_numbers_run():
    padded = RAMP.copy()
    padded[:8] = 4095
    found = dataset(padded, bits=12, photometric="MONOCHROME1", PixelPaddingValue=4095)
    other = dataset(padded, bits=12, photometric="MONOCHROME2", PixelPaddingValue=4095)

    assert (shown(found)[:8] == 0).all()
    assert (shown(other)[:8] == 0).all()


def test_colours_of_a_jpeg_are_converted_once():
    jpeg = imagecodecs.jpeg8_encode(scene(), level=95, subsampling="444")
    by_label = [
        read_image(saved(compressed(scene(), JPEG_BASELINE, jpeg, photometric=photometric)))
        for photometric in ("YBR_FULL_422", "RGB")
    ]

    with Image.open(io.BytesIO(jpeg)) as image:
        right = np.asarray(image).astype(int)
    for pixels in by_label:
        assert np.abs(pixels - right).max() <= 2


def test_a_table_of_colours_with_an_odd_count_is_read():
    colours = np.stack([np.arange(101)] * 3, axis=-1) * 2
    index = np.arange(100, dtype=np.uint8).reshape(10, 10)

    assert np.array_equal(shown(palette(index, colours, 8)), index * 2)


def test_planes_are_chosen_as_of_any_stack():
    stack = np.stack([np.full((8, 8), level, np.uint8) for level in (10, 100, 40)])
    data = saved(dataset(stack, frames=3))

    found = {
        plane: read_image(data, PixelReading(plane=plane))[0, 0, 0]
        for plane in ("first", "middle", "maximum", "mean")
    }

    assert found == {"first": 10, "middle": 100, "maximum": 100, "mean": 50}


def test_floating_point_numbers_are_read():
    found = dataset(RAMP, bits=16)
    del found.PixelData
    found.BitsAllocated = found.BitsStored = 32
    found.add_new("FloatPixelData", "OF", (RAMP / 4095).astype("<f4").tobytes())

    assert np.array_equal(shown(found), np.rint(RAMP / 4095 * 255))


def test_a_file_without_a_picture_says_what_it_is():
    report = dataset(RAMP)
    del report.PixelData
    report.SOPClassUID = report.file_meta.MediaStorageSOPClassUID = pydicom.uid.EnhancedSRStorage

    with pytest.raises(UnreadableImage, match="holds no picture but: Enhanced SR Storage"):
        read_image(saved(report))


def test_a_video_is_called_one():
    with pytest.raises(UnreadableImage, match="holds a video"):
        read_image(saved(compressed(RAMP, "1.2.840.10008.1.2.4.102", bytes(100))))


def test_a_slide_in_tiles_is_called_one():
    tiles = dataset(np.stack([scene()] * 4), frames=4, TotalPixelMatrixColumns=128, TotalPixelMatrixRows=96)

    with pytest.raises(UnreadableImage, match="a slide of 128 x 96 pixels in tiles"):
        read_image(saved(tiles))


def test_unusual_colours_are_named():
    with pytest.raises(UnreadableImage, match="keeps its colours as HSV"):
        read_image(saved(dataset(scene(), photometric="HSV")))


def test_a_data_set_that_unpacks_without_end_is_refused(monkeypatch):
    data = deflated(dataset(np.zeros((512, 512), np.uint8)))
    assert DEFLATED.encode() in data
    assert read_image(data).shape == (512, 512, 3)

    monkeypatch.setattr(dicom, "_UNPACKED_BYTES", 200_000)

    with pytest.raises(UnreadableImage, match="unpacks to more than 0 MB"):
        read_image(data)


def test_a_size_that_only_the_header_claims_allocates_nothing():
    huge = dataset(RAMP, bits=12)
    huge.Rows = huge.Columns = 65535

    with pytest.raises(UnreadableImage, match="megapixels"):
        read_image(saved(huge))


def test_a_table_of_8_bits_in_entries_of_16_is_not_black():
    table = np.stack([np.arange(256)] * 3, axis=-1)
    index = np.tile(np.arange(256, dtype=np.uint8), (8, 1))

    assert (read_image(saved(palette(index, table, 16)))[..., 0] == index).all()


def test_numbers_in_the_upper_bits_are_refused():
    with pytest.raises(UnreadableImage, match=r"12 bits in an unusual place \(high bit 15\)"):
        read_image(saved(dataset(RAMP << 4, bits=12, HighBit=15)))
