"""The files of a data set, each with its class and subset."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.datasets.layout.walk import identity, identity_or_none, walk
from desktop_app.core.foundation.gc_pause import sorted_gently
from desktop_app.core.foundation.text import natural_key

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.examine.findings import Findings
    from desktop_app.core.datasets.layout.layout import Layout
    from desktop_app.core.datasets.report import FileProblem, Part
    from desktop_app.core.datasets.throttle import Throttle
    from desktop_app.core.foundation.cancellation import CancelToken


class Place(NamedTuple):
    """What a file stands for: the index of its class, and its subset."""

    label: int
    part: Part | None


def find_files(
    layout: Layout, findings: Findings, cancel: CancelToken, progress: Throttle
) -> tuple[list[Path], list[Place]]:
    """List the files of all class folders, no folder twice, and the pictures that are labeled one by one.

    Args:
        layout: Classes and subsets as recognised.
        findings: Findings that get what cannot be listed.
        cancel: Token checked at every file.
        progress: Callback for the number of files so far.

    Returns:
        The files by class, those of folders in natural order; and the place of each.
    """
    seen = {identity(layout.folder)}
    own = []
    for entry in layout.folders:
        try:
            own.append(identity(entry.path))
        except OSError:  # gone by now: the walk reports it
            own.append((-1, -1))
    seen.update(own)
    seen.update(who for path in layout.skipped if (who := identity_or_none(path)) is not None)
    files: list[Path] = []
    places: list[Place] = []
    for index, entry in enumerate(layout.folders):

        def report(problem: FileProblem, label: int = entry.label) -> None:
            findings.leave_out(problem, label)

        seen.discard(own[index])
        place = Place(entry.label, entry.part)
        for path in walk(entry.path, seen, cancel, report):
            if path in layout.masks:
                continue
            files.append(path)
            listed = layout.listed.get(path)
            places.append(place if listed is None else Place(entry.label, listed))
            progress(len(files), None, f"Looking for pictures in {layout.classes[entry.label]}")
    return _with_pictures(layout, files, places) if layout.pictures else (files, places)


def _with_pictures(layout: Layout, files: list[Path], places: list[Place]) -> tuple[list[Path], list[Place]]:
    """Add the pictures that are labeled one by one, so that the files are in the order of the classes."""
    known = {place: place for place in places}  # one object for each place, however many pictures
    for picture in layout.pictures:
        place = Place(picture.label, picture.part)
        files.append(picture.path)
        places.append(known.setdefault(place, place))
    keys = [(place.label, natural_key(str(path))) for path, place in zip(files, places, strict=True)]
    order = sorted_gently(range(len(files)), keys.__getitem__)
    return [files[number] for number in order], [places[number] for number in order]
