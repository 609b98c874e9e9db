"""The 1,000 classes of ImageNet's ILSVRC-2012, in the order of the published networks' outputs."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.card import ClassLabel
from desktop_app.core.library.imagenet.published import CLASS_COUNT

if TYPE_CHECKING:
    from pathlib import Path


def imagenet_labels() -> list[ClassLabel]:
    """Read the classes from the list that ships with the app, under their published names.

    Two names stand for two classes each (crane, maillot); the synset id distinguishes them.

    Raises:
        ModelError: The installation is damaged.
    """
    return list(_read(paths.resources() / "imagenet_labels.csv"))


@lru_cache(maxsize=1)
def _read(path: Path) -> tuple[ClassLabel, ...]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        message = f"The list of classes {path} cannot be read: {error.strerror}."
        raise ModelError(message, "Reinstall Sightline.") from error
    labels = tuple(ClassLabel(class_id=row["synset"], label=row["name"]) for row in rows)
    if len(labels) != CLASS_COUNT or [row["index"] for row in rows] != [str(i) for i in range(CLASS_COUNT)]:
        raise ModelError(f"The list of classes {path} is damaged.", "Reinstall Sightline.")
    return labels
