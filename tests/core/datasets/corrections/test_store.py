"""The file: written whole, merged with what others wrote, never overwritten when it cannot be read."""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.datasets.corrections import store as module
from desktop_app.core.datasets.corrections.checking import examine_corrected
from desktop_app.core.datasets.corrections.document import Corrections
from desktop_app.core.datasets.corrections.store import CorrectionStore, write_applied
from desktop_app.core.datasets.decision import EXCLUDE, KEEP, relabel
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.migration import NewerVersion


@pytest.fixture
def store(data):
    return CorrectionStore(data)


def decisions(store):
    return {entry.path: entry.decision for entry in store.read().corrections}


def test_decisions_are_kept_with_path_and_content(data, store):
    first, second = data / "cats/0.png", data / "dogs/1.png"
    store.change(data, {first: relabel("dogs"), second: EXCLUDE})
    found = CorrectionStore(data).read()
    assert found.data == data
    assert [(entry.path, entry.action, entry.label) for entry in found.corrections] == [
        ("cats/0.png", "relabel", "dogs"),
        ("dogs/1.png", "exclude", ""),
    ]
    assert found.corrections[0].sha256 == hashlib.sha256(first.read_bytes()).hexdigest()


def test_nothing_is_written_into_the_data_and_no_decision_leaves_no_file(data, store):
    before = sorted(data.rglob("*"))
    assert store.read().corrections == ()
    store.change(data, {data / "cats/0.png": KEEP})
    assert sorted(data.rglob("*")) == before
    assert not store.path.is_relative_to(data)
    store.change(data, {data / "cats/0.png": None})
    assert not store.path.exists()


def test_each_data_set_has_its_own_but_a_link_leads_to_the_same(data, store, tmp_path):
    (tmp_path / "link").symlink_to(data)
    assert CorrectionStore(tmp_path / "link").path == store.path
    assert CorrectionStore(data / "cats").path != store.path


def test_writers_at_the_same_time_lose_nothing(data):
    paths = sorted(data.rglob("*.png"))
    with ThreadPoolExecutor(len(paths)) as threads:
        list(threads.map(lambda path: CorrectionStore(data).change(data, {path: EXCLUDE}), paths))
    assert len(decisions(CorrectionStore(data))) == len(paths)


def test_a_writer_waits_for_the_lock_and_gives_up_with_a_sentence(data, store, monkeypatch):
    monkeypatch.setattr(module, "_LOCK_TRIES", 3)
    store.path.parent.mkdir(parents=True)
    with exclusive(store.path.with_suffix(".lock")) as got:
        assert got
        with pytest.raises(StorageError, match="being changed by another program"):
            store.change(data, {data / "cats/0.png": EXCLUDE})
    assert decisions(store) == {}


def test_a_reader_during_changes_always_sees_a_whole_file(data, store):
    ended = threading.Event()

    def write():
        for number in range(40):
            store.change(data, {data / "cats/0.png": EXCLUDE if number % 2 else relabel("dogs")})
        ended.set()

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        while not ended.is_set() and not writing.done():
            assert len(store.read().corrections) <= 1
        writing.result()


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"schema_version": 1}', b'{"schema_version": 1, "data": 3}']
)
def test_a_broken_file_is_an_error_and_stays_as_it_is(data, store, content):
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        store.change(data, {data / "cats/0.png": EXCLUDE})
    assert store.path.read_bytes() == content


def test_a_newer_file_is_an_error_and_stays_as_it_is(data, store):
    store.path.parent.mkdir(parents=True)
    content = json.dumps({"schema_version": 99, "more": []})
    store.path.write_text(content)
    with pytest.raises(NewerVersion):
        store.change(data, {data / "cats/0.png": EXCLUDE})
    assert store.path.read_text() == content


def test_a_picture_that_is_gone_cannot_be_decided_about(data, store):
    with pytest.raises(StorageError):
        store.change(data, {data / "cats/9.png": EXCLUDE, data / "cats/0.png": EXCLUDE})
    assert decisions(store) == {}


def test_all_are_taken_back_at_once_even_from_a_broken_file(data, store):
    store.change(data, {data / "cats/0.png": EXCLUDE})
    store.path.write_text("{")
    store.clear()
    assert decisions(store) == {}
    store.clear()


def test_a_copy_has_only_what_is_applied(data, store, tmp_path):
    store.change(data, {data / "cats/0.png": EXCLUDE, data / "cats/1.png": relabel("dogs")})
    (data / "cats/0.png").write_bytes((data / "cats/2.png").read_bytes())
    write_applied(examine_corrected(data), tmp_path / "copy.json")
    copy = Corrections.model_validate_json((tmp_path / "copy.json").read_bytes())
    assert [entry.path for entry in copy.corrections] == ["cats/1.png"]
