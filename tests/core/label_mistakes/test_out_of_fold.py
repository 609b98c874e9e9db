"""Out-of-fold probabilities of made-up features: two clusters with flipped labels."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.label_mistakes.out_of_fold import best_others, centred, contradicted, out_of_fold
from desktop_app.core.label_mistakes.search import odds_of


def clusters(count=200, features=40, flipped=10, seed=0):
    """Features, given labels and the rows of those that are wrong."""
    random = np.random.default_rng(seed)
    truth = np.arange(count) % 2
    points = random.normal(0, 1, (count, features))
    points[:, 0] += np.where(truth, 4, -4)
    wrong = np.sort(random.choice(count, flipped, replace=False))
    labels = truth.copy()
    labels[wrong] = 1 - labels[wrong]
    return points.astype(np.float32), labels, wrong


def test_flipped_labels_are_the_least_probable():
    features, labels, wrong = clusters()
    predicted = out_of_fold(features, labels, np.arange(len(labels)), 2)
    assert predicted.sum(axis=1) == pytest.approx(np.ones(len(labels)))
    assert sorted(np.argsort(odds_of(predicted, labels))[:10].tolist()) == wrong.tolist()


def test_a_copy_does_not_vouch_for_its_label():
    features, labels, wrong = clusters(features=400, flipped=4)
    # Each wrong picture has a copy with the same wrong label.
    features = np.concatenate([features, features[wrong]])
    labels = np.concatenate([labels, labels[wrong]])
    apart, together = np.arange(len(labels)), np.arange(len(labels))
    together[200:] = wrong
    rows = np.concatenate([wrong, np.arange(200, len(labels))])
    alone = odds_of(out_of_fold(features, labels, apart, 2), labels)[rows]
    grouped = odds_of(out_of_fold(features, labels, together, 2), labels)[rows]
    assert grouped.mean() < alone.mean()


def test_progress_counts_the_regressions_and_a_check_ends_them():
    features, labels, _ = clusters(count=40, flipped=2)
    done = []
    out_of_fold(features, labels, np.arange(40), 2, on_fold=done.append)
    assert done == list(range(1, 11))

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        out_of_fold(features, labels, np.arange(40), 2, check=stop)


def test_centred_points_have_mean_zero_and_mean_square_one():
    points = centred(np.random.default_rng(0).uniform(0, 5, (30, 8)).astype(np.float32))
    assert points.mean(axis=0) == pytest.approx(np.zeros(8), abs=1e-6)
    assert np.square(points).sum(axis=1).mean() == pytest.approx(1)
    assert not np.isnan(centred(np.ones((3, 4), np.float32))).any()


def test_only_what_another_class_claims_as_surely_as_its_own_is_contradicted():
    predicted = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.4, 0.6], [0.2, 0.8]])
    labels = np.array([0, 0, 0, 0, 1])
    # Class 1 gets 0.8 from its own picture: 0.9 reaches that, 0.6 does not.
    assert contradicted(predicted, labels).tolist() == [False, False, True, False, False]


def test_the_best_other_class_is_never_the_given_one():
    best, sure = best_others(np.array([[0.7, 0.1, 0.2], [0.3, 0.3, 0.4]]), np.array([0, 2]))
    assert best.tolist() == [2, 0]
    assert sure.tolist() == [0.2, 0.3]
