"""What a training would take, estimated before it starts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.errors import Reason, SightlineError
from desktop_app.core.foundation.text import counted
from desktop_app.core.library.vgg19.backbone import BackboneMissing
from desktop_app.core.training.loop.optimizers import make_optimizer
from desktop_app.core.training.loop.phases import plan, unfreeze
from desktop_app.core.training.loop.precision import distribution, dtype_policy, seeded
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.failures import is_memory
from desktop_app.core.training.task import catalogue as tasks

if TYPE_CHECKING:
    import keras

    from desktop_app.core.training.loop.phases import Phase
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters

WARM_UP, TIMED = 2, 5
"""Untimed steps: the first ones compile the network and fill the caches."""

LONGEST = 5.0
"""Seconds after which no further step is timed."""

ENOUGH = 0.3
"""Seconds that a backbone must take for a usable measurement: the batches are doubled until then."""

FEW = 4
"""Pictures in the batches that time fine-tuning: backpropagation through a backbone takes long."""


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """A request to build a recipe's network for a data set and time it.

    Attributes:
        recipe: Id of the recipe.
        hyperparameters: Values of all hyper-parameters.
        classes: Number of classes, 2 or more.
        pictures: Number of training pictures.
        others: Number of validation and test pictures; a backbone computes features of these too.
        task: Kind of the task.
    """

    recipe: str
    hyperparameters: Hyperparameters
    classes: int
    pictures: int
    others: int = 0
    task: str = "classification"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What training would take.

    Attributes:
        request: The request for this estimate.
        parameters: Parameters of the network; 0 when it cannot be built.
        seconds_per_epoch: Estimated from a few steps; None when the training thread is busy with a fit.
        seconds_of_features: Time for a backbone to compute the features of all pictures, once, before the
            first epoch; 0 without a backbone.
        seconds_of_fine_tuning: Time for all epochs in which the backbone learns too.
        problem: Why the network cannot be built; None when it can.
        needs_download: Whether published weights have to be downloaded first.
    """

    request: EstimateRequest
    parameters: int
    seconds_per_epoch: float | None
    problem: Reason | None = None
    needs_download: bool = False
    seconds_of_features: float = 0.0
    seconds_of_fine_tuning: float = 0.0

    @property
    def seconds(self) -> float | None:
        """Total time: all epochs, with what comes before and after those of the head; None when not timed."""
        if self.seconds_per_epoch is None:
            return None
        epochs = self.seconds_per_epoch * self.request.hyperparameters.epochs
        return self.seconds_of_features + epochs + self.seconds_of_fine_tuning


def estimate(request: EstimateRequest, *, timed: bool = True) -> Estimate:
    """Build a network and try a few steps of its training on noise.

    The time is that of the steps alone: pictures are prepared in parallel, and validation is not counted.
    Where a backbone's features are computed once, they are timed separately, and an epoch is one of the head.

    Args:
        request: The planned training.
        timed: Whether to try it; if not, only the parameters are counted.

    Returns:
        The estimate; a network that cannot be built gives one with a problem.
    """
    values, built = request.hyperparameters, False
    try:
        recipe = catalogue.get(request.recipe)
        recipe.check(values)
        load_engine()
        with dtype_policy(mixed=values.mixed_precision), distribution().scope(), seeded(values.seed):
            network = recipe.build(values, request.classes, tasks.get(request.task).output)
            parameters, built = network.full.count_params(), True
            if not timed:
                return Estimate(request, parameters, None)
            return _timed(request, network)
    except BackboneMissing as error:
        return Estimate(request, 0, None, error.reason, needs_download=True)
    except SightlineError as error:
        return Estimate(request, 0, None, error.reason)
    except Exception as error:
        if not is_memory(error):
            raise
        too_large = "for this network, whatever the batch size"
        what = f"for batches of {counted(values.batch_size, 'picture')}" if built else too_large
        smaller = "a smaller batch size" if built else "a smaller network"
        problem = Reason(f"There is not enough memory {what}.", f"Use {smaller} or a smaller input.")
        return Estimate(request, 0, None, problem)


def _timed(request: EstimateRequest, network: Network) -> Estimate:
    """Time the steps of each phase, and the features of a backbone."""
    values = request.hyperparameters
    # TensorFlow aborts the process over a batch without pictures.
    batch_size = max(1, min(values.batch_size, request.pictures))
    first, *more = plan(network, values)
    steps = -(-request.pictures // values.batch_size)
    per_epoch = _seconds_per_step_of(first, request, steps, batch_size) * steps
    features = fine_tuning = 0.0
    if network.backbone is not None:
        copies = values.copies if values.augmentation.any else 0
        views = request.pictures * (1 + copies) + request.others
        features = _seconds_per_picture(network.backbone, batch_size) * views
    for phase in more:
        unfreeze(network)
        few = min(batch_size, FEW)
        per_picture = _seconds_per_step_of(phase, request, steps, few) / few
        fine_tuning += per_picture * request.pictures * phase.epochs
    return Estimate(
        request,
        network.full.count_params(),
        per_epoch,
        seconds_of_features=features,
        seconds_of_fine_tuning=fine_tuning,
    )


def _seconds_per_step_of(phase: Phase, request: EstimateRequest, steps: int, batch_size: int) -> float:
    values = request.hyperparameters
    optimizer = make_optimizer(values, schedule=phase.schedule, peak=phase.peak, steps=steps)
    tasks.get(request.task).compile(phase.model, optimizer, values, request.classes)
    return _seconds_per_step(phase.model, batch_size)


def _seconds_per_picture(backbone: keras.Model, batch_size: int) -> float:
    """Time a backbone for one picture, in batches of up to this size."""
    import tensorflow as tf

    signature = [tf.TensorSpec(backbone.input_shape, tf.float32)]
    compute = tf.function(
        lambda pictures: backbone(pictures, training=False), input_signature=signature, autograph=False
    )
    size = 1
    while True:
        pictures = tf.random.stateless_uniform((size, *backbone.input_shape[1:]), (0, 0))
        compute(pictures)  # compiles, and fills the caches
        began = time.perf_counter()
        compute(pictures).numpy()
        seconds = time.perf_counter() - began
        if seconds >= ENOUGH or size == batch_size:
            return seconds / size
        size = min(2 * size, batch_size)


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
