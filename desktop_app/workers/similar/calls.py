"""The calls that compare and group pictures; made in a lane."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.workers.threads.decoding import decoding_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.filing import Plan
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.features.extract import Compute
    from desktop_app.core.features.grouping import PictureGroups
    from desktop_app.core.features.similar import SimilarPictures
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.store import Library

    Tell = Callable[[int, int], None]


def similar_in_job(
    library: Library, picture: Path, job: Path, model_id: str, cancel: CancelToken, *, on_progress: Tell
) -> SimilarPictures:
    """Compare a picture with those of a batch job, at their present paths."""
    from desktop_app.core.batch.filing.places_reader import PlacesReader

    with PlacesReader(job, cancel) as reader:
        paths = [reader.spec.base / row.path for row in reader.select()]
    return similar(library, picture, paths, model_id, cancel, on_progress=on_progress)


def similar(
    library: Library,
    picture: Path,
    paths: Sequence[Path],
    model_id: str,
    cancel: CancelToken,
    *,
    on_progress: Tell,
) -> SimilarPictures:
    """Compare a picture with others, by a model for features; by the built-in network without one."""
    from desktop_app.core.features.extract import BUILT_IN, extractor
    from desktop_app.core.features.similar import find_similar

    source, make_compute = BUILT_IN, partial(extractor, library)
    if model_id:
        from desktop_app.core.features.of_model import source_of_model

        cancel.check()
        source, compute = source_of_model(model_id, library)
        make_compute = partial(_given, compute)
    return find_similar(
        picture,
        paths,
        make_compute=make_compute,
        source=source,
        on_progress=on_progress,
        check=cancel.check,
        make_executor=decoding_threads,
    )


def _given(compute: Compute) -> Compute:
    return compute


def group(library: Library, folder: Path, cancel: CancelToken, *, on_progress: Tell) -> PictureGroups:
    """Group the pictures of a folder and those below it."""
    from desktop_app.core.features.extract import extractor
    from desktop_app.core.features.grouping import group_pictures
    from desktop_app.core.features.naming import naming
    from desktop_app.core.foundation.errors import SightlineError
    from desktop_app.core.foundation.text import printable
    from desktop_app.core.images.folders import find_pictures
    from desktop_app.core.images.left_out import LeftOut

    left_out = LeftOut()
    paths = list(find_pictures(folder, cancel, left_out=left_out))
    if not paths:
        only = f", only {left_out.words}" if left_out else ""
        raise SightlineError(
            f"No pictures in {printable(str(folder))}{only}.", "Choose a folder with pictures."
        )
    found = group_pictures(
        paths,
        make_compute=partial(extractor, library),
        make_naming=partial(naming, library),
        on_progress=on_progress,
        check=cancel.check,
        make_executor=decoding_threads,
    )
    return replace(found, left_out=left_out.words)


def plan(classes: Mapping[str, Sequence[Path]], folder: Path, how: How) -> Plan:
    """Plan class folders."""
    from desktop_app.core.batch.filing.class_folders import plan_classes

    return plan_classes(classes, folder, how)
