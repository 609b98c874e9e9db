"""The guard of imports, and fixtures for the tests of the batch service."""

from __future__ import annotations

import pytest

from desktop_app.core.classify.pool import ModelPool
from tests.core.batch.fakes import make_folder
from tests.guards import no_stray_imports
from tests.workers.batch_fakes import Told, install, library_in, use_fakes

__all__ = ["no_stray_imports"]


@pytest.fixture
def models(monkeypatch):
    """What loads models without TensorFlow."""
    models = use_fakes(monkeypatch)
    yield models
    models.load_goes_on.set()
    models.answers_go_on.set()


@pytest.fixture
def library(tmp_path):
    """Two models."""
    library = library_in(tmp_path)
    install(library, tmp_path, "colours", "others")
    return library


@pytest.fixture
def make_batch(qtbot, models, library):
    """Make batch services that share library and jobs."""
    made = []

    def service():
        made.append(Told(ModelPool(library, load=models.load)))
        return made[-1]

    yield service
    models.load_goes_on.set()
    models.answers_go_on.set()
    ended = [service.shutdown(60) for service in made]
    assert all(ended)


@pytest.fixture
def batch(make_batch):
    """A batch service."""
    return make_batch()


@pytest.fixture
def folder(tmp_path):
    """Twelve pictures: red, green and blue by turns."""
    return make_folder(tmp_path / "pictures", 12)
