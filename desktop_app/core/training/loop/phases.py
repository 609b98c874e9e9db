"""The phases of a fit: everything at once, or first a new head on a pretrained backbone, then fine-tuning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.networks.layers import layers_of
from desktop_app.core.training.loop.optimizers import make_optimizer

if TYPE_CHECKING:
    import keras

    from desktop_app.core.datasets.pipeline.batches import Batches
    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters, Schedule


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """A stretch of epochs with one network and one optimiser.

    Attributes:
        model: The network being trained.
        epochs: Highest number of epochs.
        peak: Highest learning rate.
        schedule: Schedule of the learning rate.
        on_features: Whether its input is the backbone's features in place of pictures.
        fine_tuning: Whether it trains a few layers of the backbone.
    """

    model: keras.Model
    epochs: int
    peak: float
    schedule: Schedule
    on_features: bool = False
    fine_tuning: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OpenPhase:
    """A phase with its compiled network and its batches.

    Attributes:
        phase: The phase.
        train: Batches of the training split.
        validation: Batches of the validation split; None when it is empty.
        planned_steps: Number of steps for which the learning rate is planned.
    """

    phase: Phase
    train: Batches
    validation: Batches | None
    planned_steps: int


def plan(network: Network, values: Hyperparameters) -> tuple[Phase, ...]:
    """List the phases that a network needs."""
    if network.head is None:
        return (Phase(network.full, values.epochs, values.learning_rate, values.schedule),)
    head = Phase(network.head, values.epochs, values.learning_rate, values.schedule, on_features=True)
    if not values.fine_tune_epochs:
        return (head,)
    fine = Phase(
        network.full,
        values.fine_tune_epochs,
        values.fine_tune_learning_rate,
        network.fine_tune_schedule,
        fine_tuning=True,
    )
    return (head, fine)


def open_phase(
    session: Session, phase: Phase, network: Network, pictures: Pictures, *, planned_steps: int = 0
) -> OpenPhase:
    """Compile a phase's network and make its batches.

    Args:
        session: The run.
        phase: The phase to open.
        network: The network it belongs to.
        pictures: Pictures of the run.
        planned_steps: Number of steps planned by an earlier session of the run; 0 for a new plan.

    Raises:
        Cancelled, Interrupted, Stopped: As the gate says, while features are computed.
    """
    outputs = int(network.full.output_shape[-1])
    if phase.on_features and pictures.features is None:
        assert network.backbone is not None
        pictures.compute_features(session, network.backbone)
    train = pictures.batches(session, "train", outputs, on_features=phase.on_features)
    assert train is not None
    if phase.fine_tuning:
        unfreeze(network)
    steps = planned_steps or train.steps * phase.epochs
    with phase.model.distribute_strategy.scope():
        optimizer = make_optimizer(session.values, schedule=phase.schedule, peak=phase.peak, steps=steps)
        session.task.compile(phase.model, optimizer, session.values, len(pictures.classes))
        phase.model.optimizer.build(phase.model.trainable_variables)
    validation = pictures.batches(session, "validation", outputs, on_features=phase.on_features)
    return OpenPhase(phase, train, validation, steps)


def unfreeze(network: Network) -> None:
    """Let the layers of the fine-tuning learn and freeze the rest of the backbone.

    Batch normalisation stays frozen: its statistics belong to the pictures that it was trained on (the Keras
    guide on transfer learning).
    """
    import keras

    assert network.backbone is not None
    network.backbone.trainable = True  # its layers too, so that each can be set separately
    tuned = {id(layer) for layer in network.fine_tune}
    for layer in layers_of(network.backbone):
        layer.trainable = id(layer) in tuned and not isinstance(layer, keras.layers.BatchNormalization)
