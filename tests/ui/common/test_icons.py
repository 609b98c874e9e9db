import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.core import paths
from desktop_app.ui.common.icons import pixmap, renew_icons, set_icon
from desktop_app.ui.common.tokens import DARK, LIGHT

NAMES = sorted(path.stem for path in (paths.resources() / "icons").glob("*.svg") if path.stem != "sightline")


def colours(picture):
    image = picture.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_that_is_asked_for(qapp, name):
    assert colours(pixmap(name, "#ff0000", 64)) == {"#ff0000"}


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
