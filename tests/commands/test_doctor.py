"""The doctor's report for people and for programs."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.commands.doctor import doctor
from desktop_app.core import paths
from desktop_app.core.devices import DeviceReason
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """What ships with the app: here three plain pictures, and no model."""
    bundle = tmp_path / "bundle"
    (bundle / "models").mkdir(parents=True)
    (bundle / "resources" / "samples").mkdir(parents=True)
    for name, colour in (("red", (250, 0, 0)), ("green", (0, 250, 0)), ("blue", (0, 0, 250))):
        Image.new("RGB", (16, 16), colour).save(bundle / "resources" / "samples" / f"{name}.png")
    monkeypatch.setattr(paths, "bundled", lambda name: bundle / name)
    return bundle


@pytest.fixture
def everyday(bundle, tmp_path):
    """Stands in for the model that ships with the app."""
    install_colour_model(Library(tmp_path / "nothing", bundle / "models", tmp_path / "trash"), "everyday")


@pytest.mark.engine
def test_json_when_all_is_well(everyday, isolated_home, capsys):
    assert main(["doctor", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema_version"] == 1
    assert document["ok"] is True
    assert {"Sightline", "Python", "TensorFlow", "Qt for Python"} <= set(document["versions"])
    assert document["device"]["kind"] in {"cpu", "gpu"}
    assert document["device"]["reason"] in {reason.value for reason in DeviceReason}
    assert document["paths"][0]["path"] == str(isolated_home)
    assert {entry["id"] for entry in document["models"]} == {"everyday", "vgg19"}
    assert [check["name"] for check in document["checks"]] == [
        "folders",
        "models",
        "pictures",
        "engine",
        "answers",
    ]
    assert all(check["ok"] for check in document["checks"])


@pytest.mark.engine
def test_text_when_all_is_well(everyday):
    stdout = io.StringIO()
    assert doctor("text", stdout) == 0
    text = stdout.getvalue()
    for heading in ("Versions", "Device", "Folders", "Models", "Self-test"):
        assert f"{heading}\n" in text
    assert text.endswith("\nEverything works.\n")


def test_failures_are_counted_and_told_with_advice(bundle):
    stdout = io.StringIO()
    assert doctor("text", stdout) == 1
    text = stdout.getvalue()
    assert "FAIL  engine" in text
    assert "There is no model 'everyday'." in text
    assert text.endswith("\n2 of 5 checks failed.\n")


def test_json_when_something_is_wrong(bundle, isolated_home):
    isolated_home.write_text("a file where the folder should be")
    stdout = io.StringIO()
    assert doctor("json", stdout) == 1
    document = json.loads(stdout.getvalue())
    assert document["ok"] is False
    assert document["paths"][0]["writable"] is False
    assert document["paths"][0]["problem"]
    assert document["checks"][0]["ok"] is False
    assert document["checks"][0]["advice"]
