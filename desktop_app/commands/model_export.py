"""``sightline models export``: a model for other programs, or for another Sightline."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.commands import DONE, SOME_FAILED
from desktop_app.core.foundation.errors import SightlineError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from desktop_app.core.export.listening import ExportProgress
    from desktop_app.core.library.store import Library


def export(options: argparse.Namespace, library: Library) -> int:
    """Export a model.

    With ``--step``, be the process that writes it into the folder in place of the file. With ``--ask``, be
    the one that opens what was written, in the packaged app, which has no Python of its own.

    Returns:
        0, or 1 when a step failed; it has left the reason in the folder, or as its last line.
    """
    if options.step:
        return _step(options, library)
    if options.ask:
        from desktop_app.core.export import asking

        return asking.main([options.model, options.file, *options.ask])
    from desktop_app.core.export.exporting import download_notice, export_beside

    runtime = None if options.runtime is None else Path(options.runtime)
    if options.format == "web" and (notice := download_notice(library, runtime)):
        print(notice, file=sys.stderr)
    result = export_beside(
        library,
        options.model,
        Path(options.file),
        form=options.format,
        precision=options.precision,
        runtime=runtime,
        on_progress=_show_progress if sys.stderr.isatty() else lambda _progress: None,
    )
    if sys.stderr.isatty():
        print(end="\r\x1b[K", file=sys.stderr)
    for sentence in result.sentences:
        print(sentence)
    return DONE


def _told() -> Callable[[str], None]:
    """Print what is being done, and end once nobody listens any more."""
    parent = os.getppid()

    def tell(line: str) -> None:
        if os.getppid() != parent:
            raise SystemExit(1)
        print(line, flush=True)

    return tell


def _step(options: argparse.Namespace, library: Library) -> int:
    from desktop_app.core.classify.loader import usable_model
    from desktop_app.core.export.exporting import REASON_FILE
    from desktop_app.core.export.writing_step import write_step

    folder = Path(options.file)
    try:
        entry = usable_model(options.model, library)
        write_step(entry, options.format, options.precision, folder, _told())
    except SightlineError as error:
        reason = {"text": error.reason.text, "advice": error.reason.advice}
        (folder / REASON_FILE).write_text(json.dumps(reason), encoding="utf-8")
        print(error.reason.sentence, file=sys.stderr)
        return SOME_FAILED
    return DONE


def _show_progress(progress: ExportProgress) -> None:
    counts = f" {progress.done} of {progress.total}" if progress.total else ""
    print(f"\r\x1b[K{progress.words}{counts}", end="", file=sys.stderr, flush=True)
