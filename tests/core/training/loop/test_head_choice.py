"""A pretrained network gets the head that its validation pictures ask for, and keeps it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from desktop_app.core.training import fit
from desktop_app.core.training.loop import head_choice
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.loop.quick_head import QuickHead
from desktop_app.core.training.records.events import EpochEnded, Started
from desktop_app.core.training.task.classification import CLASSIFICATION
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

engine = pytest.mark.usefixtures("engine", "tiny_lite")


def points(count, *, ring):
    """Two classes: left and right of a line, or inside and outside of a circle."""
    random = np.random.default_rng(1)
    where = random.uniform(-1, 1, (count, 2)).astype(np.float32)
    labels = (where**2).sum(axis=1) > 0.5 if ring else where[:, 0] > 0
    return np.repeat(where, 32, axis=1), labels.astype(np.int64)


def accuracy(hidden, *, ring):
    features, labels = points(600, ring=ring)
    head = QuickHead(64, 2, hidden=hidden, seed=0)
    head.fit(features[:500, None], labels[:500], l2=0.0, dropout=0.0, check=lambda: None)
    found = head.predict(features[500:])
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-5)
    return (found.argmax(axis=1) == labels[500:]).mean()


def test_a_linear_head_learns_a_line_and_a_hidden_one_a_circle():
    assert accuracy(0, ring=False) > 0.95
    assert accuracy(0, ring=True) < 0.8
    assert accuracy(64, ring=True) > 0.85


@pytest.mark.parametrize("hidden", [0, 5])
def test_the_slopes_are_those_of_the_loss(hidden):
    random = np.random.default_rng(0)
    features, labels = random.normal(0, 1, (7, 3)).astype(np.float32), random.integers(0, 4, 7)
    head = QuickHead(3, 4, hidden=hidden, seed=2)

    def loss():
        found = head.predict(features)[np.arange(7), labels]
        return -np.log(found).mean() + 0.1 * sum((weight**2).sum() for weight in head.weights[::2])

    for weight, slope in zip(head.weights, head._slopes(features, labels, 0.1, 0.0), strict=True):
        place = np.unravel_index(np.abs(slope).argmax(), slope.shape)
        before = weight[place]
        weight[place] = before + 1e-2
        higher = loss()
        weight[place] = before - 1e-2
        lower = loss()
        weight[place] = before
        assert slope[place] == pytest.approx((higher - lower) / 2e-2, rel=0.02)


def test_the_same_seed_gives_the_same_head():
    features, labels = points(50, ring=True)
    heads = [QuickHead(64, 2, hidden=8, seed=seed) for seed in (3, 3, 4)]
    for head in heads:
        head.fit(features[:, None], labels, l2=0.001, dropout=0.5, check=lambda: None)
    first, again, other = (head.predict(features) for head in heads)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def config(data, **changes):
    values = {"input_size": 32, "random_weights": True, "epochs": 2, "copies": 1, "fine_tune_epochs": 0}
    return tiny_config(data, recipe="pretrained", **(values | changes))


def train(folder, config, *, run_id=None, interrupt=False):
    runs, library = stores_in(folder)
    control, events = TrainingControl(), []

    def watch(event):
        events.append(event)
        if interrupt and isinstance(event, EpochEnded):
            control.interrupt()

    places = {"runs": runs, "library": library}
    if run_id is None:
        result = fit.train(config, watch, control.token, **places)
    else:
        result = fit.resume(run_id, watch, control.token, **places)
    (started,) = [event for event in events if isinstance(event, Started)]
    return result, started, runs.get(result.run_id).record


@pytest.mark.engine
@engine
@pytest.mark.parametrize("better", ["linear", "hidden"])
def test_the_better_head_is_trained_and_kept_when_the_run_is_resumed(tmp_path, monkeypatch, better):
    monkeypatch.setattr(head_choice, "FEWEST", 2)
    right = {0: 5, 8: 5 if better == "linear" else 6}  # a tie is the linear head's
    monkeypatch.setattr(head_choice, "_right", lambda _session, _pictures, hidden: right[hidden])
    data = make_data(tmp_path / "data")
    result, started, record = train(tmp_path, config(data), interrupt=True)
    assert result.status == "interrupted"
    assert started.choice == record.choice == f"{better} head, chosen on 6 validation pictures"
    assert record.chosen == {"head": better}
    assert record.config.hyperparameters.head == "automatic"
    assert ("hidden" in started.summary) == (better == "hidden")
    monkeypatch.setattr(head_choice, "_right", pytest.fail)
    result, again, record = train(tmp_path, None, run_id=result.run_id)
    assert (result.status, result.epochs) == ("finished", 2)
    assert (again.choice, again.parameters) == (started.choice, started.parameters)


@pytest.mark.engine
@engine
def test_few_validation_pictures_choose_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(head_choice, "_right", pytest.fail)
    _result, started, record = train(tmp_path, config(make_data(tmp_path / "data")))
    assert started.choice == "linear head, too few validation pictures to compare it with another"
    assert record.chosen == {"head": "linear"}


@pytest.mark.engine
@engine
def test_a_head_that_is_set_is_not_chosen(tmp_path):
    _result, started, record = train(tmp_path, config(make_data(tmp_path / "data"), head="hidden"))
    assert (started.choice, record.chosen) == ("", {})


@pytest.mark.engine
@engine
def test_heads_are_compared_on_features_of_copies_too(tmp_path, monkeypatch):
    monkeypatch.setattr(head_choice, "FEWEST", 2)
    seen = []
    learn = QuickHead.fit

    def note(head, views, labels, **options):
        seen.append((views.shape, len(labels)))
        learn(head, views, labels, **options)

    monkeypatch.setattr(QuickHead, "fit", note)
    train(tmp_path, config(make_data(tmp_path / "data")))
    assert seen == [((12, 2, 24), 12)] * 2


@pytest.mark.parametrize(("unbalanced", "better"), [(False, "always"), (True, "finds")])
def test_heads_are_compared_by_what_counts_in_the_run(monkeypatch, unbalanced, better):
    labels = np.array([0] * 18 + [1] * 2)
    given = {"always": np.zeros(20, int), "finds": np.array([0] * 13 + [1] * 7)}
    pictures = SimpleNamespace(
        features=SimpleNamespace(features=np.zeros((20, 4), np.float32)),
        indices={"train": np.arange(20), "validation": np.arange(20)},
        views=None,
        labels=labels,
        table=None,
        truth=labels.__getitem__,
        classes=("ok", "defect"),
    )
    session = SimpleNamespace(
        values=SimpleNamespace(seed=0, l2=0.0, dropout=0.0),
        gate=SimpleNamespace(check=None),
        record=SimpleNamespace(unbalanced=unbalanced),
        task=CLASSIFICATION,
    )
    monkeypatch.setattr(QuickHead, "fit", lambda *_given, **_options: None)
    scores = {}
    for name, answers in given.items():
        monkeypatch.setattr(QuickHead, "predict", lambda _head, _rows, made=answers: np.eye(2)[made])
        scores[name] = head_choice._right(session, pictures, 0)
    assert max(scores, key=scores.get) == better


def test_heads_for_several_labels_are_sigmoids_that_learn():
    random = np.random.default_rng(0)
    features = random.normal(size=(200, 6)).astype(np.float32)
    truth = (features[:, :3] > 0).astype(np.uint8)
    for hidden in (0, 8):
        head = QuickHead(6, 3, hidden=hidden, seed=0, output="sigmoid")
        fitting = {"l2": 0.0, "dropout": 0.0, "check": lambda: None, "rate": 0.03}
        head.fit(features[:, None], truth, **fitting)
        given = head.predict(features)
        assert ((given > 0.5) == truth).mean() > 0.9
        assert np.ptp(given.sum(axis=1)) > 1
