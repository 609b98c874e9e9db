"""A training keeps the features of its pictures where its network gives any."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.feature_bank import read_bank
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.outcome import feature_bank
from desktop_app.core.training.outcome.assessment import Finishing
from tests.core.training.tiny import make_data, stores_in, tiny_config
from tests.small_backbone import narrow

__all__ = ["narrow"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "narrow")]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return make_data(tmp_path_factory.mktemp("data"), count=24, side=(32, 32))


@pytest.fixture
def computed(monkeypatch):
    """The numbers of pictures whose features were computed with the final network."""
    compute, counts = feature_bank._computed, []

    def counting(*arguments):
        counts.append(len(arguments[-1]))
        return compute(*arguments)

    monkeypatch.setattr(feature_bank, "_computed", counting)
    return counts


def train(folder, data, *, recipe="vgg19-transfer", **changes):
    runs, library = stores_in(folder)
    if recipe == "vgg19-transfer":
        changes = {"input_size": 32, "random_weights": True, "early_stopping": 0, **changes}
    config = tiny_config(data, name="mine", recipe=recipe, **{"epochs": 1, **changes})
    result = fit.train(config, lambda event: None, TrainingControl().token, runs=runs, library=library)
    assert result.status == "finished", result.reason.sentence
    return library.get(result.model_id), library


def check(entry, library, data):
    """The bank fits the model that was kept: its own training pictures are near."""
    bank = read_bank(entry)
    assert (bank.rows.shape, entry.card.bank.neighbours) == ((24, 40), 1)
    classifier = load_classifier(entry.model_id, library)
    pictures = [load_source(FileSource(path)) for path in sorted(data.rglob("*.png"))]
    distances = [prediction.distance for prediction in classifier.predict(pictures)]
    assert np.median(distances) < 1
    own = np.array(distances) * bank.threshold
    assert own.min() < 0.01


def test_the_features_of_a_frozen_backbone_are_at_hand(data, tmp_path, computed):
    entry, library = train(tmp_path, data)
    assert computed == []
    check(entry, library, data)


def test_the_features_of_a_tuned_backbone_are_computed_again(data, tmp_path, computed):
    entry, library = train(tmp_path, data, fine_tune_epochs=2, fine_tune_learning_rate=0.01)
    check(entry, library, data)


def test_they_are_computed_where_none_are_in_memory(data, tmp_path, computed, monkeypatch):
    monkeypatch.setattr(Finishing, "on_features", property(lambda _finishing: False))
    entry, library = train(tmp_path, data)
    assert computed == [24 + 12]
    check(entry, library, data)


def test_many_pictures_are_sampled(data, tmp_path, monkeypatch):
    monkeypatch.setattr(feature_bank, "MAX_ROWS", 20)
    entry, _library = train(tmp_path, data)
    assert entry.card.bank.rows == 20


def test_a_network_without_features_keeps_none(data, tmp_path):
    entry, library = train(tmp_path, data, recipe="two-block-cnn")
    assert entry.card.bank is None
    picture = load_source(FileSource(next(data.rglob("*.png"))))
    assert load_classifier(entry.model_id, library).predict([picture])[0].distance is None


def test_too_few_pictures_keep_none(tmp_path):
    entry, _library = train(tmp_path / "out", make_data(tmp_path / "few", count=8, side=(32, 32)))
    assert entry.card.bank is None


def test_a_cancelled_computation_leaves_no_model(data, tmp_path, monkeypatch):
    control = TrainingControl()
    some = feature_bank._some

    def cancelling(*arguments):
        control.cancel()
        return some(*arguments)

    monkeypatch.setattr(Finishing, "on_features", property(lambda _finishing: False))
    monkeypatch.setattr(feature_bank, "_some", cancelling)
    runs, library = stores_in(tmp_path)
    config = tiny_config(data, recipe="vgg19-transfer", epochs=1, input_size=32, random_weights=True)
    result = fit.train(config, lambda event: None, control.token, runs=runs, library=library)
    assert result.status == "cancelled"
    assert not list(library.installed.glob("*"))
