"""Whether pictures have boxes around objects, in whatever files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.boxes.listed_boxes import coco_boxes, table_boxes
from desktop_app.core.datasets.boxes.sidecars import sidecar_boxes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.annotations.label_file import LabelFile
    from desktop_app.core.datasets.annotations.picture_index import PictureIndex
    from desktop_app.core.datasets.boxes.box_set import BoxSet
    from desktop_app.core.datasets.report import Part
    from desktop_app.core.foundation.cancellation import CancelToken


def find_boxes(
    index: PictureIndex,
    parts: Sequence[Part | None],
    candidates: Sequence[Path],
    tables: Sequence[LabelFile],
    cancel: CancelToken,
) -> BoxSet | None:
    """Find the boxes of a data set.

    Args:
        index: The pictures.
        parts: Subset of each picture by its folders.
        candidates: Files that may be COCO documents.
        tables: Files whose rows name pictures.
        cancel: Token checked at every item.

    Returns:
        The boxes, or None without any.

    Raises:
        StorageError: A file with the names of the classes cannot be read.
        Cancelled: The user cancelled.
    """
    return (
        coco_boxes(candidates, index, parts, cancel)
        or table_boxes(tables, index, parts, cancel)
        or sidecar_boxes(index, cancel)
    )
