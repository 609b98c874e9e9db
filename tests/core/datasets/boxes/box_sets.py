"""Data sets with boxes in every form: three pictures of 40 by 30 pixels with a black cat and a white dog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("a.png", "b.png", "c.png")
CAT, DOG = (4, 5, 20, 18), (22, 10, 38, 29)
"""Left, upper, right and lower edge."""


def pictures(folder: Path) -> None:
    """Write the pictures: grey, the cat black, the dog white."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        pixels = np.full((30, 40, 3), 128, np.uint8)
        for (left, upper, right, lower), value in ((CAT, 0), (DOG, 255)):
            pixels[upper:lower, left:right] = value
        Image.fromarray(pixels).save(folder / name)


def yolo(folder: Path, images: str = "images", labels: str = "labels") -> None:
    """YOLO: a text file for each picture."""
    pictures(folder / images)
    (folder / labels).mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        lines = []
        for number, (left, upper, right, lower) in enumerate((CAT, DOG)):
            center = (left + right) / 80, (upper + lower) / 60
            lines.append(f"{number} {center[0]} {center[1]} {(right - left) / 40} {(lower - upper) / 30}")
        (folder / labels / name.replace(".png", ".txt")).write_text("\n".join(lines) + "\n")
    (folder / "data.yaml").write_text("nc: 2\nnames: ['cat', 'dog']  # two\n")


def yolo_outlines(folder: Path) -> None:
    """YOLO for segmentation: outlines instead of boxes, and the names in lines."""
    pictures(folder / "images")
    (folder / "labels").mkdir()
    for name in NAMES:
        lines = []
        for number, (left, upper, right, lower) in enumerate((CAT, DOG)):
            corners = ((left, upper), (right, upper), (right, lower), (left, lower))
            lines.append(f"{number} " + " ".join(f"{x / 40} {y / 30}" for x, y in corners))
        (folder / "labels" / name.replace(".png", ".txt")).write_text("\n".join(lines) + "\n")
    (folder / "set.yaml").write_text("names:\n  0: cat\n  1: dog\ntrain: images\n")


def coco(folder: Path, images: str = "images", file: str = "annotations/instances.json") -> None:
    """COCO: one document for all pictures."""
    pictures(folder / images)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    annotations = [
        {
            "id": 10 * number + kind,
            "image_id": number,
            "category_id": 5 + kind,
            "iscrowd": 0,
            "bbox": [left, upper, right - left, lower - upper],
        }
        for number in range(3)
        for kind, (left, upper, right, lower) in enumerate((CAT, DOG))
    ]
    document = {
        "info": {"year": 2026},
        "annotations": annotations,
        "images": [
            {"id": number, "file_name": name, "width": 40, "height": 30} for number, name in enumerate(NAMES)
        ],
        "categories": [{"id": 5, "name": "cat"}, {"id": 6, "name": "dog"}],
    }
    (folder / file).write_text(json.dumps(document))


def voc(folder: Path) -> None:
    """Pascal VOC: an XML file for each picture, pixels counted from 1."""
    pictures(folder / "JPEGImages")
    (folder / "Annotations").mkdir()
    for name in NAMES:
        objects = "".join(
            f"<object><name>{label}</name><bndbox><xmin>{left + 1}</xmin><ymin>{upper + 1}</ymin>"
            f"<xmax>{right}</xmax><ymax>{lower}</ymax></bndbox></object>"
            for label, (left, upper, right, lower) in (("cat", CAT), ("dog", DOG))
        )
        size = "<size><width>40</width><height>30</height></size>"
        (folder / "Annotations" / name.replace(".png", ".xml")).write_text(
            f"<annotation>{size}{objects}</annotation>"
        )


def labelme(folder: Path) -> None:
    """LabelMe: a JSON file for each picture."""
    pictures(folder)
    for name in NAMES:
        shapes = [
            {"label": label, "shape_type": "rectangle", "points": [[right, upper], [left, lower]]}
            for label, (left, upper, right, lower) in (("cat", CAT), ("dog", DOG))
        ]
        document = {"shapes": shapes, "imagePath": name, "imageWidth": 40, "imageHeight": 30}
        (folder / name.replace(".png", ".json")).write_text(json.dumps(document))


def table(folder: Path) -> None:
    """A table with the edges."""
    pictures(folder)
    rows = ["filename,width,height,class,xmin,ymin,xmax,ymax"]
    for name in NAMES:
        rows += [
            f"{name},40,30,{label},{','.join(map(str, edges))}"
            for label, edges in (("cat", CAT), ("dog", DOG))
        ]
    (folder / "_annotations.csv").write_text("\n".join(rows))
