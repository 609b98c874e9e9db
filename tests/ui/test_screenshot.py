"""The whole window, with real services and a tiny model, up to the picture of it."""

from __future__ import annotations

import pytest
from PIL import Image

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
from desktop_app.ui.desktop import Desktop
from desktop_app.ui.screenshot import Screenshot, ScreenshotError
from desktop_app.workers.classify.messages import ItemState
from tests.tiny_model import install_colour_model

pytestmark = pytest.mark.engine


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")


@pytest.fixture
def sources(tmp_path):
    found = []
    for name, colour in (("red", (250, 0, 0)), ("blue", (0, 0, 250))):
        Image.new("RGB", (120, 80), colour).save(tmp_path / f"{name}.png")
        found.append(FileSource(tmp_path / f"{name}.png"))
    return found


@pytest.fixture
def desktop(qtbot, library, tmp_path):
    desktop = Desktop(library, SettingsStore(tmp_path / "settings.json"))
    yield desktop
    desktop.window.close()
    assert desktop.shutdown(60)
    # Nobody else takes the window away, and each later change of the theme would dress its 500 widgets again.
    desktop.window.deleteLater()
    desktop.deleteLater()


def take(qtbot, desktop, path, sources, **options):
    screenshot = Screenshot(desktop, path, **options)
    with qtbot.waitSignal(screenshot.ended, timeout=60_000) as ended:
        screenshot.start(sources)
    return ended.args[0]


def test_pictures_are_answered_drawn_and_saved(qtbot, desktop, library, sources, tmp_path):
    install_colour_model(library, "everyday")
    assert take(qtbot, desktop, tmp_path / "shot.png", sources) is None
    items = desktop.session.items()
    assert [item.answer.prediction.top.label for item in items] == ["red", "blue"]
    assert desktop.devices.status is not None
    assert desktop.window._panes.count() == len(desktop.window._entries)
    with Image.open(tmp_path / "shot.png") as shot:
        assert shot.size == desktop.window.size().toTuple()
        colours = {colour for _, colour in shot.convert("RGB").getcolors(shot.width * shot.height)}
    assert {(250, 0, 0), (0, 0, 250)} <= colours


def test_a_picture_that_cannot_be_read_is_shown_as_such(qtbot, desktop, library, tmp_path):
    install_colour_model(library, "everyday")
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    assert take(qtbot, desktop, tmp_path / "shot.png", [FileSource(tmp_path / "bad.jpg")]) is None
    assert desktop.session.items()[0].state is ItemState.FAILED


def test_without_a_model_it_says_why(qtbot, desktop, sources, tmp_path):
    error = take(qtbot, desktop, tmp_path / "shot.png", sources)
    assert isinstance(error, ScreenshotError)
    assert "everyday" in str(error)
    assert not (tmp_path / "shot.png").exists()


def test_the_time_is_limited(qtbot, desktop, library, sources, tmp_path):
    install_colour_model(library, "everyday")
    error = take(qtbot, desktop, tmp_path / "shot.png", sources, limit_seconds=0.001)
    assert isinstance(error, ScreenshotError)
    assert "not classified within" in str(error)


@pytest.mark.parametrize("name", ["shot.doc", "no folder/shot.png"])
def test_a_file_that_cannot_be_written(qtbot, desktop, library, sources, tmp_path, name):
    install_colour_model(library, "everyday")
    error = take(qtbot, desktop, tmp_path / name, sources)
    assert isinstance(error, StorageError)
    assert error.advice
