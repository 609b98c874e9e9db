"""From a model in the library to an archive with its page."""

from __future__ import annotations

import hashlib
import json
import zipfile
from functools import partial

import pytest

from desktop_app.core.export import exporting
from desktop_app.core.export.conversion.stock_network import CannotExport
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.export.web.page import REMARK
from desktop_app.core.foundation.errors import DownloadError
from desktop_app.core.library.store import Library
from tests.core.export.models import card, convolution, installed, network, write_here
from tests.core.export.web.packages import package, publish

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

export_here = partial(export_beside, form="web", write=write_here)


@pytest.fixture
def runtime(monkeypatch, tmp_path):
    data = package()
    publish(monkeypatch, data)
    path = tmp_path / "runtime.tgz"
    path.write_bytes(data)
    return path


@pytest.fixture
def library(engine):
    described = card(preprocessing="unit", mirrored=True, thin="parts")
    return installed(network(convolution()), described.changed(licence="MIT", data="Ten pictures"))


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_the_model_in_a_page_is_the_one_that_was_proven(library, runtime, tmp_path, precision):
    told = []
    path = tmp_path / "tiny.zip"
    result = export_here(library, "tiny", path, runtime=runtime, precision=precision, on_progress=told.append)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        proof = json.loads(archive.read("proof.json"))
        readme = archive.read("README.md").decode()
        sums = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names - {"proof.json"}}
    assert {"index.html", "model.js", "runtime.js", "labels.txt", "LICENCES.txt"} <= names
    assert "model.onnx" not in names
    assert proof["files"] == sums
    assert proof["format"] == "web"
    assert proof["remark"] == REMARK == result.sentences[-1]
    assert proof["proofs"][0]["engine"].startswith("OpenVINO")
    whole = proof["whole"] if precision == "int8" else proof["proofs"]
    assert all(each["largest_difference"] <= 1e-4 for each in whole)
    for part in ("double-click `index.html`", "Licence: MIT", "Data: Ten pictures", "mirror image", REMARK):
        assert part in readme
    assert told[-1].words == "Packing…"


def test_without_the_runtime_nothing_begins(library, monkeypatch, tmp_path):
    publish(monkeypatch, package())

    def fails(*_given, **_options):
        raise DownloadError("Couldn't download ONNX Runtime Web: the server cannot be reached.")

    monkeypatch.setattr("desktop_app.core.export.web.runtime.download", fails)
    monkeypatch.setattr(exporting, "Proving", None)
    with pytest.raises(DownloadError, match="ONNX Runtime Web"):
        export_here(library, "tiny", tmp_path / "tiny.zip", write=None)
    assert not list(tmp_path.glob("*.zip*"))


def test_features_are_refused_before_anything_is_fetched(engine, runtime, tmp_path):
    described = card(0, task="embedding")
    library = Library.default()
    library.add(described, network(final=None).save)
    runtime.unlink()
    with pytest.raises(CannotExport, match="gives features"):
        export_here(library, "tiny", tmp_path / "tiny.zip", runtime=runtime)
