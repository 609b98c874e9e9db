"""Masks beside pictures are neither classes nor pictures until somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.examine.doctor import examine
from tests.core.datasets.labeling.label_sets import mask, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport

PLACES = {
    "suffix": "{label}/{label}{number}_mask.png",
    "several for a picture": "{label}/{label}{number}_mask_1.png",
    "another suffix": "{label}/{label}{number}_seg.png",
    "truth": "{label}/{label}{number}-gt.png",
    "prefix": "{label}/mask_{label}{number}.png",
    "a folder in each class": "{label}/masks/{label}{number}.png",
    "a folder beside the classes": "ground_truth/{label}/{label}{number}_mask.png",
    "a folder with a prefix": "image_masks/{label}{number}.png",
}


def _data(folder: Path, place: str = "") -> None:
    for label in ("cat", "dog"):
        for number in range(6):
            pictures(folder, f"{label}/{label}{number}.png")
            if place:
                mask(folder / place.format(label=label, number=number))


def _names(report: DatasetReport) -> set[str]:
    return {example.path.name for example in report.examples}


@pytest.mark.parametrize("kind", PLACES)
def test_masks_are_skipped_and_asked_about(kind: str, tmp_path: Path) -> None:
    _data(tmp_path, PLACES[kind])
    report = examine(tmp_path)
    assert report.class_names == ("cat", "dog")
    assert len(report.examples) == 12
    (question,) = report.questions
    assert (question.key, question.required) == ("masks", False)
    assert question.standing == "12 pictures that look like masks of others are skipped."
    assert [choice.option for choice in question.choices] == ["--masks skip", "--masks use"]
    skipped = examine(tmp_path, answers=question.choices[0].answers)
    assert (len(skipped.examples), skipped.questions) == (12, ())
    assert "12 pictures that are masks of others skipped." in skipped.warnings


def test_masks_can_be_used_like_any_picture(tmp_path: Path) -> None:
    _data(tmp_path, PLACES["suffix"])
    report = examine(tmp_path, answers=NO_ANSWERS.changed(masks=True))
    assert len(report.examples) == 24
    assert not report.questions


def test_pictures_with_such_names_and_many_colors_are_pictures(tmp_path: Path) -> None:
    _data(tmp_path)
    pictures(
        tmp_path, *(f"{label}/{label}{number}_mask.png" for label in ("cat", "dog") for number in range(6))
    )
    report = examine(tmp_path)
    assert len(report.examples) == 24
    assert not report.questions


def test_drawings_of_two_values_without_other_pictures_are_no_masks(tmp_path: Path) -> None:
    for label in ("circle", "square"):
        for number in range(6):
            mask(tmp_path / label / f"{number}.png")
            mask(tmp_path / label / f"{number}_mask.png")
    report = examine(tmp_path)
    assert len(report.examples) == 24
    assert not report.questions


def test_masks_that_were_saved_as_jpeg(tmp_path: Path) -> None:
    _data(tmp_path)
    pixels = np.zeros((64, 64), np.uint8)
    pixels[16:40, 24:50] = 255
    for label in ("cat", "dog"):
        for number in range(6):
            Image.fromarray(pixels).save(tmp_path / label / f"{label}{number}_mask.jpg", quality=90)
    report = examine(tmp_path)
    assert len(report.examples) == 12
    assert [question.key for question in report.questions] == ["masks"]


def test_masks_are_no_pictures_for_a_table_either(tmp_path: Path) -> None:
    names = [f"{number:03}" for number in range(12)]
    pictures(tmp_path / "images", *(f"{name}.png" for name in names))
    for name in names:
        mask(tmp_path / "masks" / f"{name}.png")
    rows = [f"{name},{'ab'[number % 2]}" for number, name in enumerate(names)]
    (tmp_path / "labels.csv").write_text("\n".join(["id,label", *rows]))
    report = examine(tmp_path)
    assert _names(report) == {f"{name}.png" for name in names}
    assert {example.path.parent.name for example in report.examples} == {"images"}
    assert report.class_names == ("a", "b")
