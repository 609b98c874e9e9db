"""What is particular to a format, beside showing the scene: see `test_variants`."""

import io

import numpy as np
import OpenEXR
import pytest
from astropy.io import fits
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_described, read_image
from desktop_app.core.images.decoding.reading import PixelReading
from tests.core.images.instruments import (
    jpeg_files,
    light_files,
    microscope_files,
    raw_files,
    telescope_files,
    volume_files,
)
from tests.core.images.samples import exif, scene


def light(share):
    """What sRGB shows of a share of linear light, 0 to 255."""
    return round(255 * (12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055))


def flat(shape, value, dtype=np.float32):
    return np.full(shape, value, dtype)


def test_raw_keeps_dim_pictures_dim():
    bright, dim = (read_image(raw_files.dng(scene(), exposure=exposure)) for exposure in (1, 0.25))

    middle = (24, 32, 1)
    assert abs(dim[middle] - light(raw_files.linear(bright[middle]) / 4)) <= 3


def test_raw_shows_the_photograph_and_not_the_thumbnail():
    red = np.zeros((64, 96, 3), np.uint8)
    red[..., 0] = 255

    pixels = read_image(raw_files.dng(red))

    assert pixels.shape == (64, 96, 3)
    assert pixels[..., 0].mean() > 240
    assert pixels[..., 2].mean() < 10


@pytest.mark.parametrize(
    "data",
    [
        b"FUJIFILMCCD-RAW 0201FF383501X-T4" + bytes(400),
        b"IIRO" + bytes(100),
        (24).to_bytes(4, "big") + b"ftypcrx \0\0\0\1crx isom" + bytes(400),
    ],
)
def test_a_raw_file_that_cannot_be_developed_is_called_a_raw_file(data):
    with pytest.raises(UnreadableImage, match="raw camera file") as caught:
        read_image(data)

    assert "JPEG or TIFF" in caught.value.advice


def test_fits_tables_are_refused_by_name():
    with pytest.raises(UnreadableImage, match="only tables and no picture"):
        read_image(telescope_files.saved(fits.PrimaryHDU(), telescope_files.table()))


def test_fits_of_a_compression_that_is_not_unpacked_is_refused_by_name():
    unit = fits.CompImageHDU(np.zeros((8, 8), np.int16), compression_type="HCOMPRESS_1")

    with pytest.raises(UnreadableImage, match="compressed with HCOMPRESS_1"):
        read_image(telescope_files.saved(fits.PrimaryHDU(), unit))


def test_fits_blank_pixels_do_not_move_the_scale():
    numbers = np.arange(4096, dtype=np.int16).reshape(64, 64)
    numbers[0, 0] = -32768
    unit = fits.PrimaryHDU(numbers)
    unit.header["BLANK"] = -32768

    pixels = read_image(telescope_files.saved(unit))[..., 0]

    assert pixels[-1, 0] == 0
    assert pixels[0, -1] == 255


def test_fits_planes_of_three_are_no_colours():
    cube = np.stack([np.tile(np.arange(8, dtype=np.uint8), (8, 1)) + level for level in (10, 100, 40)])
    data = telescope_files.saved(fits.PrimaryHDU(cube))

    assert read_image(data)[0, 0].tolist() == [10, 10, 10]
    assert read_image(data, PixelReading(plane="middle"))[0, 0].tolist() == [100, 100, 100]


def test_fits_planes_that_are_called_colours_are_colours():
    unit = fits.PrimaryHDU(np.stack([scene()[::-1, :, band].astype(np.uint16) * 257 for band in range(3)]))
    unit.header["CTYPE3"] = "RGB"

    assert np.array_equal(read_image(telescope_files.saved(unit)), scene())


def test_nifti_slices_are_chosen_as_of_any_stack():
    levels = [np.tile(np.arange(6, dtype=np.uint8), (8, 1)) + level for level in (10, 100, 40)]
    stack = np.stack(levels, axis=-1)
    data = volume_files.saved(stack, volume_files.LPS)

    assert read_image(data).shape == (6, 8, 3)
    assert read_image(data, PixelReading(plane="maximum"))[0, 0, 0] == 100


def test_nifti_sagittal_slices_have_the_head_up():
    back_to_front, feet_to_head = np.meshgrid(np.arange(10), np.arange(20), indexing="ij")
    affine = np.zeros((4, 4))
    affine[1, 0] = affine[2, 1] = affine[0, 2] = affine[3, 3] = 1

    pixels = read_image(volume_files.saved((feet_to_head * 10 + 0 * back_to_front).astype(np.uint8), affine))

    assert pixels.shape == (20, 10, 3)
    assert pixels[0, 0, 0] == 190
    assert pixels[-1, 0, 0] == 0


