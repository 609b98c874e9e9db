"""TIFF files whose reading depends on what their pages, bands and tags say."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_fitted, read_image
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.science import tiff
from tests.core.images.science.tiff_variants import grey, scaled, scene, write


def written(numbers, **options):
    stream = io.BytesIO()
    tifffile.imwrite(stream, numbers, **options)
    return stream.getvalue()


def opened(data):
    frames = tiff.open_frames(io.BytesIO(data))
    assert frames is not None
    return frames


def shades():
    """Five planes, uint8 ``(5, 48, 64)``, each brighter than the one before."""
    return np.stack([np.minimum(grey() // 5 * number, 255).astype(np.uint8) for number in range(1, 6)])


def greys(data, **reading):
    return read_image(data, PixelReading(**reading))[..., 0]


@pytest.mark.parametrize(
    ("plane", "shown"),
    [
        (None, lambda planes: planes[0]),
        ("first", lambda planes: planes[0]),
        ("middle", lambda planes: planes[2]),
        ("maximum", lambda planes: planes.max(0)),
        ("mean", lambda planes: np.rint(planes.mean(0))),
    ],
)
@pytest.mark.parametrize(
    "options",
    [
        {"photometric": "minisblack"},
        {"photometric": "minisblack", "truncate": True},
        {"imagej": True, "metadata": {"axes": "ZYX"}},
        {"imagej": True, "metadata": {"axes": "TYX"}},
        {"ome": True, "metadata": {"axes": "ZYX"}},
    ],
)
def test_a_stack(options, plane, shown):
    data = written(shades(), **options)

    assert opened(data).planes == 5
    assert (greys(data, plane=plane) == shown(shades())).all()


def test_pages_written_one_by_one_are_a_stack():
    stream = io.BytesIO()
    first, *others = (Image.fromarray(plane) for plane in shades())
    first.save(stream, "TIFF", save_all=True, append_images=others)

    assert opened(stream.getvalue()).planes == 5


@pytest.mark.parametrize(
    "options",
    [
        {"imagej": True, "metadata": {"axes": "ZCYX"}},
        {"ome": True, "metadata": {"axes": "ZCYX"}},
        {"ome": True, "metadata": {"axes": "ZCYX"}, "bigtiff": True},
    ],
)
def test_channels_are_bands_where_the_file_says_so(options):
    numbers = np.stack([shades(), shades()[::-1]], axis=1)
    data = written(numbers, photometric="minisblack", **options)

    frames = opened(data)

    assert (frames.planes, frames.bands, frames.colours) == (5, 2, "bands")
    assert (frames.read(3)[..., 1] == shades()[1]).all()


def test_channels_of_ome_have_names():
    names = ["DAPI", "FITC"]
    data = written(
        shades()[:2], photometric="minisblack", ome=True, metadata={"axes": "CYX", "Channel": {"Name": names}}
    )

    assert opened(data).band_names == ("DAPI", "FITC")


def test_significant_bits_of_ome_are_the_range():
    numbers = scaled(grey(), "u2") >> 6
    numbers[numbers > 400] = 400
    data = written(
        numbers, photometric="minisblack", ome=True, metadata={"axes": "YX", "SignificantBits": 10}
    )

    assert (opened(data).low, opened(data).high) == (0, 1023)


@pytest.mark.parametrize("truncate", [False, True])
def test_two_bands_whose_rows_became_pages(truncate):
    numbers = np.stack([grey(), 255 - grey()], axis=-1)

    frames = opened(written(numbers, photometric="minisblack", truncate=truncate))

    assert (frames.planes, frames.height, frames.width, frames.bands) == (1, 48, 64, 2)
    assert (frames.read(0) == numbers).all()


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_three_planes_are_no_colour_picture_by_their_number_alone(dtype):
    numbers = np.ascontiguousarray(np.moveaxis(scaled(scene(), dtype), -1, 0))
    guessed = written(numbers, photometric="rgb", planarconfig="separate")

    with pytest.raises(UnreadableImage, match="3 channels of"):
        read_image(guessed)
    assert np.abs(read_image(guessed, PixelReading(bands=(0, 1, 2))).astype(int) - scene()).max() <= 2
    assert (read_image(write(numbers, photometric="rgb", planarconfig="separate")) == scene()).all()


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("bands", [4, 5, 13])
def test_bands_are_named_and_can_be_chosen(bands, dtype):
    numbers = np.zeros((48, 64, bands), dtype)
    for number, band in enumerate((3, 2, 1)):
        numbers[..., band] = scaled(scene()[..., number], dtype)
    data = write(numbers, photometric="minisblack", planarconfig="contig")

    assert np.abs(read_image(data, PixelReading(bands=(3, 2, 1))).astype(int) - scene()).max() <= 2
    with pytest.raises(
        UnreadableImage, match=f"{bands} channels of {8 * np.dtype(dtype).itemsize} bits"
    ) as caught:
        read_image(data)
    assert caught.value.advice


def test_a_band_that_is_not_there():
    data = write(np.zeros((48, 64, 4), np.uint16), photometric="minisblack", planarconfig="contig")

    with pytest.raises(UnreadableImage, match="4 bands; bands 5, 3 and 2"):
        read_image(data, PixelReading(bands=(4, 2, 1)))


def test_chosen_levels():
    counts = np.full((4, 4), 500, np.uint16)

    assert greys(write(counts, photometric="minisblack"), black=0, white=1000).max() == 128
    assert greys(write(counts, photometric="miniswhite"), black=1000, white=0).max() == 128


def test_missing_numbers_of_gdal_do_not_count():
    numbers = scaled(grey(), "i2").astype(np.int16)
    numbers = np.abs(numbers) % 1000
    numbers[:5] = -32768
    data = write(numbers, photometric="minisblack", extratags=[(42113, "s", 0, "-32768", True)])

    assert greys(data)[:5].max() == 0
    assert greys(data)[5:].max() > 200


@pytest.mark.parametrize(
    ("form", "planes", "bits"),
    [("cielab", "contig", 8), ("cielab", "separate", 8), ("icclab", "contig", 8), ("icclab", "contig", 16)],
)
def test_lab(form, planes, bits):
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    muted = (scene() // 4 + 96).astype(np.uint8)
    numbers = np.array(ImageCms.applyTransform(Image.fromarray(muted), to_lab))
    if form == "icclab":
        numbers[..., 1:] ^= 0x80
    if bits == 16:
        numbers = numbers.astype(np.uint16) << 8
    if planes == "separate":
        numbers = np.ascontiguousarray(np.moveaxis(numbers, -1, 0))
    data = write(numbers, photometric=form, planarconfig=planes)

    assert np.abs(read_image(data).astype(int) - muted).max() <= 3


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("extra", ["assocalpha", "unassalpha"])
def test_transparency_lies_over_white(depth, extra):
    full = 2**depth - 1
    cover = np.full((8, 8), full // 2, f"u{depth // 8}")
    colour = np.full((8, 8), full // 2 if extra == "assocalpha" else full, f"u{depth // 8}")
    data = write(
        np.stack([colour, cover], -1), photometric="minisblack", planarconfig="contig", extrasamples=[extra]
    )

    assert greys(data).min() >= 254


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (write(np.zeros((8, 8), np.complex64), photometric="minisblack"), "complex numbers"),
        (write(np.zeros((8, 8), np.uint16), photometric="cfa"), "raw camera file"),
    ],
)
def test_what_nothing_reads_is_named(data, named):
    with pytest.raises(UnreadableImage, match=named) as caught:
        read_image(data)
    assert "damaged" not in str(caught.value)
    assert caught.value.advice


def test_pages_of_different_sizes():
    stream = io.BytesIO()
    with tifffile.TiffWriter(stream) as writer:
        writer.write(scene(), photometric="rgb")
        writer.write(scene()[:30], photometric="rgb")

    assert (read_image(stream.getvalue()) == scene()).all()
    with pytest.raises(UnreadableImage, match="different sizes"):
        read_image(stream.getvalue(), PixelReading(plane="maximum"))


def test_a_blank_first_plane_is_not_shown_to_a_network():
    planes = np.concatenate([np.zeros_like(shades()[:1]), shades()[1:]])
    data = written(planes, photometric="minisblack")

    with pytest.raises(UnreadableImage, match="The first of its 5 planes shows nothing") as caught:
        read_fitted(data, Fitting(16, 16))

    assert caught.value.advice
    assert read_fitted(data, Fitting(16, 16, reading=PixelReading(plane="first"))).max() == 0
    assert read_fitted(data, Fitting(16, 16, reading=PixelReading(plane="middle"))).max() > 0
    assert read_fitted(written(planes[1:], photometric="minisblack"), Fitting(16, 16)).max() > 0


def test_packed_numbers_begin_with_their_highest_bit_in_both_byte_orders():
    counts = np.rint(grey() / 255 * 4095).astype(np.uint16)
    data = bytearray(write(counts, photometric="minisblack", bitspersample=12, byteorder=">"))
    first, second = counts.reshape(-1, 2).T.astype(int)
    packed = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=1).astype(np.uint8)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        place, length = file.pages[0].dataoffsets[0], file.pages[0].databytecounts[0]
    data[place : place + length] = packed.tobytes()

    assert np.abs(read_image(bytes(data))[..., 0].astype(int) - grey()).max() <= 1


@pytest.mark.parametrize("options", [{"imagej": True}, {"ome": True, "metadata": {"axes": "ZYXS"}}, {}])
def test_a_stack_of_colour_pictures(options):
    frames = opened(written(np.stack([scene(), 255 - scene()]), photometric="rgb", **options))

    assert (frames.planes, frames.bands, frames.colours) == (2, 3, "rgb")
    assert (frames.read(1) == 255 - scene()).all()


@pytest.mark.parametrize("codec", ["group3", "group4", "jpeg", "tiff_lzw"])
def test_pages_that_pillow_writes(codec):
    pages = [Image.fromarray(scene()), Image.fromarray(255 - scene())]
    if codec.startswith("group"):
        pages = [page.convert("L").point(lambda value: 255 * (value > 127)).convert("1") for page in pages]
    options = {"quality": 100} if codec == "jpeg" else {}
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", compression=codec, save_all=True, append_images=pages[1:], **options)
    data = stream.getvalue()

    assert opened(data).planes == 2
    for plane, page in (("first", pages[0]), ("middle", pages[1])):
        apart = np.abs(
            read_image(data, PixelReading(plane=plane)).astype(int) - np.array(page.convert("RGB"))
        )
        assert apart.mean() < 1


def test_a_big_endian_bigtiff_is_read():
    data = write(scene(), photometric="rgb", bigtiff=True, byteorder=">")

    assert (read_image(data) == scene()).all()


def test_lab_of_floats_is_refused_by_name():
    with pytest.raises(UnreadableImage, match="Lab colours of 32 bits"):
        read_image(write(scene().astype(np.float32), photometric="cielab"))
