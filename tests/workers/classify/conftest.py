"""A session with two models that load at once and name the colour that dominates."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.workers.classify.session import ClassifySession

BY = AnsweredBy("openvino", "float32", "CPU (test)")


class FakeLibrary:
    """Knows two models of different input sizes, and one that is broken."""

    bytes = 0

    def get(self, model_id):
        size = {"everyday": 32, "other": 48, "broken": 32}.get(model_id)
        if size is None:
            raise ModelError(f"There is no model {model_id}.")
        card = SimpleNamespace(id=model_id, name=model_id.title(), input=InputSpec(height=size, width=size))
        return SimpleNamespace(
            model_id=model_id, name=card.name, card=card, folder=None, bytes=self.bytes, problem=""
        )

    def stamp(self, _model_id):
        return (0, 0)

    def entries(self):
        return [self.get("everyday")]


class FakeClassifier:
    """Names the colour channel that dominates."""

    by = BY

    def __init__(self, card):
        self.card = card

    def predict_prepared(self, images, top=5):
        (image,) = images
        assert image.shape[-3:] == (self.card.input.height, self.card.input.width, 3)
        assert image.dtype == np.uint8
        label = ("red", "green", "blue")[int(image.reshape(-1, 3).mean(axis=0).argmax())]
        return [Prediction((ScoredLabel(1, label, label, 0.9),), sure=True)]


@pytest.fixture
def gate():
    """Loading a model waits for this."""
    event = threading.Event()
    event.set()
    return event


@pytest.fixture
def loaded():
    """Ids of the models that were loaded."""
    return []


@pytest.fixture
def wished():
    """The engines that they were loaded for."""
    return []


@pytest.fixture
def pool(loaded, wished, gate):
    def load(model_id, library, choice, _tell):
        loaded.append(model_id)
        wished.append(choice)
        assert gate.wait(60)
        if model_id == "broken":
            raise ModelError("The model is broken.", "Import it again.")
        return FakeClassifier(library.get(model_id).card)

    return ModelPool(FakeLibrary(), load=load)


@pytest.fixture
def session(qtbot, monkeypatch, gate, pool):
    monkeypatch.setattr("desktop_app.core.engine.loading.load_engine", lambda: None)
    session = ClassifySession(pool)
    yield session
    gate.set()
    assert session.shutdown(60)


@pytest.fixture
def picture(tmp_path):
    def make(name="red.png", colour=(200, 10, 10), folder=tmp_path):
        Image.new("RGB", (64, 40), colour).save(folder / name)
        return folder / name

    return make
