"""Why a fit fails, in words, with what to try."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.foundation.errors import Reason, SightlineError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.networks.memory_need import NetworkTooLarge
from desktop_app.core.training.records.result import Retry
from desktop_app.core.training.settings.options import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters

_log = logging.getLogger(__name__)

_MEMORY_WORDS = ("out of memory", "oom when allocating", "failed to allocate", "cuda_error_out_of_memory")
"""Words in messages of TensorFlow's that have another type than ResourceExhaustedError."""


Stage = Literal["data", "network", "training", "outcome"]
"""What a fit is doing: checking and reading pictures, building the network, its epochs, keeping the model."""


class NotFinite(Exception):
    """The loss or a weight is infinite or not a number."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed, what to do, and what a button could try."""

    reason: Reason
    retry: tuple[Retry, ...] = ()


def explain(
    error: Exception,
    values: Hyperparameters,
    recipe: Recipe | None,
    log_file: Path,
    stage: Stage = "training",
) -> Failure:
    """Turn what a fit raised into a sentence; an unexpected error is logged with its traceback.

    Args:
        error: Any exception except a request of the user.
        values: Hyper-parameters of the run.
        recipe: Recipe of the run, which says what may be changed.
        log_file: Log of the run, named where only it has the details.
        stage: What the fit was doing.
    """
    if isinstance(error, SightlineError):
        return Failure(error.reason)
    if isinstance(error, NotFinite):
        return _diverged(values)
    if is_memory(error):
        return out_of_memory(error, values, recipe, stage)
    _log.error("A training failed unexpectedly", exc_info=error)
    words = printable(str(error).strip().split("\n", 1)[0][:300]) or type(error).__name__
    return Failure(
        Reason(
            f"An unexpected error ended the training: {words.rstrip('.')}.",
            f"The details are in {printable(str(log_file))}.",
        )
    )


def is_memory(error: Exception) -> bool:
    """Whether an exception means that the computer or the GPU is short of memory."""
    if isinstance(error, MemoryError):
        return True
    tf = sys.modules.get("tensorflow")  # without it, none of its errors can have come
    kinds: tuple[type[BaseException], ...] = (RuntimeError,)
    if tf is not None:
        if isinstance(error, tf.errors.ResourceExhaustedError):
            return True
        kinds += (tf.errors.OpError,)
    return isinstance(error, kinds) and any(words in str(error).lower() for words in _MEMORY_WORDS)


def out_of_memory(error: Exception, values: Hyperparameters, recipe: Recipe | None, stage: Stage) -> Failure:
    """Say what there is too little memory for, and what helps against that.

    Args:
        error: The error for which `is_memory` holds.
        values: Hyper-parameters of the run.
        recipe: Recipe of the run, if it is known.
        stage: What the fit was doing.
    """
    smaller = _smaller_input(values, recipe)
    with_smaller: tuple[Retry, ...] = ()
    if smaller is not None:
        changes: dict[str, bool | int | float | str] = {"input_size": smaller}
        with_smaller = (Retry(f"Try again with pictures of {smaller} pixels", changes),)
    if stage == "data":
        return Failure(
            Reason(
                "There is not enough memory to check and read the pictures.",
                "Close other programs, or train on fewer pictures.",
            )
        )
    if stage == "network" or isinstance(error, NetworkTooLarge):
        return Failure(
            Reason(
                "There is not enough memory for this network, whatever the batch size.",
                "Choose a smaller network or fewer classes, use a smaller input, or close other programs.",
            ),
            with_smaller,
        )
    if stage == "outcome":
        return Failure(
            Reason(
                "The training is done, but there is not enough memory to keep the model.",
                "Close other programs and resume the run: the last checkpoint is kept.",
            )
        )
    retry: tuple[Retry, ...] = ()
    if values.batch_size > 1:
        half = values.batch_size // 2
        retry = (Retry(f"Try again with batches of {half}", {"batch_size": half}),)
    reason = Reason(
        f"There is not enough memory for batches of {counted(values.batch_size, 'picture')} "
        f"of {values.input_size} x {values.input_size} pixels.",
        "Use half the batch size or a smaller input, or close other programs. The last checkpoint is kept.",
    )
    return Failure(reason, retry + with_smaller)


def _smaller_input(values: Hyperparameters, recipe: Recipe | None) -> int | None:
    """Half the input size, where the recipe has this setting and allows the value."""
    if recipe is None or "input_size" not in recipe.uses:
        return None
    option = OPTIONS["input_size"]
    low, _high = recipe.ranges.get("input_size", (option.minimum or 1, None))
    half = values.input_size // 2
    return half if half >= low else None


def _diverged(values: Hyperparameters) -> Failure:
    lowest = OPTIONS["learning_rate"].minimum or 0.0
    lower = float(f"{max(values.learning_rate / 10, lowest):.3g}")
    retry: tuple[Retry, ...] = ()
    if lower < values.learning_rate:
        retry = (Retry(f"Try again with a learning rate of {lower:g}", {"learning_rate": lower}),)
    reason = Reason(
        "The loss is no longer a number: the training has diverged.",
        f"Use a lower learning rate than {values.learning_rate:g}. The last good checkpoint is kept.",
    )
    return Failure(reason, retry)
