"""Batches follow from seed, epoch and step alone, and their pictures are those of prediction."""

from __future__ import annotations

import gc
import weakref
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.datasets.pipeline.arrays import FeatureStore, PictureStore
from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.datasets.pipeline.batches import Batches
from desktop_app.core.networks.preprocessing import preprocess

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

NOTHING = AugmentationSettings()
SOME = AugmentationSettings(flip=True, shear=0.2, zoom=0.2, brightness=0.2, saturation=0.2, erase=0.5)
COUNT = 26
PART = np.array([number for number in range(COUNT) if number % 13])  # 24 rows, 0 and 13 left out
LABELS = PART % 3


def stored(values, kind=PictureStore):
    rows, _on_disk = allocate(values.shape, values.dtype.type, Path())
    rows[:] = values
    return kind(rows, np.ones(len(rows), np.bool_), on_disk=False)


@pytest.fixture
def store():
    """Noise; the first pixel of each row holds its number."""
    pixels = np.random.default_rng(1).integers(0, 256, (COUNT, 8, 8, 3), dtype=np.uint8)
    pixels[:, 0, 0] = np.arange(COUNT)[:, None]
    return stored(pixels)


def batches(store, **changes):
    options = {
        "class_count": 3,
        "outputs": 3,
        "batch_size": 5,
        "seed": 7,
        "preprocessing": "none",
        "channels": 3,
        "augmentation": NOTHING,
    }
    return Batches(store, PART, LABELS, **(options | changes))


def numbers(data):
    """The rows that a data set without augmentation consists of, batch by batch."""
    return [batch[0].numpy()[:, 0, 0, 0].astype(int).tolist() for batch in data]