def test_nifti_declared_ends_are_the_scale():
    header = bytearray(volume_files.saved(np.full((4, 4), 50, np.int16), volume_files.LPS))
    header[124:132] = np.array([100, 0], "<f4").tobytes()

    assert read_image(bytes(header))[0, 0, 0] == 128


def test_nifti_complex_numbers_are_refused_by_name():
    with pytest.raises(UnreadableImage, match="complex numbers"):
        read_image(volume_files.saved(np.ones((4, 4), np.complex64)))


def test_nifti_vectors_are_refused_by_name():
    with pytest.raises(UnreadableImage, match="3 numbers for each point"):
        read_image(volume_files.saved(np.ones((4, 4, 1, 1, 3), np.float32)))


def test_exr_data_are_placed_in_the_display_window():
    data = light_files.saved(
        {"RGB": flat((10, 20, 3), 1)},
        dataWindow=light_files.window(-5, 10, 14, 19),
        displayWindow=light_files.window(0, 0, 39, 29),
    )

    pixels = read_image(data)

    assert pixels.shape == (30, 40, 3)
    assert (pixels[10:20, :15] == 255).all()
    assert pixels.astype(int).sum() == 255 * 3 * 10 * 15


def test_exr_colours_are_divided_by_their_transparency():
    half = np.concatenate([flat((4, 4, 3), 0.25), flat((4, 4, 1), 0.5)], axis=-1)

    assert abs(int(read_image(light_files.saved({"RGBA": half}))[0, 0, 0]) - (light(0.5) + 255) / 2) <= 1


def test_exr_primaries_are_followed():
    wide = (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290)
    plain = read_image(light_files.saved({"RGB": flat((4, 4, 3), 0.5)}, chromaticities=wide))
    green = np.zeros((4, 4, 3), np.float32)
    green[..., 1] = 0.5

    assert np.abs(plain.astype(int) - light(0.5)).max() <= 1, "white stays"
    assert read_image(light_files.saved({"RGB": green}, chromaticities=wide))[0, 0, 0] == 0
    assert read_image(light_files.saved({"RGB": green}, chromaticities=wide))[0, 0, 1] > light(0.5)


def test_exr_depth_alone_is_grey_of_its_own_range():
    depth = np.linspace(5, 500, 64, dtype=np.float32).reshape(8, 8)

    pixels = read_image(light_files.saved({"Z": depth}))

    assert (pixels[0, 0, 0], pixels[-1, -1, 0]) == (0, 255)


def test_exr_layers_without_a_whole_are_refused_by_name():
    layers = {f"{layer}.{name}": flat((4, 4), 0.5) for layer in ("key", "fill") for name in "RGB"}

    with pytest.raises(UnreadableImage, match=r"several layers.*fill, key"):
        read_image(light_files.saved(layers))


def test_exr_prints_nothing_about_a_damaged_file(capfd):
    data = light_files.saved({"RGB": np.random.default_rng(0).random((64, 64, 3), np.float32)})

    with pytest.raises(UnreadableImage):
        read_image(data[: len(data) // 2])

    assert capfd.readouterr().out == ""


def test_czi_channels_are_bands_that_somebody_has_to_choose():
    dim, bright = (np.full((8, 8, 1), level, np.uint8) for level in (20, 200))
    data = microscope_files.saved([({"C": 0}, dim), ({"C": 1}, bright), ({"C": 2}, dim)])

    with pytest.raises(UnreadableImage, match="3 channels"):
        read_image(data)
    assert read_image(data, PixelReading(bands=(1, 0, 2)))[0, 0].tolist() == [200, 20, 20]


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8])
def test_jpeg_xl_lies_as_exif_says_where_its_own_data_do_not(orientation):
    image = Image.fromarray(scene())
    stream = io.BytesIO()
    image.save(stream, "JXL", lossless=True, exif=exif(orientation))

    upright = {1: None, 2: 0, 3: 3, 6: 4, 8: 2}[orientation]
    right = image if upright is None else image.transpose(Image.Transpose(upright))
    assert np.array_equal(read_image(stream.getvalue()), np.asarray(right))


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_packed_as_jpeg_xl_is_turned_once(orientation, tmp_path):
    path, packed = tmp_path / "picture.jpg", tmp_path / "picture.jxl"
    Image.fromarray(scene()).save(path, quality=95, exif=exif(orientation))
    with Image.open(path) as image:
        image.save(packed, lossless_jpeg=True)

    difference = read_image(packed).astype(int) - read_image(path)

    assert np.abs(difference).max() <= 2


