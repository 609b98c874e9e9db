"""The service of similar pictures in its threads, with features that stand for the network's."""

from __future__ import annotations

import threading

import pytest

from desktop_app.core.features import extract, naming
from desktop_app.core.library.store import Library
from desktop_app.workers.similar.similar_service import SimilarService
from tests.core.features.fake_compute import colour_of, make_compute, make_pictures


@pytest.fixture
def pictures(tmp_path):
    return make_pictures(tmp_path / "pictures", 12)


@pytest.fixture
def service(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(extract, "extractor", lambda _library: make_compute())
    monkeypatch.setattr(naming, "naming", lambda _library: lambda means: ["paint"] * len(means))
    service = SimilarService(Library(tmp_path / "a", tmp_path / "b", tmp_path / "c"))
    yield service
    assert service.shutdown(60)


def test_similar_pictures_come_with_progress(qtbot, service, pictures):
    reports = []
    service.progressed.connect(lambda done, total: reports.append((done, total)))
    with qtbot.waitSignal(service.similar_found) as found:
        service.find_similar(pictures[2], pictures)
    (similar,) = found.args
    assert similar.picture == pictures[2]
    assert {colour_of(path) for path in similar.paths[:11]} == {colour_of(pictures[2])}
    assert reports[-1] == (len(pictures), len(pictures))


def test_a_folder_is_grouped(qtbot, service, pictures):
    with qtbot.waitSignal(service.grouped) as found:
        service.group(pictures[0].parent)
    (groups,) = found.args
    assert {group.label for group in groups.groups} == {"paint"}
    assert all(len({colour_of(path) for path in group.paths}) == 1 for group in groups.groups)


def test_a_folder_without_pictures_fails_with_a_reason(qtbot, service, tmp_path):
    (tmp_path / "empty").mkdir()
    with qtbot.waitSignal(service.failed) as failed:
        service.group(tmp_path / "empty")
    assert failed.args[0].text.startswith("No pictures in")


def test_the_latest_request_wins(qtbot, service, pictures, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def held(_library):
        begun.set()
        go_on.wait(60)
        return make_compute()

    found = []
    service.similar_found.connect(found.append)
    monkeypatch.setattr(extract, "extractor", held)
    service.find_similar(pictures[0], pictures)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(service.grouped):
        service.group(pictures[0].parent)
        go_on.set()
    assert found == []


def test_sorted_pictures_are_copied_and_that_is_undone(qtbot, service, pictures, tmp_path):
    classes = {"red": pictures[:2], "green": pictures[2:3]}
    with qtbot.waitSignal(service.undo_available) as offered, qtbot.waitSignal(service.filed) as filed:
        service.create(classes, tmp_path / "set", "copy")
    assert (filed.args[0].what, filed.args[0].done) == ("copied", 3)
    assert offered.args[0].filed.folder == tmp_path / "set"
    assert sorted(path.name for path in (tmp_path / "set").iterdir()) == ["green", "red"]
    assert not service.filing
    with qtbot.waitSignal(service.undo_available) as offered, qtbot.waitSignal(service.filed) as undone:
        service.undo_filing()
    assert undone.args[0].what == "removed"
    assert offered.args == [None]
    assert not (tmp_path / "set").exists()
    assert all(path.is_file() for path in pictures)


def test_what_an_earlier_start_moved_can_be_undone(qtbot, service, pictures, tmp_path):
    with qtbot.waitSignal(service.filed), qtbot.waitSignal(service.undo_available):
        service.create({"red": pictures[:2], "blue": pictures[3:5]}, tmp_path / "set", "move")
    assert not pictures[0].exists()
    another = SimilarService(Library(tmp_path / "a", tmp_path / "b", tmp_path / "c"))
    with qtbot.waitSignal(another.undo_available) as offered:
        another.ask_undo()
    assert offered.args[0].filed.done == 4
    with qtbot.waitSignal(another.filed), qtbot.waitSignal(another.undo_available):
        another.undo_filing()
    assert all(path.is_file() for path in pictures)
    assert another.shutdown(60)


def test_thumbnails_are_made(qtbot, service, pictures):
    with qtbot.waitSignal(service.thumbnail_ready) as ready:
        service.request_thumbnails(pictures[:1])
    assert ready.args[0].path == pictures[0]
