"""The very first start, offline: a network that is built in names real photographs at once."""

from __future__ import annotations

import json

import pytest

from desktop_app.core.foundation import paths

pytestmark = [pytest.mark.display, pytest.mark.engine]

PHOTOGRAPHS = paths.resources() / "samples"
ANSWERS = {"cat": "Egyptian cat", "coffee": "espresso", "dandelion": "daisy"}
"""Right labels among the 1,000 classes of ImageNet."""


def test_it_names_photographs_without_settings_models_or_network(desk, tmp_path):
    home = tmp_path / "run" / "home"
    app = desk.open(home=home)
    answers = {}
    for name in ANSWERS:
        desk.drag(urls=[(PHOTOGRAPHS / f"{name}.jpg").as_uri()])
        answers[name] = desk.answer().splitlines()[0]
    assert {name: label in answers[name] for name, label in ANSWERS.items()} == dict.fromkeys(ANSWERS, True)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
    assert json.loads((home / "settings.json").read_text())["window_geometry"]
    assert not (home / "downloads").exists()
    assert not list(home.glob("models/*"))
