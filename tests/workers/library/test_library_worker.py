"""Every request of the library ends in words, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core.library.store import Library
from desktop_app.workers.library.library import LibraryService
from desktop_app.workers.library.wishes import Wishes
from tests.core.library.test_store import card

NOWHERE = Path("nowhere")
TIMEOUT = 20_000


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    library.add(card("pets"), lambda path: path.write_bytes(b"weights"))
    return library


@pytest.fixture
def service(qapp, library):
    service = LibraryService(library)
    service.ends = []
    service.operation_ended.connect(lambda sentence, ok: service.ends.append((sentence, ok)))
    service.transfer_ended.connect(lambda _id, sentence, ok: service.ends.append((sentence, ok)))
    yield service
    assert service.shutdown(60)


def fail(*_arguments, **_options):
    raise RuntimeError("a defect")


@pytest.mark.parametrize(
    ("broken", "ask"),
    [
        ("store.Library.sweep", lambda service: service.refresh()),
        ("exchange.importing.import_model", lambda service: service.import_model(NOWHERE, Wishes())),
        ("exchange.importing.import_model", lambda service: service.import_file(NOWHERE)),
        ("vgg19.install.import_vgg19", lambda service: service.import_vgg19(NOWHERE)),
        ("vgg19.install.install_vgg19", lambda service: service.download("vgg19")),
        ("store.Library.remove", lambda service: service.remove("pets")),
        ("store.Library.empty_trash", lambda service: service.empty_trash()),
    ],
)
def test_a_defect_ends_the_request_and_is_seen(qtbot, service, monkeypatch, broken, ask):
    monkeypatch.setattr(f"desktop_app.core.library.{broken}", fail)
    with qtbot.captureExceptions() as caught:
        ask(service)
        qtbot.waitUntil(lambda: bool(service.ends and caught), timeout=TIMEOUT)
    assert [str(error) for _kind, error, _traceback in caught] == ["a defect"]
    ((sentence, ok),) = service.ends
    assert sentence.endswith("failed: a defect.")
    assert not ok


def test_a_defect_in_restoring_ends_it_and_the_offer(qtbot, service, monkeypatch):
    with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT):
        service.remove("pets")
    monkeypatch.setattr(Library, "restore", fail)
    with qtbot.captureExceptions() as caught:
        with qtbot.waitSignal(service.undo_available, timeout=TIMEOUT) as offered:
            service.undo_remove()
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    assert service.ends[1:] == [("Restoring the model failed: a defect.", False)]
    assert offered.args == [""]


def test_nothing_to_restore_is_said(service):
    service.undo_remove()
    assert service.ends == [("There is no removed model to restore.", False)]
