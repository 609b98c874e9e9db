"""Every request of the library ends in words, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.library.store import Library
from desktop_app.workers.library.library_worker import (
    DownloadRequest,
    DownloadWorker,
    ExportRequest,
    ImportRequest,
    ImportVgg19Request,
    LibraryWorker,
)
from tests.core.library.test_store import card

NOWHERE = Path("nowhere")


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    library.add(card("pets"), lambda path: path.write_bytes(b"weights"))
    return library


@pytest.fixture
def worker(qapp, library):
    worker = LibraryWorker(library)
    worker.ends = []
    worker.ended.connect(lambda sentence, ok: worker.ends.append((sentence, ok)))
    return worker


def fail(*_arguments, **_options):
    raise RuntimeError("a defect")


@pytest.mark.parametrize(
    ("broken", "ask"),
    [
        ("store.Library.entries", lambda worker: worker.refresh()),
        (
            "exchange.importing.import_model",
            lambda worker: worker.import_model(ImportRequest(NOWHERE, None, None, NEVER)),
        ),
        (
            "vgg19.install.import_vgg19",
            lambda worker: worker.import_vgg19(ImportVgg19Request(NOWHERE, False, NEVER)),
        ),
        (
            "exchange.exporting.export_model",
            lambda worker: worker.export(ExportRequest("pets", NOWHERE, NEVER)),
        ),
        ("store.Library.remove", lambda worker: worker.remove("pets")),
        ("store.Library.empty_trash", lambda worker: worker.empty_trash()),
    ],
)
def test_a_defect_ends_the_request_and_is_seen(worker, monkeypatch, broken, ask):
    monkeypatch.setattr(f"desktop_app.core.library.{broken}", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        ask(worker)
    ((sentence, ok),) = worker.ends
    assert sentence.endswith("failed: a defect.")
    assert not ok


def test_a_defect_in_restoring_ends_it_and_the_offer(worker, monkeypatch):
    worker.remove("pets")
    offers = []
    worker.undo_available.connect(offers.append)
    monkeypatch.setattr(Library, "restore", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        worker.undo_remove()
    assert worker.ends[1:] == [("Restoring the model failed: a defect.", False)]
    assert offers == [""]


def test_nothing_to_restore_is_said(worker):
    worker.undo_remove()
    assert worker.ends == [("There is no removed model to restore.", False)]


def test_a_defect_in_a_download_ends_it_and_is_seen(qapp, library, monkeypatch):
    monkeypatch.setattr("desktop_app.core.library.vgg19.install.install_vgg19", fail)
    worker, ends = DownloadWorker(library), []
    worker.ended.connect(lambda *end: ends.append(end))
    with pytest.raises(RuntimeError, match="a defect"):
        worker.download(DownloadRequest("vgg19", NEVER))
    assert ends == [("vgg19", "The download failed: a defect.", False)]


def test_a_cancelled_export_leaves_nothing(worker, tmp_path):
    source = CancelSource()
    source.cancel()
    before = sorted(tmp_path.rglob("*"))
    worker.export(ExportRequest("pets", tmp_path / "pets.zip", source.token))
    assert worker.ends == [("The export was stopped.", False)]
    assert sorted(tmp_path.rglob("*")) == before
