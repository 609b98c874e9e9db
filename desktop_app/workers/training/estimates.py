"""The estimate thread's worker: estimates the time and memory of a training."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.foundation.errors import Reason

if TYPE_CHECKING:
    from desktop_app.core.training.outcome.estimate import EstimateRequest


@dataclass(frozen=True, slots=True)
class EstimateJob:
    """An estimate, with a few steps of training or, beside a fit, without."""

    request: EstimateRequest
    timed: bool


class EstimateWorker(QObject):
    """Wraps `estimate`; lives in a thread of its own, so that it never waits for a fit."""

    estimated = Signal(object)
    ended = Signal()

    @Slot(object)
    def estimate(self, job: EstimateJob) -> None:
        """Estimate; `estimated` and then `ended` follow in any case."""
        from desktop_app.core.training.outcome.estimate import Estimate, estimate

        try:
            self.estimated.emit(estimate(job.request, timed=job.timed))
        except Exception as error:
            problem = Reason(f"The network could not be tried: {error}.")
            self.estimated.emit(Estimate(job.request, 0, None, problem))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        finally:
            if job.timed:
                # The network is full of cycles: collected after a fit, they would double the pause there.
                gc.collect()
            self.ended.emit()
