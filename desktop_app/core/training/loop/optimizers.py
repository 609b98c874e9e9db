"""From hyper-parameters to a Keras optimiser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.training.loop.schedules import learning_rate

if TYPE_CHECKING:
    import keras

    from desktop_app.core.training.settings.hyperparameters import Hyperparameters, Schedule

UNDECAYED = ["bias", "gamma", "beta"]
"""Variables without weight decay, which makes results worse there (He et al., "Bag of Tricks", 2019)."""


def make_optimizer(
    values: Hyperparameters, *, schedule: Schedule, peak: float, steps: int
) -> keras.optimizers.Optimizer:
    """Make a fresh optimiser.

    Args:
        values: Hyper-parameters with the optimiser's name, momentum and weight decay.
        schedule: Schedule of the learning rate.
        peak: The highest learning rate.
        steps: Number of steps in the whole training.
    """
    import keras

    options: dict[str, Any] = {
        "learning_rate": learning_rate(schedule, peak, steps),
        "weight_decay": values.weight_decay or None,
    }
    match values.optimizer:
        case "adam":
            optimizer = keras.optimizers.Adam(**options)
        case "adamw":  # which insists on a number
            optimizer = keras.optimizers.AdamW(**options | {"weight_decay": values.weight_decay})
        case "sgd":
            optimizer = keras.optimizers.SGD(
                momentum=values.momentum, nesterov=values.momentum > 0, **options
            )
        case "rmsprop":
            optimizer = keras.optimizers.RMSprop(momentum=values.momentum, **options)
    if isinstance(optimizer, keras.optimizers.Adam):  # AdamW is one as well
        _fuse(optimizer)
    if values.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=UNDECAYED)
    _release_memory(optimizer)
    return optimizer


def _fuse(optimizer: keras.optimizers.Adam) -> None:
    """Take Adam's step in one operation of TensorFlow, in place of the dozen that Keras puts together.

    The formula is the same, but it goes over the weights once and needs no memory beside them. For 4 million
    weights and batches of 32 pictures of 64 x 64, the whole step of a small network takes a quarter less.
    """
    import tensorflow as tf

    def update_step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = optimizer._get_variable_index(variable)  # noqa: SLF001 - as Keras's own step finds its state
        kind = variable.dtype
        step = tf.cast(optimizer.iterations + 1, kind)
        beta_1, beta_2 = tf.constant(optimizer.beta_1, kind), tf.constant(optimizer.beta_2, kind)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=optimizer._momentums[index].value.handle,  # noqa: SLF001
            v=optimizer._velocities[index].value.handle,  # noqa: SLF001
            beta1_power=tf.pow(beta_1, step),
            beta2_power=tf.pow(beta_2, step),
            lr=tf.cast(learning_rate, kind),
            beta1=beta_1,
            beta2=beta_2,
            epsilon=tf.constant(optimizer.epsilon, kind),
            grad=tf.cast(gradient, kind),
        )

    optimizer.update_step = update_step  # not a class of our own, which saved networks would need


def _release_memory(optimizer: keras.optimizers.Optimizer) -> None:
    """Keep one device's optimiser from summing its gradients over all devices when there is only one.

    Keras does so through a custom gradient. TensorFlow registers those for the life of the process, and with
    it the step's graph, all weights and the optimiser's state: some 50 MB a training for 4 million weights.
    `benchmarks.train_cycles` shows it.
    """
    import tensorflow as tf

    if tf.distribute.get_strategy().num_replicas_in_sync == 1:
        optimizer._all_reduce_sum_gradients = list  # noqa: SLF001 - there is no public way to do so


def set_learning_rate(model: keras.Model, rate: float) -> None:
    """Change the learning rate of an optimiser without a schedule."""
    model.optimizer.learning_rate = rate


def last_learning_rate(model: keras.Model) -> float:
    """The learning rate of the last step, to the six digits that are exact in 32-bit numbers."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)  # within that of mixed precision
    done = int(optimizer.iterations.numpy())  # `int` alone fails on variables that several devices share
    optimizer.iterations.assign(max(done - 1, 0))  # a schedule gives the rate of the coming step only
    try:
        return float(f"{float(optimizer.learning_rate.numpy()):.6g}")
    finally:
        optimizer.iterations.assign(done)
