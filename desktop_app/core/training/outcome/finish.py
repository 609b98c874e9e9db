"""From trained weights to a model in the library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.files import PlaceTaken
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.library.card import UNKNOWN_SHA256, ModelCard
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.training.loop.precision import dtype_policy, seeded
from desktop_app.core.training.runs.naming import default_id, numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import keras

    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.installed_model import InstalledModel
    from desktop_app.core.library.store import Library
    from desktop_app.core.training.loop.epochs import Trained
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network, Recipe


def final_network(session: Session, trained: Trained, network: Network, class_count: int) -> Network:
    """Build the network again in 32-bit numbers, uncompiled, with the weights to keep.

    Args:
        session: The run.
        trained: Result of the epochs, with all weights, or only those of the head.
        network: The network that was trained.
        class_count: Number of classes.
    """
    # While the backbone is the one that the head was trained on, its file need not be read again.
    at_hand = not trained.of_head or not trained.fine_tuned
    values = session.values.changed({"random_weights": True}) if at_hand else session.values
    with dtype_policy(mixed=False), seeded(values.seed):
        final = session.recipe.build(values, class_count, session.task.output)
    target = final.full
    if trained.of_head:
        assert final.head is not None
        target = final.head
        if at_hand:
            assert final.backbone is not None
            assert network.backbone is not None
            for variable, source in zip(final.backbone.variables, network.backbone.variables, strict=True):
                variable.assign(source.numpy())
    for variable, value in zip(target.variables, trained.variables, strict=True):
        variable.assign(value)
    return final


def keep(session: Session, library: Library, model: keras.Model, classes: Sequence[str]) -> InstalledModel:
    """Put a model into the library, whole or not at all, and note its id in the run's record.

    Its figures come later, by `describe`: whatever goes wrong with them, the model is there. The id is noted
    first: a run that is killed here and resumed replaces its model instead of adding another. A run that was
    stopped and resumed does so too.

    Args:
        session: The run.
        library: Library that gets the model.
        model: Network in 32-bit numbers, uncompiled.
        classes: Names in label order.

    Raises:
        Cancelled, Interrupted: As the gate says; there is no new model then.
        StorageError: The model cannot be written.
    """
    record = session.record
    card = ModelCard(
        id=_model_id(session, library),
        name=_model_name(session, library),
        description=f"Trained here with {session.recipe.name}.",
        origin="trained",
        weights_sha256=UNKNOWN_SHA256,
        input=input_spec(model, session.recipe, session.record.config.answers.pixels),
        parameters=model.count_params(),
        recipe=record.config.recipe,
        data=_data(session),
        versions={name: record.environment[name] for name in ("Keras", "TensorFlow", "NumPy")},
        source=_source(session),
        created=datetime.now(UTC).date().isoformat(),
        **session.task.card(classes, None, None, None),
    )
    try:
        while (kept := _added(session, library, model, card)) is None:
            card = card.changed(id=_model_id(session, library))
    except BaseException:
        session.record = record
        raise
    return kept


def describe(
    session: Session, library: Library, model_id: str, changes: Mapping[str, Any], bank: FeatureBank | None
) -> None:
    """Add to the card of a kept model what was measured since; nothing is done once the user has removed it.

    Raises:
        StorageError: The card cannot be written; it is as before.
    """
    there = model_of_run(session, library)
    if there is not None and there.model_id == model_id:
        library.amend(there, changes, bank)


def forget(session: Session) -> None:
    """Delete the model that this session has kept.

    Raises:
        StorageError: It cannot be deleted.
    """
    there = None if session.library is None else model_of_run(session, session.library)
    if there is not None and session.library is not None:
        session.library.delete(there.model_id)
        session.note(model_id=None)


def _added(session: Session, library: Library, model: keras.Model, card: ModelCard) -> InstalledModel | None:
    """Put a model into the library; None when another one has taken its id while it was written."""

    def save(path: Path) -> None:
        session.gate.check()
        model.save(path)

    def check(there: InstalledModel | None) -> None:
        session.gate.check()
        if there is not None and not _is_of(session, there):
            raise PlaceTaken(f"There is another model '{card.id}' by now.", "Choose another name.")

    session.note(model_id=card.id)
    try:
        return library.add(card, save, size=4 * model.count_params(), before=check)
    except PlaceTaken:
        return None


def input_spec(model: keras.Model, recipe: Recipe, pixels: PixelReading = AS_STORED) -> InputSpec:
    """The card's description of the input of a recipe's network."""
    _batch, height, width, _channels = model.input_shape
    return InputSpec(
        height=height,
        width=width,
        channels=recipe.channels,
        preprocessing=recipe.preprocessing,
        fit=recipe.fit,
        crop_share=recipe.crop_share,
        pixels=pixels,
        thin="whole" if pixels.thin in {"whole", "crop"} else "parts",
    )


def model_of_run(session: Session, library: Library) -> InstalledModel | None:
    """Find the model that an earlier session of the run kept; None when there is none any more."""
    for entry in library.entries():
        if entry.model_id == session.record.model_id and _is_of(session, entry):
            return entry
    return None


def _model_id(session: Session, library: Library) -> str:
    """The id of the model that an earlier session of the run kept, or a free one."""
    earlier = model_of_run(session, library)
    if earlier is not None:
        return earlier.model_id
    config = session.record.config
    return library.free_id(default_id(session.record.name, config.data, config.recipe))


def _model_name(session: Session, library: Library) -> str:
    """The name of the model that an earlier session kept, or the run's, numbered when it is taken."""
    earlier = model_of_run(session, library)
    if earlier is not None:
        return earlier.name
    taken = {entry.name for entry in library.entries()}
    return numbered(printable(session.record.name) or session.record.run_id, taken)


def _is_of(session: Session, model: InstalledModel) -> bool:
    """Whether an earlier session of this run made a model."""
    return model.card is not None and model.card.source == _source(session)


def _source(session: Session) -> str:
    return f"Training run {session.record.run_id}"


def _data(session: Session) -> str:
    record = session.record
    name = printable(record.config.data.name)
    return (
        f"{record.train:,} training, {record.validation:,} validation and {record.test:,} test pictures "
        f"of {len(record.classes)} {session.task.noun[1]} from {name}"
    )
