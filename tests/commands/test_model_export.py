"""``sightline models export``, as it is called; `tests/core/export` has what it does."""

from __future__ import annotations

import json

import numpy as np
import pytest

from desktop_app.cli import main
from desktop_app.commands import DONE, SOME_FAILED, WRONG_USAGE
from desktop_app.core.export import exporting
from desktop_app.core.export.exporting import REASON_FILE, ExportResult
from desktop_app.core.export.listening import ExportProgress
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model


@pytest.fixture
def asked(monkeypatch):
    """What the command asks of the core, which is not called."""
    calls = []

    def export_beside(library, model_id, path, **options):
        calls.append((model_id, path, options.pop("form"), options.pop("precision")))
        options["on_progress"](ExportProgress("Writing the model…"))
        return ExportResult(path)

    monkeypatch.setattr(exporting, "export_beside", export_beside)
    return calls


def test_format_and_precision_reach_the_core(asked, tmp_path, capsys):
    path = tmp_path / "x.zip"
    words = ["models", "export", "everyday", str(path), "--format", "onnx", "--precision", "int8"]
    assert main(words) == DONE
    assert asked == [("everyday", path, "onnx", "int8")]
    captured = capsys.readouterr()
    assert captured.out == f"Wrote {path}.\n"
    assert captured.err == ""


def test_a_download_is_announced_before_it_begins(asked, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("SIGHTLINE_WEB_RUNTIME", raising=False)
    words = ["models", "export", "everyday", str(tmp_path / "x.zip"), "--format", "web"]
    assert main(words) == DONE
    said = capsys.readouterr().err
    assert said == "Downloading ONNX Runtime Web 1.14.0 (16.6 MB) from registry.npmjs.org, once.\n"
    (tmp_path / "onnxruntime-web-1.14.0.tgz").write_bytes(b"")
    assert main([*words, "--runtime", str(tmp_path)]) == DONE
    assert capsys.readouterr().err == ""
    assert main([*words, "--runtime", str(tmp_path / "none.tgz")]) == WRONG_USAGE
    assert "There is no" in capsys.readouterr().err


def test_without_a_format_it_is_what_import_takes(asked, tmp_path):
    assert main(["models", "export", "everyday", str(tmp_path / "x")]) == DONE
    assert asked[0][2:] == ("sightline", "float32")


@pytest.mark.parametrize(
    ("name", "words", "status", "sentence"),
    [
        ("x.keras", ["--format", "keras"], WRONG_USAGE, "Name it x.zip."),
        ("x.zip", ["--format", "keras", "--precision", "int8"], WRONG_USAGE, "Choose onnx"),
        ("no/x.zip", ["--format", "onnx"], SOME_FAILED, "No such folder"),
    ],
)
def test_a_refusal_is_a_sentence(name, words, status, sentence, tmp_path, capsys):
    assert main(["models", "export", "everyday", str(tmp_path / name), *words]) == status
    assert sentence in capsys.readouterr().err


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_a_step_that_fails_leaves_its_reason(tmp_path, capsys):
    library = Library.default()
    install_colour_model(library)
    weights = library.get("colours").weights
    weights.write_bytes(b"damaged")
    assert main(["models", "export", "colours", str(tmp_path), "--format", "onnx", "--step"]) == SOME_FAILED
    reason = json.loads((tmp_path / REASON_FILE).read_text())
    assert set(reason) == {"text", "advice"}
    assert reason["text"] in capsys.readouterr().err


def test_the_packaged_app_asks_by_itself(tmp_path, capsys):
    np.save(tmp_path / "pictures.npy", np.zeros((1, 4, 4, 3), np.uint8))
    files = [str(tmp_path / name) for name in ("no.onnx", "pictures.npy", "answers.npy")]
    assert main(["models", "export", "onnxruntime", files[0], "--ask", *files[1:]]) == 1
    assert "no.onnx" in capsys.readouterr().out
