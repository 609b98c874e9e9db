from __future__ import annotations

import pytest

from desktop_app.core.training.records.history import (
    best_epoch,
    epochs_without_progress,
    from_csv,
    plateau_factor,
    to_csv,
    why_best,
)
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.epochs import epoch


def epochs(*rows):
    """An epoch for each training loss or each (validation accuracy, validation loss)."""
    made = []
    for number, row in enumerate(rows, start=1):
        accuracy, loss = row if isinstance(row, tuple) else (None, None)
        trained = 1.0 if isinstance(row, tuple) else row
        made.append(epoch(number, loss=trained, val_loss=loss, val_accuracy=accuracy))
    return made


@pytest.mark.parametrize(
    ("history", "best"),
    [
        (epochs((0.5, 1.0), (0.7, 2.0), (0.6, 0.1)), 2),
        (epochs((0.7, 1.0), (0.7, 0.5), (0.7, 0.9)), 2),
        (epochs((0.7, 1.0), (0.7, 1.0)), 1),
        (epochs(3.0, 1.0, 2.0), 2),
        (epochs(0.1, (0.0, 9.0)), 2),
    ],
)
def test_the_best_epoch_is_the_most_accurate_then_that_of_the_lowest_loss(history, best):
    assert best_epoch(history, CLASSIFICATION).epoch == best


def test_the_best_epoch_is_explained_by_what_it_was_chosen_by():
    assert why_best(epochs((0.5, 1.0), (0.7, 2.0)), CLASSIFICATION) == "the highest validation accuracy"
    assert why_best(epochs(3.0, 1.0), CLASSIFICATION) == "the lowest training loss"


def test_nothing_is_best_of_nothing():
    assert best_epoch([], CLASSIFICATION) is None
    assert epochs_without_progress([]) == 0
    assert plateau_factor([]) == 1


def test_progress_is_a_lower_validation_loss():
    assert epochs_without_progress(epochs((0.1, 3.0), (0.1, 2.0))) == 0
    assert epochs_without_progress(epochs((0.1, 2.0), (0.9, 2.0), (0.9, 2.5))) == 2
    assert epochs_without_progress(epochs(2.0, 1.0, 1.5)) == 1


def test_the_plateau_halves_the_rate_after_every_three_epochs_in_vain():
    stale = [(0.5, 1.0)] * 8
    factors = [plateau_factor(epochs(*stale[:count])) for count in range(1, 9)]
    assert factors == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert plateau_factor(epochs((0.5, 1.0), (0.5, 1.0), (0.5, 0.9), (0.5, 1.0), (0.5, 1.0))) == 1


def test_a_history_survives_its_table():
    last = epoch(2, loss=1e-9, accuracy=1.0, top_k=0.9, learning_rate=1e-7, seconds=3.25)
    history = (*epochs((0.5, 0.1 + 0.2)), last)
    assert from_csv(to_csv(history, CLASSIFICATION)) == history
    assert from_csv(to_csv([], CLASSIFICATION)) == ()


def test_the_table_of_a_classifier_has_the_columns_that_it_always_had():
    text = (
        "epoch,loss,accuracy,top_k,val_loss,val_accuracy,val_top_k,learning_rate,seconds\n"
        "1,0.5,0.75,,0.6,0.5,,0.001,2.5\n"
    )
    assert from_csv(text) == (epoch(val_loss=0.6, val_accuracy=0.5),)
    assert to_csv(from_csv(text), CLASSIFICATION) == text


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-30],
        lambda text: "x" + text,
        lambda _text: "",
        lambda text: text.replace("loss", "cost", 1),
        lambda text: text.replace("accuracy", "loss", 1),
        lambda text: text.replace("1.0", "", 1),
        lambda _text: "epoch\n1\n",
    ],
)
def test_a_damaged_table_is_not_read(damage):
    with pytest.raises(ValueError, match=r"."):
        from_csv(damage(to_csv(epochs(1.0, 2.0), CLASSIFICATION)))
