"""The window from its first start to its end: with pictures, with a second start, in the middle of work."""

from __future__ import annotations

import signal
import threading
import time

import pytest
from PIL import Image

from tests.end2end.running_app import PATIENCE
from tests.file_server import FileServer

pytestmark = [pytest.mark.display, pytest.mark.engine]

LONGEST_END = 2.0
"""Seconds that closing may take whatever is under way."""


@pytest.fixture
def silent_link(serve):
    """A link to a server that never responds, and the event that it was asked."""
    asked, end = threading.Event(), threading.Event()

    def handle(_request):
        asked.set()
        end.wait(PATIENCE)

    yield f"{serve(handle).url}/picture.png", asked
    end.set()


@pytest.fixture
def much_work(tmp_path):
    """A folder that takes far longer than any test to classify."""
    folder = tmp_path / "much"
    folder.mkdir()
    Image.effect_noise((2000, 1500), 60).convert("RGB").save(folder / "0.png", compress_level=1)
    for number in range(1, 500):
        (folder / f"{number}.png").hardlink_to(folder / "0.png")
    return folder


def ends_at_once(app, end):
    """Let the app quit successfully; return whether it was quick enough.

    A second more is for the keys' way, and on a busy machine twice what the window took to open.
    """
    started = time.monotonic()
    end()
    assert app.wait_for_end() == 0
    return time.monotonic() - started < LONGEST_END + max(1.0, 2 * app.opened_after)


def test_a_second_start_hands_its_picture_to_the_first(desk, make_home, pictures):
    home = make_home()
    first = desk.open(pictures["green"], home=home)
    assert desk.label() == "green"
    second = desk.start(pictures["blue"], home=home)
    assert second.wait_for_end() == 0
    assert "already running" in second.said()
    assert desk.label() == "blue"
    desk.press("Left")
    assert desk.label() == "green"
    desk.press("ctrl+q")
    assert first.wait_for_end() == 0


def test_it_ends_at_once_in_the_middle_of_work(desk, make_home, pictures, silent_link, much_work):
    link, asked = silent_link
    app = desk.open(home=make_home())
    desk.paste(text=link)
    desk.drag(urls=[pictures["red"].as_uri(), much_work.as_uri()])
    assert asked.wait(PATIENCE)
    assert desk.label() == "red"
    assert ends_at_once(app, lambda: desk.press("ctrl+q"))


def test_it_ends_at_once_while_a_model_is_made_ready(desk, make_home, pictures):
    app = desk.open(pictures["red"], home=make_home())
    app.wait_for_log("Comparing OpenVINO with TensorFlow")
    assert ends_at_once(app, lambda: desk.press("ctrl+q"))


def test_it_ends_at_once_while_a_download_hangs(desk, make_home, serve):
    file = FileServer(bytes(1_000_000), "stall")
    home = make_home(model_id="vgg19")
    app = desk.open(home=home, SIGHTLINE_WEIGHTS_URL=serve(file).url, SIGHTLINE_WEIGHTS_MD5="0" * 32)
    app.wait_for_log("cannot be used")
    desk.press(*desk.TO_DOWNLOAD)
    assert file.half_sent.wait(PATIENCE)
    app.wait_until(lambda: any((home / "downloads").glob("*.part")), "the first bytes in a file")
    try:
        assert ends_at_once(app, lambda: desk.press("ctrl+q"))
    finally:
        file.released.set()
    assert list((home / "downloads").glob("*.part"))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_in_the_middle_of_work(desk, make_home, much_work, number, status):
    app = desk.open(much_work, home=make_home())
    app.wait_for_log("Comparing OpenVINO with TensorFlow")
    app.process.send_signal(number)
    assert app.wait_for_end() == status
