import pytest

from desktop_app.ui.classify.picture_view import PictureView
from tests.ui.fakes import preview


@pytest.fixture
def view(qtbot, light):
    result = PictureView()
    qtbot.addWidget(result)
    result.resize(400, 300)
    result.show()
    result.sides = []
    result.wanted.connect(result.sides.append)
    return result


def test_the_longer_side_is_asked_for_in_device_pixels(view, monkeypatch):
    view.expect("a.jpg")
    assert view.sides == [400]
    monkeypatch.setattr(view, "devicePixelRatioF", lambda: 2.0)
    view.expect("b.jpg")
    assert view.sides == [400, 800]
    assert view.accessibleName() == "Picture b.jpg"


def test_a_larger_view_asks_again_after_a_pause(view, qtbot):
    view.expect("a.jpg")
    view.show_preview(preview(1, 400, 300, full=(4000, 3000)))
    for width in (450, 500, 600):
        view.resize(width, 300)
    assert view.sides == [400]
    qtbot.waitUntil(lambda: len(view.sides) == 2)
    assert view.sides == [400, 600]


@pytest.mark.parametrize(("width", "full"), [(300, (4000, 3000)), (600, (400, 300))])
def test_what_cannot_become_sharper_is_not_asked_for(view, qtbot, width, full):
    view.expect("a.jpg")
    view.show_preview(preview(1, 400, 300, full=full))
    view.resize(width, 300)
    with qtbot.waitSignal(view._pause.timeout):
        pass
    assert view.sides == [400]


@pytest.mark.parametrize(
    ("full", "expected"),
    [((4000, 3000), (0, 0, 400, 300)), ((100, 300), (150, 0, 100, 300)), ((10, 10), (160, 110, 80, 80))],
)
def test_a_picture_fits_and_tiny_ones_are_not_blown_up(view, full, expected):
    view.show_preview(preview(1, 40, 30, full=full))
    place = view._place()
    assert (place.x(), place.y(), place.width(), place.height()) == expected


def test_the_old_picture_stays_until_the_new_one_or_a_moment_has_passed(view, qtbot):
    view.expect("a.jpg")
    view.show_preview(preview(1))
    assert view.has_picture()
    view.expect("b.jpg")
    assert not view.has_picture()
    assert view._image is not None
    qtbot.waitUntil(lambda: view._image is None)


def test_the_picture_is_painted(view):
    empty = view.grab().toImage()
    view.show_preview(preview(1))
    assert view.grab().toImage() != empty


def test_a_sign_takes_the_place_of_the_picture(view):
    view.show_preview(preview(1))
    view.show_sign("picture-broken")
    assert not view.has_picture()
    assert view.grab().toImage().width() > 0
