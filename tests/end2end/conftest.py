"""Fixtures for tests that use Sightline as a person does; what they saw is attached to their failures."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image

from desktop_app.core.foundation import paths
from desktop_app.core.library.store import Library
from desktop_app.core.settings import Settings
from tests.end2end.desk import Desk
from tests.tiny_model import install_colour_model

COLOURS = {"red": (250, 0, 0), "green": (0, 250, 0), "blue": (0, 0, 250)}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    desk = getattr(item, "funcargs", {}).get("desk")
    if report.failed and call.when == "call" and desk is not None:
        report.sections += desk.evidence(item.originalname)
    return report


@pytest.fixture(scope="session")
def colour_model(engine, tmp_path_factory):
    """A folder of models that holds the one that names colours."""
    folder = tmp_path_factory.mktemp("colour-model")
    install_colour_model(Library(paths.shipped_models(), folder / "models", folder / "trash"))
    return folder / "models"


@pytest.fixture(scope="module")
def make_home(colour_model, tmp_path_factory):
    """Make a `SIGHTLINE_HOME`: `make_home(theme="dark")`; it has the model that names colours."""

    def make(**settings):
        home = tmp_path_factory.mktemp("run") / "home"
        shutil.copytree(colour_model, home / "models")
        chosen = Settings(**{"model_id": "colours", "allow_private_hosts": True} | settings)
        (home / "settings.json").write_text(chosen.to_json(), encoding="utf-8")
        return home

    return make


@pytest.fixture(scope="module")
def desk(virtual_display, tmp_path_factory):
    """A person at a display, where Sightline is not open yet; afterwards all must be left in order."""
    with Desk(virtual_display, tmp_path_factory.mktemp("desk")) as desk:
        yield desk
    assert not desk.complaints()
    assert not desk.strays()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Files of one colour each, by the name of the colour."""
    folder = tmp_path_factory.mktemp("pictures")
    files = {}
    for name, colour in COLOURS.items():
        files[name] = folder / f"{name}.png"
        Image.new("RGB", (60, 40), colour).save(files[name])
    return files
