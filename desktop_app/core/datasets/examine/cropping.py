"""Crops of what is in boxes: from a data set for detection to one with class folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.annotations.finding import find_candidates
from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.datasets.boxes.crops import SMALLEST, CropsResult, write_crops
from desktop_app.core.datasets.examine.doctor import folder_of
from desktop_app.core.datasets.labeling.surroundings import survey
from desktop_app.core.datasets.report import DatasetError, ScanProgress
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def make_crops(
    data: Path,
    target: Path,
    *,
    answers: Answers = NO_ANSWERS,
    smallest: int = SMALLEST,
    cancel: CancelToken = NEVER,
    on_progress: Callable[[ScanProgress], None] = lambda _progress: None,
) -> CropsResult:
    """Find the boxes of a data set, and write what is in them into a folder for each class.

    Args:
        data: A folder, or an archive, which is unpacked first.
        target: Folder to make; it must not exist. It appears whole or not at all.
        answers: What was decided about the folders.
        smallest: Least width and height of a crop in pixels.
        cancel: Token checked at every file and picture.
        on_progress: Callback for about 20 reports a second at most.

    Raises:
        DatasetError: The data have no boxes, or none of two classes can be used.
        UsageError: The folder to make exists, or lies in the data folder.
        StorageError: A file cannot be read or written.
        Cancelled: The user cancelled; nothing is left.
    """
    folder = folder_of(data, cancel, on_progress)
    on_progress(ScanProgress(0, None, "Looking for boxes"))
    around = survey(folder, cancel, answers, candidates=find_candidates(folder, cancel), beside=True)
    boxes = around.boxes(cancel)
    if boxes is None:
        raise DatasetError(
            f"No boxes around objects in {printable(str(data))}.",
            "Sightline reads those of COCO, YOLO, Pascal VOC and LabelMe, and tables with the columns xmin, "
            "ymin, xmax and ymax.",
        )
    return write_crops(
        boxes,
        around.index,
        around.parts,
        target,
        smallest=smallest,
        cancel=cancel,
        on_progress=on_progress,
    )
