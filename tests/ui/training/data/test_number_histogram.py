"""The histogram of numbers is there for data of more than 8 bits, and says in words what it shows."""

from __future__ import annotations

import pytest

from desktop_app.core.datasets.report import NumberRange
from desktop_app.ui.training.data.number_histogram import NumberHistogram, heights, words


def numbers(black=0.0, white=936.0):
    return NumberRange(0.0, 1000.0, tuple([0.9] + [0.1 / 63] * 63), black, white, 160)


@pytest.fixture
def histogram(qtbot):
    widget = NumberHistogram()
    qtbot.addWidget(widget)
    return widget


def test_it_is_hidden_without_numbers(histogram):
    histogram.show_numbers(None)
    assert histogram.isHidden()


def test_black_and_white_are_drawn(histogram):
    histogram.show_numbers(numbers())
    histogram.resize(640, histogram.sizeHint().height())
    image = histogram.grab().toImage()
    strip = image.height() - histogram.fontMetrics().height() - 4 - 5
    assert image.pixelColor(2, strip).lightness() < 10
    assert image.pixelColor(630, strip).lightness() > 245
    assert image.pixelColor(3, 10) != image.pixelColor(300, 10)
    assert histogram.accessibleName() == (
        "Numbers of 160 pictures of more than 8 bits, 0 to 1000; 0 is black, 936 is white"
    )


def test_a_scale_for_each_picture_is_said():
    assert words(numbers(None, None)).endswith("each picture has its own black and white")


def test_small_shares_are_seen():
    assert heights((1.0, 0.001, 0.0)) == [1.0, pytest.approx(0.25), 0.0]
    assert heights((0.0, 0.0)) == [0.0, 0.0]
