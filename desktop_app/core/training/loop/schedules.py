"""How the learning rate changes over the steps of a training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.core.training.settings.hyperparameters import Schedule

LOWEST = 0.01
"""Fraction of the learning rate that the exponential schedule leaves at the end."""

RISE = 0.2
"""Fraction of the steps in which the one-cycle schedule rises."""


def learning_rate(schedule: Schedule, peak: float, steps: int) -> Any:
    """Make the learning rate for a Keras optimiser.

    Args:
        schedule: ``constant`` and ``plateau`` are numbers, since the latter is changed between epochs;
            ``cosine`` falls to 0 (Loshchilov and Hutter, 2017, without restarts), ``exponential`` to `LOWEST`
            of ``peak``, ``one-cycle`` see `one_cycle`.
        peak: The highest learning rate.
        steps: Number of steps in the whole training, at least 1.

    Returns:
        A number or a ``keras.optimizers.schedules.LearningRateSchedule``.
    """
    import tensorflow as tf

    match schedule:
        case "constant" | "plateau":
            return peak
        case "cosine":
            return _schedule(lambda done: peak * 0.5 * (1 + tf.cos(math.pi * tf.minimum(done, 1.0))), steps)
        case "exponential":
            return _schedule(lambda done: peak * tf.exp(math.log(LOWEST) * tf.minimum(done, 1.0)), steps)
        case "one-cycle":
            return one_cycle(peak, steps)


def one_cycle(peak: float, steps: int) -> Any:
    """Rise linearly over the first fifth of the steps, then fall linearly to zero (Smith, 2018)."""
    import tensorflow as tf

    return _schedule(
        lambda done: peak * tf.minimum(done / RISE, tf.maximum(1 - done, 0.0) / (1 - RISE)), steps
    )


def _schedule(rate: Any, steps: int) -> Any:
    """Make a Keras schedule from a function of the done fraction (0..1) of the training."""
    import keras
    import tensorflow as tf

    class Schedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
        def __call__(self, step: Any) -> Any:
            return rate(tf.cast(step, tf.float32) / steps)

        def get_config(self) -> dict[str, Any]:
            return {"steps": steps}

    return Schedule()
