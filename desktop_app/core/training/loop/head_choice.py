"""Which head a network on a backbone gets, where its settings leave that open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.confusion import Confusion
from desktop_app.core.foundation.text import counted
from desktop_app.core.training.loop.quick_head import QuickHead
from desktop_app.core.training.records.events import Preparing
from desktop_app.core.training.task.label_scores import mean_average_precision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.training.loop.pictures import Pictures
    from desktop_app.core.training.loop.session import Session
    from desktop_app.core.training.recipes.recipe import Network

FEWEST = 20
"""Validation pictures; of fewer, one more or less says nothing about a head."""

MOST = 2_000
"""Training pictures that heads are tried on: more would take long and change little."""


def is_open(session: Session) -> bool:
    """Whether the run has yet to choose its head."""
    return "head" in session.recipe.uses and session.values.head == "automatic"


def choose_head(session: Session, network: Network, pictures: Pictures) -> None:
    """Try a linear head and one with a hidden layer, and note which one the run has from now on.

    The hidden layer has to be right on more validation pictures, or where classes are out of balance, to have
    the higher balanced accuracy on them, and with several labels at once the higher mean average precision.
    A resumed run keeps what it chose.

    Args:
        session: The run, whose settings leave the head open.
        network: The network with its backbone.
        pictures: Pictures of the run; gets their features.

    Raises:
        Cancelled, Interrupted, Stopped: As the gate says; nothing is chosen then.
        StorageError: The choice, or the features, cannot be written.
    """
    count = pictures.count("validation")
    head, why = "linear", "too few validation pictures to compare it with another"
    if count >= FEWEST:
        assert network.backbone is not None
        pictures.compute_features(session, network.backbone)
        session.emit(Preparing("Choosing the head", 0, None))
        right = {kind: _right(session, pictures, units) for kind, units in _kinds(session)}
        head = "hidden" if right["hidden"] > right["linear"] else "linear"
        why = f"chosen on {counted(count, 'validation picture')}"
    session.note(chosen={"head": head}, choice=f"{head} head, {why}")


def _kinds(session: Session) -> tuple[tuple[str, int], ...]:
    return (("linear", 0), ("hidden", session.values.units))


def _right(session: Session, pictures: Pictures, hidden: int) -> float:
    """Fit a head on the training pictures and measure how right it is on the validation pictures."""
    assert pictures.features is not None
    features, values = pictures.features.features, session.values
    rows = pictures.indices["train"]
    views = rows[:, None] if pictures.views is None else pictures.views
    chosen = np.random.default_rng(values.seed).permutation(len(rows))[:MOST]
    head = QuickHead(
        features.shape[1],
        len(pictures.classes),
        hidden=hidden,
        seed=values.seed,
        output=session.task.output,
    )
    head.fit(
        features[views[chosen]],
        pictures.truth(rows[chosen]),
        l2=values.l2,
        dropout=values.dropout,
        check=session.gate.check,
    )
    held: NDArray[np.int64] = pictures.indices["validation"]
    predicted = head.predict(features[held])
    if pictures.table is not None:
        return mean_average_precision(predicted, pictures.truth(held) > 0)
    given = predicted.argmax(axis=1)
    confusion = Confusion.of(pictures.labels[held], given, len(pictures.classes))
    return confusion.balanced_accuracy if session.record.unbalanced else confusion.right / confusion.total
