import io
import subprocess
import sys
import threading

import numpy as np
import pytest
from PIL import Image, ImageFile

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import (
    Layout,
    read_fitted,
    read_image,
    read_preview,
    read_seen,
)
from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.decoding.reading import PixelReading
from desktop_app.core.images.decoding.resize import fitted, resize
from tests.core.images.samples import encode, exif, picture, reduced, scene, valid_files

LOSSY = 14
"""Largest mean difference (0..255) that compression of the small samples explains."""


def difference(first, second):
    return np.abs(first.astype(float) - second.astype(float)).mean()


@pytest.mark.parametrize("name", valid_files())
def test_every_format_is_read(name, tmp_path):
    path = tmp_path / "picture.txt"
    path.write_bytes(valid_files()[name])

    pixels = read_image(path)

    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert pixels.flags.c_contiguous
    assert np.array_equal(pixels, read_image(path.read_bytes()))


@pytest.mark.parametrize("name", valid_files())
@pytest.mark.parametrize("fit", ["squash", "crop", "both"])
@pytest.mark.parametrize("crop_share", [1.0, 0.875])
def test_fitting_gives_the_very_pixels_of_reading_and_resizing(name, fit, crop_share):
    data = valid_files()[name]

    seen = read_fitted(data, Fitting(20, 28, fit, crop_share))

    assert seen.flags.c_contiguous
    assert seen.flags.writeable
    assert np.array_equal(seen, fitted(read_image(data), Fitting(20, 28, fit, crop_share)))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("fit", ["squash", "crop"])
def test_fitting_a_large_turned_photo(orientation, mode, fit):
    data = encode(picture(mode, 700, 1100), "JPEG", exif=exif(orientation))

    expected = resize(read_image(reduced(data, 2)), 32, 48, fit)

    assert np.array_equal(read_fitted(data, Fitting(32, 48, fit)), expected)


def test_fitting_reduces_a_huge_picture_as_reading_does(monkeypatch):
    for module in ("pixels", "limits"):
        monkeypatch.setattr(f"desktop_app.core.images.decoding.{module}.reduction", lambda _size: 3)
    data = encode(picture(height=90, width=120), "PNG")

    assert np.array_equal(
        read_fitted(data, Fitting(16, 16, "squash")), resize(read_image(data), 16, 16, "squash")
    )


def test_what_cannot_be_fitted_is_refused_in_the_same_words():
    with pytest.raises(UnreadableImage, match="is incomplete"):
        read_fitted(encode(picture(), "JPEG")[:-60], Fitting(16, 16, "squash"))
    with pytest.raises(UnreadableImage, match="text"):
        read_fitted(b"hello", Fitting(16, 16, "squash"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "PPM", "AVIF", "HEIF"])
def test_the_pixels_are_those_of_the_picture(kind):
    assert difference(read_image(encode(picture(), kind)), scene()) < 4


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_gives_its_first_frame(kind):
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue", "lime")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:])

    assert difference(read_image(data), np.full((10, 20, 3), (255, 0, 0))) < 4


def test_an_icon_gives_its_largest_picture():
    data = encode(picture("RGBA", 64, 64), "ICO", sizes=[(16, 16), (64, 64), (32, 32)])

    assert read_image(data).shape == (64, 64, 3)


