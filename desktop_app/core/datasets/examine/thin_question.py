"""Very long and very high pictures of a data set: how they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.question import Choice, Question
from desktop_app.core.foundation.text import counted
from desktop_app.core.images.decoding.fitting import THIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.images.decoding.reading import Thin

_PICTURES = 4

_TEXTS: dict[Thin, tuple[str, str]] = {
    "whole": ("Whole", "Squashed to the shape of the network's input: right for strips that all look so."),
    "crop": ("The centre", "In its proportions; what lies beside it is not seen."),
    "parts": (
        "Part by part",
        "Trained on the centre; a prediction looks at all parts and names the one that tells most.",
    ),
}


def about_thin(
    paths: Sequence[Path], widths: NDArray[np.int64], heights: NDArray[np.int64], answers: Answers
) -> tuple[Answers, tuple[Question, ...]]:
    """Look for very long or very high pictures.

    Args:
        paths: Paths of all pictures.
        widths: Their widths, in pixels.
        heights: Their heights, likewise.
        answers: What was decided.

    Returns:
        The answers, with what holds until somebody chooses, and the question; none without such pictures.
    """
    ratios = np.maximum(widths / heights, heights / widths)
    thin = np.flatnonzero(ratios >= THIN)
    if not thin.size or answers.pixels.thin is not None:
        return answers, ()
    usual = 2 * thin.size > len(ratios)
    order: tuple[Thin, ...] = ("whole", "parts", "crop") if usual else ("parts", "crop", "whole")
    samples = tuple(paths[index] for index in thin[:: max(thin.size // _PICTURES, 1)][:_PICTURES].tolist())

    def with_thin(way: Thin) -> Answers:
        return answers.changed(pixels=answers.pixels.model_dump() | {"thin": way})

    choices = tuple(
        Choice(_TEXTS[way][0], f"--thin {way}", with_thin(way), _TEXTS[way][1], samples, answers.pixels)
        for way in order
    )
    some = f"{counted(thin.size, 'picture is', 'pictures are')} at least {THIN:g} times as long as wide"
    standing = (
        "They are seen whole until somebody chooses, as most pictures are such."
        if usual
        else "Only their centre is trained on until somebody chooses."
    )
    question = Question(
        "thin",
        "What is seen of very long and very high pictures?",
        choices,
        f"{some}.",
        required=False,
        standing=standing,
    )
    return with_thin(order[0]), (question,)
