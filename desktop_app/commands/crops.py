"""``sightline crops``: what is in the boxes of a data set for detection, as pictures in class folders."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    import argparse

    from desktop_app.core.datasets.boxes.crops import CropsResult
    from desktop_app.core.datasets.report import ScanProgress


def crops(options: argparse.Namespace) -> int:
    """Make the crops and say what came of it.

    Returns:
        0, or 1 when some pictures could not be read, or 2 when nothing can be cut out.
    """
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore
    from desktop_app.core.datasets.examine.cropping import make_crops

    data = Path(options.data).absolute()
    bar = _Bar()
    try:
        result = make_crops(
            data,
            Path(options.output),
            answers=AnswerStore(data).read(),
            smallest=options.min_side,
            on_progress=bar.show,
        )
    except SightlineError as error:
        bar.close()
        print(error.reason.sentence, file=sys.stderr)
        return WRONG_USAGE
    bar.close()
    for problem in result.problems:
        print(f"{printable(str(problem.path))}: {problem.reason.sentence}", file=sys.stderr)
    if options.format == "json":
        print(json.dumps(_as_json(result), indent=2, ensure_ascii=False))
    else:
        print(result.sentence)
        for name, count in result.classes.items():
            print(f"  {printable(name)}: {count:,}")
        print(result.advice, end="\n" if result.advice else "")
    return SOME_FAILED if result.problems else DONE


def _as_json(result: CropsResult) -> dict[str, Any]:
    return {
        "folder": printable(str(result.folder)),
        "crops": result.crops,
        "pictures": result.pictures,
        "classes": {printable(name): count for name, count in result.classes.items()},
        "bad_boxes": result.bad,
        "small_boxes": result.small,
        "unreadable": [printable(str(problem.path)) for problem in result.problems],
    }


class _Bar:
    """A progress bar on standard error; none when that is not a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def show(self, progress: ScanProgress) -> None:
        """Show how far the work is."""
        if not sys.stderr.isatty():
            return
        if self._bar is None or self._bar.total != progress.total:
            self.close()
            self._bar = tqdm(desc=progress.message, total=progress.total, leave=False, dynamic_ncols=True)
        self._bar.update(progress.done - self._bar.n)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
