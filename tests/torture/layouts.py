"""No folder is read wrongly in silence: what its names leave open is asked."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.datasets.examine.files import find_files
from desktop_app.core.datasets.examine.findings import Findings
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.recognition import recognise
from desktop_app.core.datasets.question import DatasetQuestion
from desktop_app.core.datasets.report import DatasetError
from desktop_app.core.datasets.throttle import Throttle
from desktop_app.core.foundation.cancellation import NEVER
from tests.torture._layout_grammar import generate

if TYPE_CHECKING:
    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.layout.layout import Layout
    from tests.torture._layout_grammar import Generated

FULL = 500
_MOST_QUESTIONS = 3


def run(count: int) -> str:
    """Read ``count`` generated data sets, and compare every picture's class and subset with the truth.

    Where a question is asked, one of its choices must lead to the truth.

    Returns:
        The sentence with the figures.
    """
    right = asked = needless = open_ones = refused = 0
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve()
            made = generate(number, root)
            questions = None
            with contextlib.suppress(_Refused):
                questions = _questions(root, made, NO_ANSWERS, 0)
        assert questions is not None or made.refused, f"data set {number} is read wrongly: {made.kind}"
        open_ones += made.open
        refused += questions is None
        right += questions == 0
        asked += bool(questions)
        needless += bool(questions) and not made.open
    return (
        f"{count} data sets: {right} read right, {asked} asked about, each with an answer that leads to the "
        f"truth, {refused} without classes refused; 0 wrong in silence. "
        f"{needless} of {count - open_ones} that leave nothing open were asked about."
    )


class _Refused(Exception):
    """There is nothing to learn from."""


def _questions(root: Path, made: Generated, answers: Answers, before: int) -> int | None:
    """The number of questions until the truth is found; None when it is not."""
    try:
        layout = recognise(root, answers=answers)
    except DatasetQuestion as question:
        if before == _MOST_QUESTIONS:
            return None
        tried = (_questions(root, made, choice.answers, before + 1) for choice in question.question.choices)
        return min((number for number in tried if number is not None), default=None)
    except DatasetError as error:
        raise _Refused from error
    return before if _is_true(layout, made) else None


def _is_true(layout: Layout, made: Generated) -> bool:
    files, places = find_files(layout, Findings(layout.classes), NEVER, Throttle(lambda _progress: None))
    found = {
        path: (layout.classes[place.label], place.part)
        for path, place in zip(files, places, strict=True)
        if path.suffix == ".jpg"
    }
    if found.keys() != made.truth.keys() or len(set(layout.classes)) != len(
        {name for name, _ in made.truth.values()}
    ):
        return False
    return all(
        (loose_key(name), part) == (loose_key(made.truth[path][0]), made.truth[path][1])
        for path, (name, part) in found.items()
    )
