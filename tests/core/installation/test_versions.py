"""Versions are shown whichever distribution provides a package."""

from __future__ import annotations

import importlib.metadata
import platform

from desktop_app import __version__
from desktop_app.core.installation.versions import PACKAGES, installed_version, versions


def pretend(monkeypatch, **installed):
    """Let only these distributions be installed; underscores in their names stand for hyphens."""
    known = {name.replace("_", "-"): version for name, version in installed.items()}

    def version(distribution):
        if distribution not in known:
            raise importlib.metadata.PackageNotFoundError(distribution)
        return known[distribution]

    monkeypatch.setattr(importlib.metadata, "version", version)


def test_of_this_environment():
    found = versions()
    assert list(found)[:2] == ["Sightline", "Python"]
    assert (found["Sightline"], found["Python"]) == (__version__, platform.python_version())
    assert set(PACKAGES) <= set(found)
    assert found["NumPy"] == installed_version("numpy")
    assert found["OpenVINO"] == installed_version("openvino")


def test_tensorflow_for_processors_is_tensorflow_too(monkeypatch):
    pretend(monkeypatch, tensorflow_cpu="2.20.0", keras="3.15.1")
    found = versions()
    assert (found["TensorFlow"], found["Keras"]) == ("2.20.0", "3.15.1")
    assert found["NumPy"] == "not installed"


def test_the_usual_tensorflow_counts_first(monkeypatch):
    pretend(monkeypatch, tensorflow="2.20.0", tensorflow_cpu="2.19.0")
    assert versions()["TensorFlow"] == "2.20.0"
