import pytest
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.core.foundation import paths
from desktop_app.ui.common.style.icons import _icon, renew_icons, set_icon
from desktop_app.ui.common.style.tokens import DARK, LIGHT

NAMES = sorted(path.stem for path in (paths.resources() / "icons").glob("*.svg") if path.stem != "sightline")


def colours(picture):
    image = picture.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_that_is_asked_for(qapp, name):
    icon = _icon(name, "#ff0000", "#0000ff", gap=False)
    assert colours(icon.pixmap(64)) == {"#ff0000"}
    assert colours(icon.pixmap(64, QIcon.Mode.Disabled)) == {"#0000ff"}


def test_a_gap_lies_to_the_right(qapp):
    image = _icon("check", "#ff0000", "#0000ff", gap=True).pixmap(80, 64).toImage()
    drawn = [x for x in range(80) if any(image.pixelColor(x, y).alpha() for y in range(64))]
    assert 0 <= min(drawn) < 16
    assert 48 <= max(drawn) < 64


def test_an_icon_without_any_room_is_not_drawn(qapp, qtlog):
    assert _icon("check", "#ff0000", "#0000ff", gap=False).pixmap(0).isNull()
    assert not qtlog.records


def test_an_icon_leaves_the_painter_as_it_was(qapp):
    ground = QPixmap(32, 32)
    painter = QPainter(ground)
    before = painter.renderHints()
    _icon("check", "#ff0000", "#0000ff", gap=False).paint(painter, 0, 0, 16, 16)
    assert painter.renderHints() == before
    painter.end()


def test_a_copy_of_an_icon_draws_the_same(qapp):
    icon = _icon("check", "#ff0000", "#0000ff", gap=False)
    copy = QIcon(icon)
    copy.setIsMask(True)  # which makes Qt ask for an engine of its own
    del icon
    _icon.cache_clear()
    assert colours(copy.pixmap(64)) == {"#ff0000"}


def test_icons_follow_the_theme(qtbot, light):
    root = QWidget()
    qtbot.addWidget(root)
    target = QPushButton(root)
    set_icon(target, "check")
    assert QColor(LIGHT.text).name() in colours(target.icon().pixmap(64))
    light.apply("dark")
    renew_icons(root)
    assert QColor(DARK.text).name() in colours(target.icon().pixmap(64))


def test_an_icon_is_drawn_anew_for_a_dense_screen(qapp, light):
    target = QPushButton()
    set_icon(target, "check")
    dense = target.icon().pixmap(target.iconSize(), 2.0)
    assert dense.devicePixelRatio() == 2.0
    assert dense.width() == 2 * target.iconSize().width()
