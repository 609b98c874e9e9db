from pathlib import Path

import pytest
from PIL import Image

from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import ClassSummary, DatasetReport, Example
from desktop_app.core.training.recipes.suggestion import suggest

TEN = tuple("0123456789")


def mnist_like(*, classes=TEN, median=(28, 28), largest=(28, 28), grey=100):
    """A report on 100 pictures."""
    summaries = tuple(ClassSummary(name, 100 // len(classes), 0, 0, 0, ()) for name in classes)
    examples = [Example(Path(f"/{number}"), number % len(classes), None) for number in range(100)]
    sizes = ((28, 28), median, largest)
    return DatasetReport(Path("/"), Path("/"), "", summaries, examples, (), (), (), *sizes, {}, grey, 0.0)


@pytest.mark.parametrize(
    ("fields", "recipe"),
    [
        ({}, "digits-cnn"),
        ({"classes": TEN[:2]}, "digits-cnn"),
        ({"median": (32, 32)}, "digits-cnn"),
        ({"largest": (600, 400), "grey": 90}, "digits-cnn"),
        ({"median": (28, 33)}, "pretrained"),
        ({"median": (33, 28)}, "pretrained"),
        ({"grey": 89}, "pretrained"),
        ({"classes": TEN[:2], "grey": 0}, "pretrained"),
        ({"median": (500, 375)}, "pretrained"),
    ],
)
def test_what_fits_the_data_is_suggested(fields, recipe):
    assert suggest(mnist_like(**fields)).recipe_id == recipe


@pytest.mark.parametrize(
    ("mode", "colour", "side", "recipe"),
    [
        ("L", 90, 28, "digits-cnn"),
        ("RGBA", (90, 90, 90, 255), 28, "digits-cnn"),  # as MNIST is found in folders
        ("RGB", (90, 91, 90), 28, "digits-cnn"),
        ("RGB", (90, 110, 90), 28, "pretrained"),
        ("L", 90, 64, "pretrained"),
    ],
)
def test_grey_is_told_by_the_pixels_and_remembered(tmp_path: Path, mode, colour, side, recipe):
    for label, name in enumerate("abc"):
        (tmp_path / name).mkdir()
        for number in range(2):
            image = Image.new(mode, (side, side), colour)
            image.putpixel((3 * label, number), 0 if mode == "L" else (0, 0, 0, 255)[: len(mode)])
            image.save(tmp_path / name / f"{number}.png")
    for _visit in range(2):  # the second one opens no file
        assert suggest(examine(tmp_path)).recipe_id == recipe
