"""What a training would take, before it is started."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine import load_engine
from desktop_app.core.errors import SightlineError
from desktop_app.core.phrases import counted
from desktop_app.core.training.failures import is_memory
from desktop_app.core.training.optimizers import compile_model, make_optimizer
from desktop_app.core.training.phases import plan
from desktop_app.core.training.precision import distribution, dtype_policy, seeded
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.recipes.backbone import BackboneMissing

if TYPE_CHECKING:
    import keras

    from desktop_app.core.training.hyperparameters import Hyperparameters

WARM_UP, TIMED = 2, 5
"""Steps: the first ones compile the network and fill the caches."""

LONGEST = 5.0
"""Seconds after which no further step is timed."""


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


def estimate(request: EstimateRequest, *, timed: bool = True) -> Estimate:
    """Build a network and try a few steps of its training on noise.

    The time is that of the steps alone: pictures are prepared beside them, and validation comes on top. Where
    a backbone's features are computed once, it is the time of an epoch of the head.

    Args:
        request: What would be trained.
        timed: Whether to try it; without, only the parameters are counted.

    Returns:
        The estimate; a network that cannot be built gives one with a problem.
    """
    values = request.hyperparameters
    try:
        recipe = catalogue.get(request.recipe)
        recipe.check(values)
        load_engine()
        with dtype_policy(mixed=values.mixed_precision), distribution().scope(), seeded(values.seed):
            network = recipe.build(values, request.classes)
            parameters = network.full.count_params()
            if not timed:
                return Estimate(request, parameters, None)
            phase = plan(network, values)[0]
            steps = -(-request.pictures // values.batch_size)
            optimizer = make_optimizer(values, schedule=phase.schedule, peak=phase.peak, steps=steps)
            compile_model(phase.model, optimizer, values, request.classes)
            # TensorFlow aborts the process over a batch without pictures.
            seconds = _seconds_per_step(phase.model, max(1, min(values.batch_size, request.pictures)))
        return Estimate(request, parameters, seconds * steps)
    except BackboneMissing as error:
        return Estimate(request, 0, None, str(error), error.advice, needs_download=True)
    except SightlineError as error:
        return Estimate(request, 0, None, str(error), error.advice)
    except Exception as error:
        if not is_memory(error):
            raise
        return Estimate(
            request,
            0,
            None,
            f"There is not enough memory for batches of {counted(values.batch_size, 'picture')}.",
            "Use a smaller batch size or a smaller input.",
        )


def _seconds_per_step(model: keras.Model, batch_size: int) -> float:
    random = np.random.default_rng(0)
    pictures = random.random((batch_size, *model.input_shape[1:]), np.float32)
    outputs = model.output_shape[-1]
    truth = random.integers(0, max(outputs, 2), batch_size)
    labels = np.eye(outputs, dtype=np.float32)[truth] if outputs > 1 else truth[:, None].astype(np.float32)
    for _step in range(WARM_UP):
        model.train_on_batch(pictures, labels)
    began = time.perf_counter()
    done = 0
    while done < TIMED and time.perf_counter() - began < LONGEST:
        model.train_on_batch(pictures, labels)
        done += 1
    return (time.perf_counter() - began) / done
