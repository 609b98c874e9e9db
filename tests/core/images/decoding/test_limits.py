import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding import limits
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.images.decoding.limits import check_size, reduction
from tests.core.images.samples import encode, picture, valid_files

SIZE = (15_900, 12_500)
"""198.75 megapixels: just below the limit."""

SMALL_SIZE = (3_975, 3_125)
"""A sixteenth of these pixels: no program minds so many."""

MEASURE = """
import json, sys
from pathlib import Path
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding import limits
from desktop_app.core.images.decoding.decode import read_image
limits.FULL_SIZE_PIXELS //= 16
def memory(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
before = memory("VmRSS")
try:
    result = read_image(Path(sys.argv[1])).shape
except UnreadableImage as error:
    result = str(error)
print(json.dumps([result, memory("VmHWM") - before]))
"""


def measure(path):
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured through /proc")
def test_a_picture_takes_no_more_memory_than_estimated(tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGBA", SMALL_SIZE).save(path, compress_level=1)

    shape, extra = measure(path)

    assert shape == [1563, 1988, 3]
    decoded, result = 4 * SMALL_SIZE[0] * SMALL_SIZE[1], 3 * 1563 * 1988
    assert extra < path.stat().st_size + decoded + result + limits.SLACK_BYTES


def test_the_limits_are_these():
    assert limits.MAX_FILE_BYTES == limits.MAX_PIXELS == 200_000_000
    assert limits.MEMORY_BYTES == 2**30
    assert limits.FULL_SIZE_PIXELS == 50_000_000
    assert limits._PYTHON_DECODER_PIXELS == 12_000_000
    assert limits.SLACK_BYTES == 40_000_000


def opened(kind, mode, size, **more):
    """What Pillow knows about a picture before it is loaded."""
    return SimpleNamespace(format=kind, mode=mode, size=size, width=size[0], height=size[1], **more)


def accepts(image, scans=1, full_size=None):
    try:
        check_size(image, full_size or image.size, 10_000_000, scans)
    except UnreadableImage:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "mode", "megapixels"),
    [("PNG", "RGBA", 199), ("PNG", "I;16", 199), ("GIF", "P", 199), ("WEBP", "RGB", 50), ("AVIF", "RGB", 48)],
)
def test_the_limit_depends_on_what_the_decoder_takes(kind, mode, megapixels):
    assert accepts(opened(kind, mode, (1000, megapixels * 1000)))
    assert not accepts(opened(kind, mode, (1000, min(megapixels + 25, 201) * 1000)))


def test_the_photo_of_a_phone_fits_whatever_the_format():
    assert all(accepts(opened(kind, "RGB", (8064, 6048))) for kind in ("PNG", "WEBP", "AVIF", "HEIF", "BMP"))


def test_a_jpeg_of_several_scans_keeps_all_coefficients():
    fine = [(1, 1, 1, 0), (2, 1, 1, 1), (3, 1, 1, 1)]
    coarse = [(1, 2, 2, 0), (2, 1, 1, 1), (3, 1, 1, 1)]
    reduced = (7950, 6250)

    assert accepts(opened("JPEG", "RGB", reduced, layer=fine), 1, SIZE)
    assert accepts(opened("JPEG", "RGB", reduced, layer=coarse), 10, SIZE)
    assert not accepts(opened("JPEG", "RGB", reduced, layer=fine), 10, SIZE)


def test_the_refusal_tells_the_size():
    with pytest.raises(UnreadableImage, match="The picture has 199 megapixels") as caught:
        check_size(opened("WEBP", "RGB", SIZE), SIZE, 1000)

    assert "smaller" in caught.value.advice


@pytest.mark.parametrize(
    ("tags", "fits"),
    [
        ({278: 16}, True),
        ({}, False),  # in one strip
        ({322: 256, 323: 256}, True),
        ({322: 15_900, 323: 12_500}, False),
        ({278: 16, 274: 6}, False),  # Pillow turns a copy
    ],
)
def test_a_tiff_is_judged_by_its_largest_piece(tags, fits):
    tags = {258: (8, 8, 8), 277: 3, **tags}

    assert accepts(opened("TIFF", "RGB", SIZE, tag_v2=tags)) == fits


def test_slow_decoders_have_a_lower_limit(monkeypatch):
    monkeypatch.setattr(limits, "_PYTHON_DECODER_PIXELS", 99)

    with pytest.raises(UnreadableImage, match="megapixels"):
        read_image(b"P2 10 10 255\n" + b"7 " * 100)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "JPEG", "WEBP", "GIF", "TIFF"])
def test_more_than_200_megapixels_are_refused_before_decoding(kind, monkeypatch):
    data = encode(picture(), kind)
    monkeypatch.setattr("desktop_app.core.images.decoding.decode.MAX_PIXELS", 3000)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))

    with pytest.raises(UnreadableImage, match="megapixels"):
        read_image(data)


def test_the_second_line_is_pillows_own():
    assert Image.MAX_IMAGE_PIXELS == limits.MAX_PIXELS


@pytest.mark.parametrize(
    ("size", "factor"),
    [((7000, 7000), 1), ((10_000, 5000), 1), ((5001, 10_000), 2), (SIZE, 2), ((200_000_000, 1), 4)],
)
def test_reduction(size, factor):
    assert reduction(size) == factor


def test_every_sample_is_far_below_the_limits(monkeypatch):
    monkeypatch.setattr(limits, "MEMORY_BYTES", limits.SLACK_BYTES + 1_000_000)
    for data in valid_files().values():
        read_image(data)
