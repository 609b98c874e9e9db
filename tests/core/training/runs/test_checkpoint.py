from __future__ import annotations

import errno

import numpy as np
import pytest

from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.training.records.failures import NotFinite
from desktop_app.core.training.records.progress import Progress
from desktop_app.core.training.runs.checkpoint import Checkpoints, values
from desktop_app.core.training.runs.run_folder import RunError

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


def make_model(units=3):
    import keras

    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(units), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    return model


def trained_model():
    model = make_model()
    model.fit(np.ones((8, 4)), np.ones((8, 1)), batch_size=2, verbose=0)
    return model


def same(one, other):
    return len(one) == len(other) and all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_everything_comes_back(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    assert not checkpoints.exists
    model, progress = trained_model(), Progress(phase_starts=(0, 0), step=4, seconds=1.5)
    checkpoints.save(progress, model, best=None)
    other = make_model()
    other.evaluate(np.ones((2, 4)), np.ones((2, 1)), verbose=0)
    checkpoints.restore(other)
    checkpoints.restore_metrics(other)
    assert checkpoints.exists
    assert checkpoints.read_progress() == progress
    assert len(model.variables) == 5, "two layers and the state of the dropout"
    assert same(values(model.variables), values(other.variables))
    assert same(values(model.optimizer.variables), values(other.optimizer.variables))
    assert int(other.optimizer.iterations) == 4
    assert same(values(model.metrics_variables), values(other.metrics_variables))


def test_the_best_epoch_is_kept_until_a_better_one_is_checkpointed(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    first, second = make_model(), make_model()
    checkpoints.save_best(1, values(first.variables), Progress())
    checkpoints.save(Progress(), first, best=1)
    checkpoints.save_best(2, values(second.variables), Progress())
    assert same(checkpoints.read_best(1), values(first.variables)), "the last checkpoint may rely on it"
    checkpoints.save(Progress(), second, best=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best-2.npz", "last.npz"]
    checkpoints.assign_best(2, first)
    assert same(values(first.variables), values(second.variables))
    checkpoints.clear()
    assert list(tmp_path.iterdir()) == []


def test_weights_that_are_not_numbers_never_replace_a_checkpoint(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    model = make_model()
    checkpoints.save(Progress(), model, best=None)
    before = (tmp_path / "last.npz").read_bytes()
    model.variables[0].assign(np.full((4, 3), np.nan))
    with pytest.raises(NotFinite):
        checkpoints.save(Progress(), model, best=None)
    assert (tmp_path / "last.npz").read_bytes() == before


def test_a_full_disk_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    checkpoints = Checkpoints(tmp_path)
    model = make_model()
    checkpoints.save(Progress(), model, best=None)
    before = (tmp_path / "last.npz").read_bytes()
    write_array = np.lib.format.write_array

    def fill_up(file, array, **options):
        write_array(file, array, **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", fill_up)
    with pytest.raises(StorageError, match=r"too full .*last\.npz: .* needed"):
        checkpoints.save(Progress(), model, best=None)
    assert (tmp_path / "last.npz").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_every_damage_is_said_in_words(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    model = make_model()
    checkpoints.save(Progress(), model, best=None)
    path = tmp_path / "last.npz"
    content = path.read_bytes()
    random = np.random.default_rng(0)
    said = []
    for number in range(60):
        if number % 2:
            damaged = content[: random.integers(0, len(content))]
        else:
            broken = bytearray(content)
            broken[random.integers(0, len(content))] ^= 0xFF
            damaged = bytes(broken)
        path.write_bytes(damaged)
        try:
            checkpoints.restore(model)
            checkpoints.read_progress()
        except RunError as error:
            said.append(str(error))
    assert len(said) > 30, "every half file and most flipped bytes"
    assert all("last.npz cannot be used" in sentence for sentence in said)


def test_a_checkpoint_of_another_network_is_refused(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    checkpoints.save(Progress(), make_model(), best=None)
    with pytest.raises(RunError, match="another network"):
        checkpoints.restore(make_model(units=5))
    with pytest.raises(StorageError, match=r"best-7\.npz cannot be read"):
        checkpoints.read_best(7)


def test_objects_are_never_unpickled(tmp_path):
    array = np.empty(1, object)
    array[0] = {"evil"}
    np.savez(tmp_path / "last.npz", progress=array)
    with pytest.raises(RunError, match="cannot be used"):
        Checkpoints(tmp_path).read_progress()
