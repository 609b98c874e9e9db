"""The calls that check data and try networks; made in lanes."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.datasets.report import DatasetReport, ScanProgress
    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.training.outcome.estimate import Estimate, EstimateRequest


def examine(path: Path, cancel: CancelToken, *, on_progress: Callable[[ScanProgress], None]) -> DatasetReport:
    """Check a folder or an archive, and apply its corrections."""
    from desktop_app.core.datasets.corrections.checking import examine_corrected

    return examine_corrected(path, cancel=cancel, on_progress=on_progress)


def crop(
    data: Path, target: Path, cancel: CancelToken, *, on_progress: Callable[[ScanProgress], None]
) -> DatasetReport:
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
