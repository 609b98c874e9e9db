"""Boxes in every form give the same crops, whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.datasets.boxes.box_set import BoxesFound
from desktop_app.core.datasets.examine.cropping import make_crops
from desktop_app.core.datasets.examine.doctor import examine
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, UsageError
from desktop_app.core.foundation.text import pixel_size
from desktop_app.core.images.decoding.decode import read_image
from tests.core.datasets.boxes import box_sets

if TYPE_CHECKING:
    from pathlib import Path

FORMS = {
    "YOLO": (box_sets.yolo, "This is a YOLO data set"),
    "YOLO with outlines": (box_sets.yolo_outlines, "This is a YOLO data set"),
    "COCO": (box_sets.coco, "This is a COCO data set"),
    "Pascal VOC": (box_sets.voc, "This is a Pascal VOC data set"),
    "LabelMe": (box_sets.labelme, "This is a LabelMe data set"),
    "table": (box_sets.table, "This is a data set"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_data_set_with_boxes_is_named_and_gives_crops(form: str, tmp_path: Path) -> None:
    make, name = FORMS[form]
    make(tmp_path / "set")
    with pytest.raises(BoxesFound) as caught:
        examine(tmp_path / "set")
    assert str(caught.value).startswith(
        f"{name} for detection: 3 pictures have boxes around objects (cat, dog)"
    )
    assert "sightline crops DATA OUTPUT" in caught.value.advice
    assert caught.value.reason.offer == "crops"
    result = make_crops(tmp_path / "set", tmp_path / "crops")
    assert result.classes == {"cat": 3, "dog": 3}
    assert (result.bad, result.small, result.problems) == (0, 0, ())
    for label, edges, value in (("cat", box_sets.CAT, 0), ("dog", box_sets.DOG, 255)):
        crops = sorted((tmp_path / "crops" / label).iterdir())
        assert len(crops) == 3
        pixels = read_image(crops[0])
        assert pixels.shape == (edges[3] - edges[1], edges[2] - edges[0], 3)
        assert (pixels == value).all()


@pytest.mark.parametrize(
    ("images", "labels"),
    [("{}/images", "{}/labels"), ("images/{}", "labels/{}"), ("{}", "{}")],
)
def test_the_subsets_of_yolo_are_kept(images: str, labels: str, tmp_path: Path) -> None:
    for part in ("train", "valid"):
        box_sets.yolo(tmp_path / "set", images.format(part), labels.format(part))
    result = make_crops(tmp_path / "set", tmp_path / "crops")
    assert result.crops == 12
    assert sorted(path.name for path in (tmp_path / "crops").iterdir()) == ["train", "validation"]
    assert examine(tmp_path / "crops").class_names == ("cat", "dog")


def test_the_subsets_of_coco_are_kept(tmp_path: Path) -> None:
    for part in ("train2017", "val2017"):
        box_sets.coco(tmp_path / "set", part, f"annotations/instances_{part}.json")
    result = make_crops(tmp_path / "set", tmp_path / "crops")
    assert (result.crops, result.pictures) == (12, 6)
    assert sorted(path.name for path in (tmp_path / "crops").iterdir()) == ["train", "validation"]


def _change(folder: Path, *boxes: list[object]) -> None:
    file = folder / "annotations/instances.json"
    document = json.loads(file.read_text())
    document["annotations"] += [
        {"id": 100 + number, "image_id": 0, "category_id": 5, "bbox": box} for number, box in enumerate(boxes)
    ]
    file.write_text(json.dumps(document))


def test_bad_and_small_boxes_are_counted_and_others_cut_at_the_edge(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    _change(
        tmp_path / "set",
        [50, 5, 10, 10],
        [5, 5, 0, 10],
        [5, 5, -4, -4],
        ["x", 1, 2, 3],
        [1, 2, 3],
        [5, 5, 3, 20],
        [30, 20, 90, 90],
    )
    result = make_crops(tmp_path / "set", tmp_path / "crops")
    assert (result.crops, result.bad, result.small) == (7, 5, 1)
    assert "Skipped: 5 boxes outside the picture or damaged, 1 box too small." in result.sentence
    assert {read_image(path).shape[:2] for path in (tmp_path / "crops" / "cat").iterdir()} == {
        (13, 16),
        (10, 10),
    }


def test_boxes_for_a_picture_of_another_size_are_not_used(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    Image.fromarray(np.zeros((15, 20, 3), np.uint8)).save(tmp_path / "set/images/a.png")
    result = make_crops(tmp_path / "set", tmp_path / "crops")
    (problem,) = result.problems
    assert problem.path.name == "a.png"
    assert problem.reason.text == (
        f"The picture has {pixel_size(20, 15)} pixels, but its boxes are for {pixel_size(40, 30)}."
    )
    assert result.crops == 4


def test_classes_whose_names_no_folder_can_have_or_that_differ_in_case(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    file = tmp_path / "set/annotations/instances.json"
    file.write_text(file.read_text().replace('"cat"', '"a/b"').replace('"dog"', '"A-B"'))
    make_crops(tmp_path / "set", tmp_path / "crops")
    assert sorted(path.name for path in (tmp_path / "crops").iterdir()) == ["A-B (2)", "a-b"]


def test_pictures_of_the_same_name_keep_their_own_crops(tmp_path: Path) -> None:
    box_sets.yolo(tmp_path / "set", "images/x", "labels/x")
    box_sets.yolo(tmp_path / "set", "images/y", "labels/y")
    assert make_crops(tmp_path / "set", tmp_path / "crops").crops == 12
    assert len(list((tmp_path / "crops" / "cat").iterdir())) == 6


def test_a_folder_that_exists_is_refused(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    (tmp_path / "crops").mkdir()
    with pytest.raises(UsageError, match="exists already"):
        make_crops(tmp_path / "set", tmp_path / "crops")
    with pytest.raises(UsageError, match="lies in the data folder"):
        make_crops(tmp_path / "set", tmp_path / "set" / "crops")


def test_nothing_is_left_of_crops_that_are_cancelled(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    source = CancelSource()
    with pytest.raises(Cancelled):
        make_crops(
            tmp_path / "set",
            tmp_path / "crops",
            cancel=source.token,
            on_progress=lambda progress: source.cancel() if progress.message == "Making crops" else None,
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


def test_one_class_alone_makes_no_folder(tmp_path: Path) -> None:
    box_sets.coco(tmp_path / "set")
    file = tmp_path / "set/annotations/instances.json"
    file.write_text(file.read_text().replace('"category_id": 6', '"category_id": 5'))
    with pytest.raises(DatasetError, match=r"only one class \(cat\)"):
        make_crops(tmp_path / "set", tmp_path / "crops")
    assert not (tmp_path / "crops").exists()


def test_pictures_without_boxes_are_said(tmp_path: Path) -> None:
    box_sets.pictures(tmp_path / "set")
    with pytest.raises(DatasetError, match="No boxes around objects"):
        make_crops(tmp_path / "set", tmp_path / "crops")


def test_captions_are_no_boxes(tmp_path: Path) -> None:
    box_sets.pictures(tmp_path / "set")
    for name in box_sets.NAMES:
        (tmp_path / "set" / name.replace(".png", ".txt")).write_text("a cat and a dog in 2 baskets\n")
    with pytest.raises(DatasetError, match="no class folders"):
        examine(tmp_path / "set")
