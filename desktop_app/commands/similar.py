"""``sightline similar`` and ``sightline group``: pictures compared by what they show."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.features.extract import BUILT_IN, extractor
from desktop_app.core.features.grouping import group_pictures
from desktop_app.core.features.naming import naming
from desktop_app.core.features.similar import find_similar
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.left_out import LeftOut
from desktop_app.core.library.store import Library

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from desktop_app.core.features.extract import Compute, FeatureSource

tqdm.monitor_interval = 0  # no thread that watches over slow bars
_REST = "rest"


def similar_or_group(options: argparse.Namespace) -> int:
    """Run the command that the options name; returns the exit status."""
    return similar(options) if options.command == "similar" else group(options)


def similar(options: argparse.Namespace) -> int:
    """List the pictures of a folder by their likeness to one.

    Returns:
        0, 1 when some pictures cannot be read, or 2 when the picture or the folder cannot.
    """
    try:
        library = Library.default()
        pictures = _pictures(options.folder)
        source, make_compute = _source(options.model, library)
        with _progress() as on_progress:
            found = find_similar(
                Path(options.picture),
                pictures,
                make_compute=make_compute,
                source=source,
                top=options.top,
                on_progress=on_progress,
                make_executor=decoding_threads,
            )
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    rows: list[dict[str, object]] = [
        {"path": str(path), "cosine": round(cosine, 4)}
        for path, cosine in zip(found.paths, found.cosines, strict=True)
    ]
    _write(options.format, ("path", "cosine"), rows, "{cosine:7.4f}  {path}")
    return _end(found.unreadable)


def _source(model_id: str | None, library: Library) -> tuple[FeatureSource, Callable[[], Compute]]:
    """What computes features: a model that was asked for, or the built-in network.

    Raises:
        SightlineError: The model is unknown, gives something else, or cannot be loaded.
    """
    if model_id is None:
        return BUILT_IN, partial(extractor, library)
    from desktop_app.core.features.of_model import source_of_model

    source, compute = source_of_model(model_id, library)
    return source, lambda: compute


def group(options: argparse.Namespace) -> int:
    """Print the groups of similar pictures in a folder.

    Returns:
        0, 1 when some pictures cannot be read, or 2 when none can.
    """
    try:
        library = Library.default()
        with _progress() as on_progress:
            found = group_pictures(
                _pictures(options.folder),
                make_compute=partial(extractor, library),
                make_naming=partial(naming, library),
                on_progress=on_progress,
                make_executor=decoding_threads,
            )
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    listed = [(str(number), each.label, each.paths) for number, each in enumerate(found.groups, start=1)]
    rows: list[dict[str, object]] = [
        {"group": number, "label": label, "path": str(path)}
        for number, label, paths in [*listed, (_REST, "", found.rest)]
        for path in paths
    ]
    if options.format == "text":
        for number, label, paths in listed:
            what = f", such as {printable(label)}" if label else ""
            print(f"Group {number}: {counted(len(paths), 'picture')}{what}")
            _print_lines("  {path}", paths)
        if found.rest:
            print(f"{counted(len(found.rest), 'picture')} in no group")
            _print_lines("  {path}", found.rest)
    else:
        _write(options.format, ("group", "label", "path"), rows, "")
    return _end(len(found.unreadable))


def _pictures(folder: str) -> list[Path]:
    """List the pictures of a folder.

    Raises:
        SightlineError: It is no folder, or has none.
    """
    place = Path(folder)
    if not place.is_dir():
        raise SightlineError(f"{printable(folder)} is not a folder.", "Name a folder with pictures.")
    left_out = LeftOut()
    found = list(find_pictures(place, left_out=left_out))
    if left_out:
        print(left_out.reason.sentence, file=sys.stderr)
    if not found:
        raise SightlineError(f"No pictures in {printable(folder)}.", "Name a folder with pictures.")
    return found


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error when that is a terminal and the work takes a while."""
    hidden = not sys.stderr.isatty()
    with tqdm(total=0, unit=" pictures", disable=hidden, leave=False, delay=0.5) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield on_progress


def _write(form: str, columns: tuple[str, ...], rows: list[dict[str, object]], line: str) -> None:
    if form == "json":
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif form == "csv":
        table = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    else:
        for row in rows:
            print(line.format_map(row | {"path": printable(str(row["path"]))}))


def _print_lines(line: str, paths: Iterable[Path]) -> None:
    for path in paths:
        print(line.format(path=printable(str(path))))


def _end(unreadable: int) -> int:
    if unreadable:
        print(f"{counted(unreadable, 'picture')} couldn't be read.", file=sys.stderr)
    return SOME_FAILED if unreadable else DONE
