"""Whatever ends an export, nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from desktop_app.core.export import exporting, package
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.library.store import Library
from tests.core.export.models import card

WAITING = """
import sys, time
from pathlib import Path
from desktop_app.core.export import exporting, package
from desktop_app.core.export.proof import ExportReport
from desktop_app.core.export.writing_step import FACTS_FILE, WritingFacts
from desktop_app.core.library.store import Library

def wait():
    print("ready", flush=True)
    time.sleep(600)

def write(entry, form, precision, folder, listening):
    (folder / "model").mkdir()
    (folder / "model" / "model.onnx").write_bytes(bytes(100_000))
    (folder / FACTS_FILE).write_text(WritingFacts(reference="r", computes="float32").model_dump_json())
    if stage == "writing":
        wait()

class Proven:
    def __init__(self, *given):
        pass

    def report(self):
        facts = {"model": "tiny", "weights_sha256": "0" * 64, "format": "onnx", "precision": "float32"}
        return ExportReport(**facts, limit=1e-4, proofs=())

def pieces(path, cancel):
    yield path.read_bytes()
    wait()

stage, target = sys.argv[1:]
exporting.Proving, package.pieces = Proven, pieces
exporting.export_beside(Library.default(), "tiny", Path(target), form="onnx", write=write)
"""


@pytest.fixture
def library(tmp_path):
    weights = tmp_path / "weights"
    weights.write_bytes(b"weights")
    library = Library.default()
    library.add(card(), weights)
    weights.unlink()
    return library


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("stage", ["writing", "packing"])
def test_a_killed_export_is_swept_away(stage, library, tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    target = folder / "tiny.zip"
    target.write_bytes(b"before")
    command = [sys.executable, "-c", WAITING, stage, target]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        complained = process.stderr.read()
    assert said == "ready\n", complained
    assert process.returncode == -signal.SIGKILL
    left = [*library.installed.iterdir(), *folder.iterdir()]
    assert len(left) > 2
    Library.default().sweep()
    assert [each.name for each in library.installed.iterdir()] == ["tiny"]
    assert [each.name for each in folder.iterdir()] == ["tiny.zip"]
    assert target.read_bytes() == b"before"


def test_a_folder_that_may_not_be_written_to_is_said_before_anything_is_done(library, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting.os, "access", lambda _path, _mode: False)
    with pytest.raises(StorageError, match=r"x\.zip") as raised:
        export_beside(library, "tiny", tmp_path / "x.zip", form="onnx", write=_never)
    assert isinstance(raised.value.__cause__, PermissionError)
    assert list(tmp_path.glob("*.zip")) == []
    assert [each.name for each in library.installed.iterdir()] == ["tiny"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_so_it_is_with_a_real_one(library, tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(StorageError, match=r"x\.zip"):
        export_beside(library, "tiny", folder / "x.zip", form="onnx", write=_never)
    assert list(folder.iterdir()) == []


def test_permission_that_is_lost_while_packing_leaves_the_old_file(library, tmp_path, monkeypatch):
    namespace = {"__name__": "waiting"}
    source, _, _ = WAITING.partition("stage, target = ")
    exec(source, namespace)
    namespace["stage"] = "packing"

    def refuse(_path, _cancel):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(exporting, "Proving", namespace["Proven"])
    monkeypatch.setattr(package, "pieces", refuse)
    path = tmp_path / "x.zip"
    path.write_bytes(b"before")
    with pytest.raises(StorageError, match=r"x\.zip"):
        export_beside(library, "tiny", path, form="onnx", write=namespace["write"])
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["x.zip"]
    assert [each.name for each in library.installed.iterdir()] == ["tiny"]


def _never(*_given):
    pytest.fail("The model was written for nothing.")
