"""What a training would take, before it is started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.training.hyperparameters import Hyperparameters


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """Build a recipe's network for a data set and time it."""

    recipe: str
    hyperparameters: Hyperparameters
    classes: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What training would take.

    Attributes:
        request: That this answers.
        parameters: Of the network; 0 when it cannot be built.
        seconds_per_epoch: Estimated from a few steps; None when the training thread is busy with a fit.
        problem: Why the network cannot be built, as a sentence; empty when it can.
        advice: What to do about it; may be empty.
        needs_download: Whether published weights have to be downloaded first.
    """

    request: EstimateRequest
    parameters: int
    seconds_per_epoch: float | None
    problem: str = ""
    advice: str = ""
    needs_download: bool = False
