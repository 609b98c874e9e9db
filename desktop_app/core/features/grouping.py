"""An unsorted folder as groups of similar pictures, each with a proposed name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.features.clusters import group_rows
from desktop_app.core.features.extract import cache_file, features_of
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import SightlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.features.extract import Compute
    from desktop_app.core.features.naming import Naming
    from desktop_app.core.foundation.ahead import MakeExecutor


@dataclass(frozen=True, slots=True)
class PictureGroup:
    """Pictures that look alike.

    Attributes:
        paths: The pictures, the most typical first.
        label: What the small ImageNet network calls their mean; empty when it has no name for it.
    """

    paths: tuple[Path, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class PictureGroups:
    """All pictures of a folder.

    Attributes:
        groups: The groups, the largest first.
        rest: Pictures that fit nowhere.
        unreadable: Files that cannot be read.
        left_out: The other files in the folder, such as "18 videos, 2 PDF"; empty where there are none.
    """

    groups: tuple[PictureGroup, ...]
    rest: tuple[Path, ...] = ()
    unreadable: tuple[Path, ...] = ()
    left_out: str = ""


def group_pictures(
    paths: Sequence[Path],
    *,
    make_compute: Callable[[], Compute],
    make_naming: Callable[[], Naming] | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
    make_executor: MakeExecutor = InPlace,
) -> PictureGroups:
    """Group pictures by what they show; features are kept for the next time.

    Args:
        paths: The pictures.
        make_compute: As for `features_of`.
        make_naming: Function that makes what names groups; without it they have no names.
        on_progress: As for `features_of`.
        check: Callback between steps; what it raises ends the work.
        make_executor: Factory of the executor whose threads read.

    Raises:
        SightlineError: None of the pictures can be read.
        ModelError: The network is missing or damaged.
        EngineError: TensorFlow does not start.
    """
    features = features_of(
        paths,
        make_compute=make_compute,
        cache=cache_file(),
        on_progress=on_progress,
        check=check,
        make_executor=make_executor,
    )
    usable = features.usable()
    if not usable.paths:
        raise SightlineError("None of these pictures can be read.", "Choose a folder with other pictures.")
    found = group_rows(usable.vectors, check)
    labels = [""] * len(found.groups)
    if make_naming is not None and found.groups:
        means = np.stack([usable.vectors[rows].mean(axis=0) for rows in found.groups])
        labels = make_naming()(means)
    groups = zip(found.groups, labels, strict=True)
    return PictureGroups(
        tuple(PictureGroup(tuple(usable.paths[row] for row in rows), label) for rows, label in groups),
        tuple(usable.paths[row] for row in found.rest),
        tuple(path for path, good in zip(features.paths, features.good, strict=True) if not good),
    )
