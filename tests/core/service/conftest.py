from __future__ import annotations

import pytest
import requests
from flask.testing import FlaskClient

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.service.activity import Activity
from desktop_app.core.service.answering import Answering
from desktop_app.core.service.app import make_app
from desktop_app.core.service.models import Models
from desktop_app.core.service.options import ServiceOptions
from tests.core.service.running import Loader, add_models, service


class LocalClient(FlaskClient):
    """Sends requests to the address that the application has been given."""

    def open(self, *arguments, **options):
        if "base_url" not in options:
            options["base_url"] = "http://127.0.0.1:5432"
        return super().open(*arguments, **options)


@pytest.fixture
def loader():
    return Loader()


@pytest.fixture
def make_client(loader):
    """Make a test client of an application that listens nowhere; `client.application` has its parts."""

    def make(**options):
        library = add_models("colours", "colours-2", "colours-3")
        options = ServiceOptions(**({"port": 5432, "model_id": "colours"} | options))
        activity = Activity()
        models = Models(ModelPool(library, load=loader), options.model_id, on_batch=activity.batch_ran)
        answering = Answering(models, options, activity)
        app = make_app(answering, activity, options, options.port)
        app.answering, app.activity = answering, activity
        app.test_client_class = LocalClient
        return app.test_client()

    return make


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def running(loader):
    with service(loader) as server:
        yield server


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        yield session