def same(one, other):
    one, other = list(one), list(other)
    return len(one) == len(other) and all(
        np.array_equal(a, b)
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def test_an_epoch_has_each_row_of_the_part_once_in_another_order_each_time(store):
    made = batches(store)
    assert made.steps == 5
    orders = [numbers(made.epoch(epoch)) for epoch in range(1, 5)]
    for order in orders:
        assert [len(batch) for batch in order] == [5, 5, 5, 5, 4]
        assert sorted(chain(*order)) == PART.tolist()
    assert len({str(order) for order in orders}) == 4
    assert numbers(batches(store, seed=8).epoch(1)) != orders[0]


def test_without_shuffling_rows_are_in_order(store):
    assert [*chain(*numbers(batches(store, augmentation=SOME).plain()))] == PART.tolist()


@pytest.mark.parametrize("augmentation", [NOTHING, SOME, AugmentationSettings(degrade=0.5)])
def test_an_epoch_can_be_repeated_and_resumed_anywhere_even_in_another_run(store, augmentation):
    whole = list(batches(store, augmentation=augmentation).epoch(3))
    again = batches(store, augmentation=augmentation)
    assert same(whole, again.epoch(3))
    assert same(whole[2:], again.epoch(3, first_step=2))
    assert same([], again.epoch(3, first_step=5))
    assert not same(whole, again.epoch(4))


def test_augmentation_differs_from_epoch_to_epoch_and_leaves_the_order_alone(store):
    def by_row(epoch):
        plain, changed = batches(store), batches(store, augmentation=SOME)
        rows = {}
        for left, right in zip(plain.epoch(epoch), changed.epoch(epoch), strict=True):
            assert np.array_equal(left[1], right[1])
            for before, after in zip(left[0].numpy(), right[0].numpy(), strict=True):
                rows[int(before[0, 0, 0])] = (before, after)
        return rows

    first, second = by_row(1), by_row(2)
    for number in PART:
        assert np.array_equal(first[number][0], second[number][0])
        assert not np.array_equal(first[number][1], second[number][1])


def test_labels_belong_to_their_pictures(store):
    for pictures, targets in batches(store).epoch(1):
        rows = pictures.numpy()[:, 0, 0, 0].astype(int)
        assert np.array_equal(targets, np.eye(3, dtype=np.float32)[rows % 3])
    two = Batches(
        store,
        PART,
        PART % 2,
        class_count=2,
        outputs=1,
        batch_size=5,
        seed=7,
        preprocessing="none",
        channels=3,
        augmentation=NOTHING,
    )
    for pictures, targets in two.epoch(1):
        assert targets.dtype == np.float32
        assert np.array_equal(targets, pictures.numpy()[:, 0, 0, :1] % 2)


def test_classes_are_weighed(store):
    weights = np.array([0.5, 1, 2], np.float32)
    for pictures, _targets, found in batches(store, weights=weights).epoch(1):
        rows = pictures.numpy()[:, 0, 0, 0].astype(int)
        assert np.array_equal(found, weights[rows % 3])


@pytest.mark.parametrize(
    ("preprocessing", "channels"),
    [("none", 3), ("unit", 3), ("symmetric", 3), ("vgg19", 3), ("unit", 1), ("none", 1)],
)
def test_pictures_are_prepared_as_for_prediction(store, preprocessing, channels):
    import tensorflow as tf

    made = batches(store, preprocessing=preprocessing, channels=channels)
    wanted = preprocess(tf.constant(store.pixels[PART]), preprocessing, channels).numpy()
    assert np.array_equal(np.concatenate([batch[0] for batch in made.plain()]), wanted)


def test_preparing_changed_pictures_is_preparing_whole_numbers(store):
    """A chance of next to nothing is an augmentation that changes no value."""
    nearly = AugmentationSettings(degrade=1e-9)
    for channels in (1, 3):
        options = {"preprocessing": "unit", "channels": channels}
        assert same(
            batches(store, augmentation=nearly, **options).epoch(1), batches(store, **options).epoch(1)
        )


def test_every_epoch_has_the_same_element_spec(store):
    import tensorflow as tf

    made = batches(store, augmentation=SOME, channels=1)
    specs = {made.epoch(1).element_spec, made.epoch(9, 2).element_spec, made.plain().element_spec}
    assert specs == {(tf.TensorSpec((None, 8, 8, 1), tf.float32), tf.TensorSpec((None, 3), tf.float32))}
    assert made.epoch(1).cardinality() == 5
    assert made.epoch(1, 2).cardinality() == 3


def test_the_work_is_traced_once_for_all_epochs(store, monkeypatch):
    traced = []
    monkeypatch.setattr(
        "desktop_app.core.datasets.pipeline.batches.preprocess",
        lambda pixels, *names: traced.append(names) or preprocess(pixels, *names),
    )
    made = batches(store, augmentation=SOME)
    for epoch in range(4):
        assert len(list(made.epoch(epoch))) == 5
    assert len(traced) == 1


def test_features_come_as_they_are():
    features = np.random.default_rng(0).normal(size=(COUNT, 2, 2, 4)).astype(np.float32)
    store = stored(features, FeatureStore)
    made = batches(store, augmentation=SOME)
    assert np.array_equal(np.concatenate([batch[0] for batch in made.plain()]), features[PART])
    shuffled = np.concatenate([batch[0] for batch in made.epoch(1)])
    assert np.array_equal(np.sort(shuffled.sum((1, 2, 3))), np.sort(features[PART].sum((1, 2, 3))))
    flat = stored(features.reshape(COUNT, -1), FeatureStore)
    assert batches(flat).plain().element_spec[0].shape.as_list() == [None, 16]


def test_a_data_set_outlives_its_batches(store):
    data = batches(store).epoch(1)
    gc.collect()
    assert sorted(chain(*numbers(data))) == PART.tolist()


def test_a_network_learns_from_them(store):
    import keras

    start = keras.initializers.GlorotUniform(seed=0)
    network = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(3, kernel_initializer=start)]
    )
    network.compile("sgd", "mse")
    made = batches(store, preprocessing="unit", augmentation=SOME, weights=np.ones(3, np.float32))
    losses = []
    for epoch in range(2):
        run = network.fit(made.epoch(epoch), initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0)
        losses += run.history["loss"]
    assert losses[1] < losses[0]


def test_nothing_keeps_the_pictures_of_a_run_that_is_over():
    import keras

    store = stored(np.zeros((COUNT, 8, 8, 3), np.uint8))
    kept = weakref.ref(store.pixels)
    gc.disable()
    try:
        made = batches(store, augmentation=SOME)
        for batch in made.epoch(1):
            assert len(batch) == 2
        unfinished = iter(made.epoch(2))
        next(unfinished)
        network = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(3)])
        network.compile("sgd", "mse")
        network.fit(made.epoch(3), shuffle=False, verbose=0)
        del unfinished, batch
        store.close()
        assert kept() is None
    finally:
        gc.enable()
