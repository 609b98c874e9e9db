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
    with tqdm(disable=not sys.stderr.isatty(), leave=False, dynamic_ncols=True) as bar:

        def show(progress: ScanProgress) -> None:
            bar.total = progress.total
            bar.set_description(progress.message, refresh=False)
            bar.update(progress.done - bar.n)

        try:
            result = make_crops(
                data,
                Path(options.output),
                answers=AnswerStore(data).read(),
                smallest=options.min_side,
                on_progress=show,
            )
        except SightlineError as error:
            bar.close()
            print(error.reason.sentence, file=sys.stderr)
            return WRONG_USAGE
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
