from __future__ import annotations

import json

import pytest

from desktop_app.cli import main
from desktop_app.core.library.store import Library
from tests.tiny_model import COLOURS, colour_network, install_colour_model

pytestmark = pytest.mark.engine


def test_lists_what_is_installed_and_what_could_be(capsys):
    install_colour_model(Library.default())
    assert main(["models", "list", "--format", "json"]) == 0
    entries = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert entries["colours"]["classes"] == 3
    assert not entries["colours"]["problem"]
    assert entries["vgg19"]["problem"]
    assert main(["models"]) == 0
    assert "colours" in capsys.readouterr().out


def test_shows_a_card(capsys):
    install_colour_model(Library.default())
    assert main(["models", "show", "colours"]) == 0
    assert "3: red, green, blue" in capsys.readouterr().out
    assert main(["models", "show", "colours", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["card"]["input"]["width"] == 8


def test_export_remove_restore_and_import_come_round(tmp_path, capsys):
    install_colour_model(Library.default())
    package = tmp_path / "colours.zip"
    assert main(["models", "export", "colours", str(package)]) == 0
    assert main(["models", "remove", "colours"]) == 0
    assert main(["models", "show", "colours"]) == 1
    assert main(["models", "restore"]) == 0
    assert main(["models", "remove", "colours"]) == 0
    assert main(["models", "import", str(package)]) == 0
    assert "is ready" in capsys.readouterr().out
    assert main(["models", "show", "colours"]) == 0


def test_a_plain_model_needs_labels(tmp_path, capsys):
    path = tmp_path / "plain.keras"
    colour_network().save(path)
    assert main(["models", "import", str(path)]) == 1
    assert "--labels" in capsys.readouterr().err
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(COLOURS), encoding="utf-8")
    assert main(["models", "import", str(path), "--labels", str(labels), "--name", "Mine"]) == 0
    assert "Mine is ready" in capsys.readouterr().out


def test_failures_are_sentences(tmp_path, capsys):
    assert main(["models", "import", str(tmp_path / "gone.keras")]) == 1
    assert "gone.keras" in capsys.readouterr().err
    assert main(["models", "import", "one", "two", "three"]) == 2
    assert main(["models", "restore"]) == 1
    assert main(["models", "remove", "everyday"]) == 1
