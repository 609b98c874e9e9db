"""The very first start, offline: the shipped model answers at once."""

from __future__ import annotations

import json

import pytest

from desktop_app.core.foundation import paths

pytestmark = [pytest.mark.display, pytest.mark.engine]

SAMPLES = sorted((paths.resources() / "samples").glob("*.jpg"))


def test_it_answers_without_settings_models_or_network(desk, tmp_path):
    home = tmp_path / "run" / "home"
    app = desk.open(*SAMPLES, home=home)
    assert len(SAMPLES) >= 6
    assert desk.labels(len(SAMPLES)) == [sample.stem for sample in SAMPLES]
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
    assert json.loads((home / "settings.json").read_text())["window_geometry"]