@pytest.mark.parametrize("other", [b"", exif(5)[6:]], ids=["no EXIF", "contrary EXIF"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_jpeg_xl_lies_as_its_own_data_say_whatever_exif_says(orientation, other, tmp_path):
    path, packed = tmp_path / "picture.jpg", tmp_path / "picture.jxl"
    Image.fromarray(scene()).save(path, quality=95, exif=exif(orientation))
    with Image.open(path) as image:
        image.save(packed, lossless_jpeg=True)

    pixels = read_image(jpeg_files.with_other_exif(packed.read_bytes(), other))

    right = read_image(path)
    assert pixels.shape == right.shape
    assert np.abs(pixels.astype(int) - right).max() <= 8


def test_jpeg_xl_animations_show_their_first_frame():
    frames = np.stack([np.full((8, 8, 3), level, np.uint8) for level in (10, 100, 200)])
    frames[:, 0] += 1

    assert (read_image(jpeg_files.jpegxl(frames)) == frames[0]).all()


def test_jpeg_2000_of_many_channels_is_refused_by_name():
    with pytest.raises(UnreadableImage, match="5 channels"):
        read_image(jpeg_files.jpeg2000(np.zeros((8, 8, 5), np.uint8)))


def test_what_a_file_is_can_be_described():
    described = read_described(jpeg_files.jpegxl(scene()), 512)

    assert (described.kind, described.mode, described.full_size) == ("JPEG XL", "RGB, 8-bit", (64, 48))


def test_openexr_has_the_class_that_raises():
    assert callable(OpenEXR.InputFile)


def test_exr_without_a_pixel_in_the_display_window_is_refused():
    data = light_files.saved(
        {"Y": flat((4, 6), 0.5)}, dataWindow=light_files.window(50, 50, 55, 53),
        displayWindow=light_files.window(0, 0, 5, 3),
    )  # fmt: skip

    with pytest.raises(UnreadableImage, match="no pixels in the part of it that is to be shown"):
        read_image(data)


def test_exr_with_depth_before_the_colours_is_refused(tmp_path):
    parts = [
        OpenEXR.Part({"type": OpenEXR.scanlineimage}, {"Z": flat((4, 6), 3)}, "depth"),
        OpenEXR.Part({"type": OpenEXR.scanlineimage}, {"RGB": flat((4, 6, 3), 0.5)}, "beauty"),
    ]
    path = tmp_path / "parts.exr"
    OpenEXR.File(parts).write(str(path))

    with pytest.raises(UnreadableImage, match="first of them is no picture: Z"):
        read_image(path)


def test_one_colour_of_exr_is_light():
    data = light_files.saved({"R": flat((4, 6), 0.2)})

    assert read_image(data)[0, 0].tolist() == [light(0.2)] * 3


def test_jpeg_xl_animations_that_begin_with_nothing_are_refused():
    data = jpeg_files.jpegxl(np.stack([np.zeros_like(scene()), scene()]))

    with pytest.raises(UnreadableImage, match="first frame of the JPEG XL animation shows nothing"):
        read_image(data)


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_white_of_deep_jpeg_2000_colours_is_white(bits):
    white = flat((16, 16, 3), 2**bits - 1, np.uint16)
    white[:8] = 0

    shown = read_image(jpeg_files.jpeg2000(white, bitspersample=bits))

    assert (shown[:8] == 0).all()
    assert (shown[8:] == 255).all()


def test_a_fourth_channel_of_jpeg_2000_is_transparency_only_where_the_file_says_so():
    infrared = np.dstack([scene(), np.zeros_like(scene()[..., 0])])
    image = Image.fromarray(infrared, "RGBA")

    assert (read_image(jpeg_files.jpeg2000(infrared, colorspace="SRGB")) == scene()).all()
    assert (read_image(jpeg_files.by_pillow(image, "JPEG2000", irreversible=False)) == 255).all()


def test_three_channels_of_jpeg_2000_that_are_called_grey_are_bands():
    data = jpeg_files.jpeg2000(scene(), colorspace="GRAY")

    with pytest.raises(UnreadableImage, match="3 channels of 8 bits, and nothing says which"):
        read_image(data)
    assert (read_image(data, PixelReading(bands=(0, 1, 2))) == scene()).all()
