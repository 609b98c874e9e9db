from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.label_mistakes.folds import stratified_folds


def test_each_fold_has_its_share_of_every_class():
    labels = np.repeat([0, 1, 2], [100, 50, 10])
    folds = stratified_folds(labels, np.arange(160))
    counts = np.array([np.bincount(labels[folds == fold], minlength=3) for fold in range(5)])
    assert counts.tolist() == [[20, 10, 2]] * 5


def test_copies_stay_together_and_the_rest_evens_out():
    labels = np.tile([0, 1], 50)
    groups = np.arange(100)
    groups[:12] = 0  # twelve copies, six in each class
    groups[20:23] = 20
    folds = stratified_folds(labels, groups)
    assert len(set(folds[:12].tolist())) == 1
    assert len(set(folds[20:23].tolist())) == 1
    assert np.bincount(folds).tolist() == [20] * 5


def test_the_order_is_drawn_but_the_same_every_time():
    labels = np.tile([0, 1], 20)
    one, again, other = (stratified_folds(labels, np.arange(40), seed=seed) for seed in (1, 1, 2))
    assert one.tolist() == again.tolist()
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_fewer_pictures_than_folds(count):
    assert len(stratified_folds(np.zeros(count, np.int64), np.arange(count))) == count
