"""The very first start, offline: the built-in model works at once."""

from __future__ import annotations

import json

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.images.folders import find_pictures

pytestmark = [pytest.mark.display, pytest.mark.engine]

SAMPLES = list(find_pictures(paths.resources() / "samples"))
UNKNOWN = {"coffee", "dandelion", "rocket"}
"""Photographs of what the shipped model does not know."""


def test_it_answers_without_settings_models_or_network(desk, tmp_path):
    home = tmp_path / "run" / "home"
    app = desk.open(*SAMPLES, home=home)
    answers = {sample.stem: label for sample, label in zip(SAMPLES, desk.labels(len(SAMPLES)), strict=True)}
    known = answers.keys() - UNKNOWN
    assert len(known) >= 6
    assert {name: answers[name] for name in known} == {name: name for name in known}
    assert all(answers[name] for name in UNKNOWN)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
    assert json.loads((home / "settings.json").read_text())["window_geometry"]
