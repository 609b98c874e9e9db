"""Pictures that are masks of others: drawn for segmentation, with a few values that stand for regions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.annotations.mask_names import in_folder_of_masks, pictured_by
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.images.decoding.decode import read_image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken

MOST_VALUES = 32
"""Different colours that a mask has at most."""

_TRIED = 8
"""Pictures of each group that are looked at."""

_AGREEING = 0.75
"""Share of them that have few values, or many, from which on all are taken for such."""

_EDGE = 24
"""Levels from black and from white that JPEG adds to a mask of two values."""


@dataclass(frozen=True, slots=True)
class Masks:
    """Masks that lie with the pictures that they belong to.

    Attributes:
        paths: The masks.
        folders: Folders whose pictures are all masks, the outermost ones.
        example: One of them.
        of: The picture that it belongs to.
    """

    paths: frozenset[Path]
    folders: tuple[Path, ...]
    example: Path
    of: Path


def find_masks(folder: Path, pictures: Sequence[Path], cancel: CancelToken) -> Masks | None:
    """Find pictures whose names say that they are masks of others, and whose pixels do not contradict.

    Args:
        folder: The data folder.
        pictures: All pictures.
        cancel: Token checked at every picture.

    Returns:
        The masks; None without any.

    Raises:
        Cancelled: The user cancelled.
    """
    stems: defaultdict[str, list[Path]] = defaultdict(list)
    named: list[Path] = []
    for path in pictures:
        cancel.check()
        if pictured_by(path.stem) is not None or in_folder_of_masks(path, folder):
            named.append(path)
        else:
            stems[path.stem.casefold()].append(path)
    groups: defaultdict[Path, list[tuple[Path, Path]]] = defaultdict(list)
    for path in named:
        pairs = [
            own
            for stem in (path.stem.casefold(), pictured_by(path.stem))
            if stem
            for own in stems.get(stem, ())
        ]
        if pairs:
            groups[path.parent].append((path, max(pairs, key=lambda own: _common(own, path))))
    masks = [pair for group in groups.values() for pair in group if are_masks(group, cancel)]
    if not masks:
        return None
    paths = frozenset(path for path, _of in masks)
    others = {above for path in pictures if path not in paths for above in path.parents}
    folders = {above for path in paths for above in path.parents if above not in others and above != folder}
    outermost = sorted(path for path in folders if path.parent in others or path.parent == folder)
    return Masks(paths, tuple(outermost), *masks[0])


def are_masks(pairs: Sequence[tuple[Path, Path]], cancel: CancelToken) -> bool:
    """Whether, in a few of the pairs, the first picture has few values and the second has many.

    Args:
        pairs: Each possible mask with the picture that it would belong to.
        cancel: Token checked at every picture.

    Raises:
        Cancelled: The user cancelled.
    """
    some = pairs[:: max(len(pairs) // _TRIED, 1)][:_TRIED]
    few = _share((mask for mask, _of in some), cancel)
    many = 1 - _share((of for _mask, of in some), cancel)
    return min(few, many) >= _AGREEING


def has_few_values(path: Path) -> bool:
    """Whether a picture has the few colours of a mask, or only the two ends of grey as JPEG keeps them."""
    try:
        pixels = read_image(path)
    except UnreadableImage:
        return False
    step = max(max(pixels.shape[:2]) // 256, 1)
    some = pixels[::step, ::step].reshape(-1, 3).astype(np.int32)
    if len(np.unique(some @ np.array([65_536, 256, 1]))) <= MOST_VALUES:
        return True
    grey = bool((np.ptp(some, axis=1) <= _EDGE).mean() > 0.98)
    ends = (some[:, 1] <= _EDGE) | (some[:, 1] >= 255 - _EDGE)
    return grey and bool(ends.mean() > 0.95)


def _share(paths: Iterable[Path], cancel: CancelToken) -> float:
    found = []
    for path in paths:
        cancel.check()
        found.append(has_few_values(path))
    return sum(found) / max(len(found), 1)


def _common(one: Path, other: Path) -> int:
    """How many names of folders two paths have in common, wherever they stand."""
    return len(set(one.parts) & set(other.parts))
