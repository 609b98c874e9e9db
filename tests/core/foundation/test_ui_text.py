import pytest

from desktop_app.core.foundation.text import (
    breakable,
    duration,
    megabytes,
    percentage,
    pixel_size,
    remaining,
    time_span,
)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 kB"), (3_400_000, "3.4 MB"), (574_710_816, "575 MB"), (8_200_000_000, "8.2 GB"), (-1, "0 kB")],
)
def test_bytes(count, words):
    assert megabytes(count) == words


def test_percentage_is_never_broken():
    assert percentage(0.9314) == "93.1\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize(("seconds", "words"), [(0.0042, "4 ms"), (0.31, "0.31 s"), (12, "12.00 s")])
def test_duration(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (38, "40 s"),
        (58, "60 s"),
        (60, "1 min"),
        (155, "3 min"),
        (3590, "1 h 0 min"),
        (4800, "1 h 20 min"),
    ],
)
def test_a_time_to_wait_is_written_roughly(seconds, words):
    assert remaining(seconds) == words


def test_pixel_size():
    assert pixel_size(4032, 3024) == "4,032 \N{MULTIPLICATION SIGN} 3,024"


@pytest.mark.parametrize("text", ["IMG_2024_" + 60 * "x" + ".jpg", "/home/me/a-b.c", "plain words stay"])
def test_breaks_add_nothing_visible_and_leave_no_long_piece(text):
    broken = breakable(text)
    assert broken.replace("\N{ZERO WIDTH SPACE}", "") == text
    assert max(map(len, broken.replace(" ", "\N{ZERO WIDTH SPACE}").split("\N{ZERO WIDTH SPACE}"))) <= 16


def test_decimal_numbers_stay_whole():
    assert "95.0" in breakable("95.0 % accurate on 2,000 test pictures")
    assert breakable("picture.1.jpg").split("\N{ZERO WIDTH SPACE}") == ["picture.", "1.", "jpg"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59, "59 s"), (61, "1 min 01 s"), (3_599.7, "1 h 00 min"), (90_000, "25 h 00 min")],
)
def test_how_long_something_took(seconds, words):
    assert time_span(seconds) == words
