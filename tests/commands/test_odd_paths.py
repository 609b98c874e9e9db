"""The whole way of a model and a picture, under homes and names that break careless programs."""

from __future__ import annotations

import json
import os
import sys

import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model

NAMES = {
    "emoji": "späce ünï 🙂",
    "newline": "two\nlines",
    "long": "x" * 200,
    "option": "-rf",
}
if sys.platform == "linux":
    NAMES["invalid UTF-8"] = os.fsdecode(b"\xff\xfe")


@pytest.mark.engine
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_model_is_saved_exported_imported_and_answers(name, tmp_path, monkeypatch, capsys):
    home = tmp_path / name
    home.mkdir()
    monkeypatch.setenv("SIGHTLINE_HOME", str(home))
    install_colour_model(Library.default())
    picture, package, output = (home / f"{name[:100]}{end}" for end in (".png", ".sightline", ".json"))
    Image.new("RGB", (20, 10), (0, 0, 250)).save(picture, "PNG")

    assert main(["models", "export", "colours", str(package)]) == 0
    assert main(["models", "remove", "colours"]) == 0
    assert main(["models", "import", str(package)]) == 0
    words = [str(picture), "--model", "colours", "--format", "json", "--output", str(output)]
    assert main(["classify", *words]) == 0
    (result,) = json.loads(output.read_text(encoding="utf-8"))["results"]
    assert result["predictions"][0]["label"] == "blue"
    assert "Traceback" not in capsys.readouterr().err
