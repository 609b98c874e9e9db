"""Names that masks and their folders usually have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = re.compile(
    r"(.+?)[-_. ]?(mask|masks|seg|segmentation|gt|groundtruth|ground_truth|label|labels|annotation|anno|"
    r"trimap|matte|alpha|lesion|labelids|instanceids|trainids|color_mask|segmented)(_?\d+)?",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(mask|seg|gt|label)[-_. ](.+)", re.IGNORECASE)
_FOLDER = re.compile(
    r"(.*[-_. ])?(masks?|ground_?truths?|gt|labels?|annotations?|annots?|segmentations?|segmentation_?class|"
    r"segmentation_?object|segs?|trimaps?|mattes?|mask_?images|segmented)([-_. ].*)?",
    re.IGNORECASE,
)


def names_masks(folder: str) -> bool:
    """Whether a folder's name is one that masks are usually kept in."""
    return _FOLDER.fullmatch(folder) is not None


def pictured_by(stem: str) -> str | None:
    """The name of the picture that a mask's name is made of, in lower case.

    Args:
        stem: Name without extension.

    Returns:
        None when the name is not that of a mask.
    """
    if match := _SUFFIX.fullmatch(stem):
        return match[1].casefold()
    match = _PREFIX.fullmatch(stem)
    return match[2].casefold() if match else None


def in_folder_of_masks(path: Path, folder: Path) -> bool:
    """Whether a file is in a folder that masks are usually kept in.

    Args:
        path: The file.
        folder: The data folder.
    """
    return any(names_masks(name) for name in path.relative_to(folder).parts[:-1])