@pytest.mark.parametrize("name", [name for name in valid_files() if name not in {"PPM text", "PPM 16 bit"}])
def test_half_a_file_is_refused(name):
    data = valid_files()[name]

    with pytest.raises(UnreadableImage, match=r"is incomplete|damaged") as caught:
        read_image(data[: len(data) // 2])

    assert caught.value.advice


def test_a_truncated_photo_is_said_to_break_off():
    data = encode(picture(height=300, width=400), "JPEG")

    with pytest.raises(UnreadableImage, match="is incomplete: the rest of the file is missing"):
        read_image(data[:-600])


@pytest.mark.parametrize(
    ("orientation", "needed", "scale"),
    [
        # Twice what is needed, and 256 at least, of 2000 x 1500 pixels.
        (1, (100, 100), 4),
        (1, (100, 250), 4),
        (1, (250, 100), 2),
        (6, (100, 100), 4),
        (6, (100, 250), 2),
        (6, (250, 100), 4),
    ],
)
def test_a_large_jpeg_is_decoded_no_smaller_than_needed(orientation, needed, scale):
    data = encode(picture(height=1500, width=2000), "JPEG", quality=95, exif=exif(orientation))

    seen = read_fitted(data, Fitting(*needed, "squash"))

    assert np.array_equal(seen, resize(read_image(reduced(data, scale)), *needed, "squash"))
    assert difference(seen, resize(read_image(data), *needed, "squash")) < 1


@pytest.mark.parametrize("fit", ["crop", "both"])
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize(("crop_share", "scale"), [(1.0, 2), (0.875, 2), (0.75, 1)])
def test_a_jpeg_is_reduced_less_when_only_a_part_of_it_is_seen(fit, orientation, crop_share, scale):
    data = encode(picture(height=1500, width=2000), "JPEG", quality=95, exif=exif(orientation))

    seen = read_fitted(data, Fitting(300, 300, fit, crop_share))

    assert np.array_equal(seen, fitted(read_image(reduced(data, scale)), Fitting(300, 300, fit, crop_share)))
    assert difference(seen, fitted(read_image(data), Fitting(300, 300, fit, crop_share))) < 1


def test_a_jpeg_is_not_reduced_when_all_of_it_is_needed():
    data = encode(picture(height=300, width=400), "JPEG")

    assert np.array_equal(
        read_fitted(data, Fitting(299, 299, "crop")), resize(read_image(data), 299, 299, "crop")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("orientation", [1, 8])
def test_a_preview_fits_and_tells_the_full_size(kind, orientation):
    data = encode(picture(height=600, width=900), kind, exif=exif(orientation))
    expected = {1: ((200, 300, 3), (900, 600)), 8: ((300, 200, 3), (600, 900))}[orientation]

    pixels, size = read_preview(data, 300)

    assert (pixels.shape, size) == expected
    assert pixels.flags.c_contiguous


def test_a_preview_never_enlarges():
    pixels, size = read_preview(valid_files()["PNG"], 500)

    assert pixels.shape == (48, 64, 3)
    assert size == (64, 48)


def test_a_preview_is_antialiased():
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::2] = 255

    pixels, _size = read_preview(encode(Image.fromarray(stripes), "PNG"), 50)

    assert np.abs(pixels.astype(int) - 127).max() < 16


def test_an_unneeded_format_is_never_tried():
    # EPS would start a program, PSD and FLI are rarely used and rarely tested.
    for head in (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"8BPS\0\1", b"\0\0\0\0\x11\xaf"):
        with pytest.raises(UnreadableImage, match=r"not a picture but|cannot open"):
            read_image(head + bytes(200))


def test_the_warnings_of_pillow_stay_out_of_the_terminal():
    # An icon whose directory lies about its size, and EXIF that ends too early, make Pillow warn.
    icon = bytearray(encode(picture("RGBA", 32, 32), "ICO", sizes=[(32, 32)]))
    icon[6] = 48
    photo = encode(picture(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x05\0")
    program = (
        "import sys; from desktop_app.core.images.decoding.decode import read_image;"
        f"print(read_image({bytes(icon)!r}).shape, read_image({photo!r}).shape)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("(32, 32, 3) (48, 64, 3)\n", "")


def test_importing_the_decoder_is_cheap():
    program = "import sys, desktop_app.core.images.decoding.decode; print('pillow_heif' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"


def test_threads_do_not_disturb_each_other():
    files = valid_files()
    expected = {name: read_image(data) for name, data in files.items()}
    wrong = []

    def work():
        wrong.extend(name for name in files if not np.array_equal(read_image(files[name]), expected[name]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_file_that_breaks_while_it_is_read(monkeypatch):
    def break_off(*_arguments, **_options):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Image, "open", break_off)

    with pytest.raises(UnreadableImage, match="disk reported an error"):
        read_image(valid_files()["PNG"])


def test_a_large_file_is_read_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_app.core.images.decoding.opening._SNAPSHOT_BYTES", 100)
    for name, data in valid_files().items():
        path = tmp_path / "picture"
        path.write_bytes(data)
        assert np.array_equal(read_image(path), read_image(data)), name


def test_the_stream_is_closed_when_decoding_fails(tmp_path, monkeypatch):
    opened = []
    fdopen = io.open

    monkeypatch.setattr("desktop_app.core.images.decoding.opening._SNAPSHOT_BYTES", 100)
    monkeypatch.setattr("os.fdopen", lambda *args: opened.append(fdopen(*args)) or opened[-1])
    path = tmp_path / "picture.png"
    path.write_bytes(valid_files()["PNG"][:300])

    with pytest.raises(UnreadableImage):
        read_image(path)

    assert [stream.closed for stream in opened] == [True]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_that_begins_with_nothing_is_refused_for_a_network(kind):
    stream = io.BytesIO()
    first, *others = [Image.new("RGB", (64, 48), "white"), picture()]
    first.save(stream, kind, save_all=True, append_images=others)
    data = stream.getvalue()

    with pytest.raises(UnreadableImage, match="The first of its 2 frames shows nothing"):
        read_image(data)
    assert read_preview(data, 64)[0].min() == 255
    assert read_image(data, PixelReading(plane="middle")).min() < 200


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_is_read_after_looking_at_all(kind):
    stream = io.BytesIO()
    picture().save(stream, kind, save_all=True, append_images=[Image.new("RGB", (64, 48))], lossless=True)
    alone = encode(picture(), kind, lossless=True)

    assert (read_image(stream.getvalue()) == read_image(alone)).all()


@pytest.mark.parametrize(
    ("kind", "word"), [("GIF", "frames"), ("WEBP", "frames"), ("PNG", "frames"), ("TIFF", "pages")]
)
def test_a_file_of_several_pictures_says_how_many_where_nobody_has_chosen(kind, word, tmp_path):
    path = tmp_path / "several"
    others = [Image.fromarray(255 - scene()), Image.fromarray(scene()[::-1].copy())]
    Image.fromarray(scene()).save(path, kind, save_all=True, append_images=others)
    fitting = Fitting(16, 16)
    chosen = fitting._replace(reading=PixelReading(plane="middle"))

    assert read_seen(path, fitting).layout == Layout(3, word)
    assert read_seen(path, chosen).layout == Layout()
