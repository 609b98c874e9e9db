import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor

from desktop_app.core.images.decoding.fitting import Fitting
from desktop_app.core.images.load import load_fitted, load_preview
from desktop_app.core.images.sources import FileSource
from desktop_app.ui.classify.picture_view import PictureView
from desktop_app.ui.classify.seen_frame import frame_of, seen_words
from desktop_app.workers.classify.messages import PicturePreview
from tests.core.images.samples import exif

SQUARE = Fitting(32, 32, "crop")


@pytest.fixture
def view(qtbot, light):
    result = PictureView()
    qtbot.addWidget(result)
    result.resize(400, 400)
    result.show()
    return result


@pytest.mark.parametrize(
    ("full", "place", "fitting", "expected"),
    [
        ((400, 200), (0, 100, 400, 200), SQUARE, (100, 100, 200, 200)),
        ((200, 400), (100, 0, 200, 400), SQUARE, (100, 100, 200, 200)),
        ((4000, 2000), (0, 100, 400, 200), SQUARE._replace(crop_share=0.5), (150, 150, 100, 100)),
        ((300, 300), (50, 50, 300, 300), SQUARE._replace(crop_share=0.8), (80, 80, 240, 240)),
        ((400, 200), (0, 100, 400, 200), Fitting(32, 96, "crop"), (0, 400 / 3, 400, 400 / 3)),
        ((400, 200), (0, 100, 400, 200), SQUARE._replace(fit="squash", crop_share=0.5), (0, 100, 400, 200)),
        ((400, 200), (0, 100, 400, 200), SQUARE._replace(fit="both"), (100, 100, 200, 200)),
    ],
)
def test_the_frame_is_the_part_that_is_scaled_to_the_input(full, place, fitting, expected):
    found = frame_of(fitting, QSize(*full), QRectF(*place))

    assert found.getRect() == pytest.approx(expected)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("size", [(600, 300), (300, 600)])
def test_what_is_in_the_frame_is_what_the_network_gets(view, tmp_path, size, orientation):
    """The upright picture is blue in the frame only, whichever way the file has it turned."""
    fitting = Fitting(64, 64, "crop", 0.8)
    upright = np.full((*size[::-1], 3), (200, 0, 0), np.uint8)
    middle = [side / 2 for side in size]
    left, top = (round(at - 120) for at in middle)
    upright[top : top + 240, left : left + 240] = (0, 0, 200)
    turns = {1: 0, 3: 2, 6: 1, 8: 3}[orientation]
    source = FileSource(tmp_path / "photo.png")
    Image.fromarray(np.rot90(upright, turns)).save(source.path, exif=exif(orientation))

    seen = load_fitted(source, fitting)
    pixels, full = load_preview(source, 600)
    view.show_preview(PicturePreview(1, pixels, *full))
    frame = frame_of(fitting, QSize(*full), view._place())
    view.show_seen(fitting)
    shown = view.grab().toImage()

    assert full == size
    assert (seen[2:-2, 2:-2] == (0, 0, 200)).all()
    assert seen[0, 0, 0] < 60
    assert frame.getRect() == pytest.approx((120, 120, 160, 160))
    inside = [(frame.left() + 8, 200), (frame.right() - 8, 200), (200, frame.top() + 8), (200, 200)]
    assert {shown.pixelColor(round(x), round(y)).name() for x, y in inside} == {"#0000c8"}
    outside = [
        (x, y) for x, y in ((60, 200), (340, 200), (200, 60), (200, 340)) if view._place().contains(x, y)
    ]
    colours = [shown.pixelColor(x, y) for x, y in outside]
    assert len(colours) == 2
    assert all(60 < colour.red() < 160 and not colour.blue() for colour in colours), "dimmed"


def frame_colours(view):
    """The colours along a line from the middle of the picture to the right."""
    image = view.grab().toImage()
    return [image.pixelColor(x, 200) for x in range(200, 400)]


@pytest.mark.parametrize(
    ("fit", "frame_at", "dims"), [("crop", 300, True), ("both", 300, False), ("squash", 400, False)]
)
def test_only_what_no_view_shows_is_dimmed(view, fit, frame_at, dims):
    grey = np.full((200, 400, 3), 128, np.uint8)
    view.show_preview(PicturePreview(1, grey, 400, 200))
    view.show_seen(SQUARE._replace(fit=fit))

    colours = frame_colours(view)

    white = [200 + at for at, colour in enumerate(colours) if colour.lightness() > 200]
    assert white
    assert all(abs(at - frame_at) <= 4 for at in white)
    assert (QColor(colours[150]).lightness() < 100) == dims


def test_no_frame_is_drawn_until_it_is_asked_for(view):
    grey = np.full((200, 400, 3), 128, np.uint8)
    view.show_preview(PicturePreview(1, grey, 400, 200))
    plain = view.grab().toImage()

    assert view.show_seen(SQUARE)
    assert view.accessibleDescription() == "seen: the centre 200 \N{MULTIPLICATION SIGN} 200"
    assert view.grab().toImage() != plain
    assert view.show_seen(None) == view.accessibleDescription() == ""
    assert view.grab().toImage() == plain


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ("squash", "seen: all of it"),
        ("crop", "seen: the centre 1,750 \N{MULTIPLICATION SIGN} 1,750"),
        ("both", "seen: all and the centre 1,750 \N{MULTIPLICATION SIGN} 1,750"),
    ],
)
def test_the_words_say_the_same_as_the_frame(fit, words):
    assert seen_words(Fitting(224, 224, fit, 0.875), QSize(3000, 2000)) == words


def test_a_thin_picture_is_seen_in_parts():
    fitting = Fitting(224, 224, "crop", in_parts=True)
    assert seen_words(fitting, QSize(2240, 224)) == "seen: all of it, in 10 parts"
    assert seen_words(fitting, QSize(300, 200)).startswith("seen: the centre")
