"""The doctor's report for people and for programs."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.commands.doctor import doctor
from desktop_app.core.devices.status import DeviceReason
from desktop_app.core.foundation import paths
from desktop_app.core.health import files, full_test
from desktop_app.core.library import store
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """What ships with the app: here three plain pictures, and no model."""
    monkeypatch.setattr(store, "NETWORKS", ())
    bundle = tmp_path / "bundle"
    (bundle / "models").mkdir(parents=True)
    (bundle / "resources" / "samples").mkdir(parents=True)
    for name, colour in (("red", (250, 0, 0)), ("green", (0, 250, 0)), ("blue", (0, 0, 250))):
        Image.new("RGB", (16, 16), colour).save(bundle / "resources" / "samples" / f"{name}.png")
    monkeypatch.setattr(files, "SAMPLES", ("red.png", "green.png", "blue.png"))
    others = shutil.ignore_patterns("samples")
    shutil.copytree(paths.resources(), bundle / "resources", ignore=others, dirs_exist_ok=True)
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
    assert document["self_test"] == "short"
    assert {"Sightline", "Python", "TensorFlow", "Qt for Python"} <= set(document["versions"])
    assert document["device"]["kind"] in {"cpu", "gpu"}
    assert document["device"]["reason"] in {reason.value for reason in DeviceReason}
    assert document["paths"][0]["path"] == str(isolated_home)
    assert {entry["id"] for entry in document["models"]} == {"everyday", "vgg19"}
    assert [check["name"] for check in document["checks"]] == [
        "folders",
        "models",
        "files",
        "pictures",
        "engine",
        "answers",
    ]
    assert all(check["ok"] for check in document["checks"])


@pytest.mark.engine
def test_the_full_self_test(isolated_home, capsys):
    environment = dict(os.environ)
    assert main(["doctor", "--self-test", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["self_test"]) == (True, "full")
    checks = {check["name"]: check for check in document["checks"]}
    assert list(checks) == [
        *("folders", "models", "files", "pictures", "engine", "answers"),
        *("openvino", "training", "batch", "service", "window"),
    ]
    assert all(check["ok"] and check["sentence"] and not check["advice"] for check in checks.values())
    assert checks["training"]["sentence"].startswith("2 steps on 20 pictures; ")
    for place in document["paths"]:
        assert " " in place["path"]
        assert not place["path"].isascii()
    # Nothing of the user's own was touched, and nothing is left.
    assert not isolated_home.exists()
    assert not Path(document["paths"][0]["path"]).parents[1].exists()
    assert {name: os.environ.get(name) for name in environment} == environment


def test_the_full_self_test_without_a_model_tries_what_needs_none(bundle, monkeypatch):
    monkeypatch.setattr(full_test, "train_and_reload", lambda *_arguments: "Trained.")
    stdout = io.StringIO()
    assert doctor("json", stdout, full=True) == 1
    checks = {check["name"]: check for check in json.loads(stdout.getvalue())["checks"]}
    passed = [name for name, check in checks.items() if check["ok"]]
    assert passed == ["folders", "models", "files", "pictures", "openvino", "training"]
    for name in ("answers", "window"):
        assert checks[name]["sentence"] == "Not tried, because it needs the check 'engine', which failed."
    assert all(check["advice"] for check in checks.values() if not check["ok"])


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
    assert text.endswith("\n2 of 6 checks failed.\n")


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
