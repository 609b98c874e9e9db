"""The calls that check data and try networks; made in lanes."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import Cancelled, SightlineError
from desktop_app.workers.training.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.training.outcome.estimate import Estimate, EstimateRequest


def examine(
    path: Path,
    cancel: CancelToken,
    answers: Answers | None = None,
    *,
    on_progress: Callable[[ScanProgress], None],
) -> DatasetReport | Question | Refusal:
    """Check a folder or an archive, and apply its corrections.

    Args:
        path: Path of the data.
        cancel: Token checked at every file.
        answers: What was decided about how they are read; by default what is kept of them.
        on_progress: Callback for the progress.

    Returns:
        The report; or the question that must be answered first; or why data cannot be trained on about which
        something was decided.
    """
    from desktop_app.core.datasets.answers import NO_ANSWERS
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore
    from desktop_app.core.datasets.corrections.checking import examine_corrected
    from desktop_app.core.datasets.question import DatasetQuestion

    try:
        answers = AnswerStore(path).read() if answers is None else answers
    except SightlineError as error:
        return Refusal(error.reason)
    try:
        return examine_corrected(path, answers=answers, cancel=cancel, on_progress=on_progress)
    except DatasetQuestion as error:
        return error.question
    except Cancelled:
        raise
    except SightlineError as error:
        if answers == NO_ANSWERS:
            raise
        return Refusal(error.reason)


def answer(
    path: Path, cancel: CancelToken, answers: Answers | None, *, on_progress: Callable[[ScanProgress], None]
) -> DatasetReport | Question | Refusal:
    """Keep answers about data, and check them with these; None forgets all answers."""
    from desktop_app.core.datasets.answers import NO_ANSWERS
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore

    answers = answers or NO_ANSWERS
    AnswerStore(path).write(answers)
    return examine(path, cancel, answers, on_progress=on_progress)


def reconsider(
    path: Path, cancel: CancelToken, answers: Answers, *, on_progress: Callable[[ScanProgress], None]
) -> DatasetReport | Question | Refusal:
    """Check data with other answers, which are kept only if that asks nothing: a question may be left."""
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore
    from desktop_app.core.datasets.report import DatasetReport

    found = examine(path, cancel, answers, on_progress=on_progress)
    if isinstance(found, DatasetReport):
        AnswerStore(path).write(answers)
    return found


def crop(
    data: Path, target: Path, cancel: CancelToken, *, on_progress: Callable[[ScanProgress], None]
) -> DatasetReport | Question | Refusal:
    """Make crops of what is in the boxes of a data set, and check them."""
    from desktop_app.core.datasets.corrections.answer_store import AnswerStore
    from desktop_app.core.datasets.examine.cropping import make_crops

    answers = AnswerStore(data).read()
    make_crops(data, target, answers=answers, cancel=cancel, on_progress=on_progress)
    return examine(target, cancel, on_progress=on_progress)


def estimate(wish: tuple[EstimateRequest, bool]) -> Estimate:
    """Estimate a training, by a few steps of it or, beside a fit, without."""
    from desktop_app.core.training.outcome.estimate import estimate

    request, timed = wish
    try:
        return estimate(request, timed=timed)
    finally:
        if timed:
            # The network is full of cycles: collected after a fit, they would double the pause there.
            gc.collect()
