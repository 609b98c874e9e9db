from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.foundation import migration
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.migration import DocumentKind, NewerVersion, replace_outdated


def rename_size(document):
    document["bytes"] = document.pop("size", None)
    return document


def add_owner(document):
    return document | {"owner": "nobody"}


KIND = DocumentKind((rename_size, add_owner))
OLD = b'{\n  "schema_version": 1,\n  "size": 7\n}\n'


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "document.json"
    path.write_bytes(OLD)
    return path


def upgrade(path, **lock):
    data = path.read_bytes()
    current = KIND.upgraded(data, path)
    replace_outdated(path, data, current, **lock)
    return json.loads(current)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"size": 7}, {"schema_version": 3, "bytes": 7, "owner": "nobody"}),
        ({"schema_version": 1, "size": 7}, {"schema_version": 3, "bytes": 7, "owner": "nobody"}),
        ({"schema_version": 2, "bytes": 7}, {"schema_version": 3, "bytes": 7, "owner": "nobody"}),
        ({"schema_version": 3, "size": 7}, {"schema_version": 3, "size": 7}),
    ],
)
def test_every_step_from_its_version_on_is_taken_and_the_original_stays(old, new):
    before = dict(old)
    assert KIND.upgrade(old, "it") == new
    assert old == before


@pytest.mark.parametrize("version", [True, 1.0, "1", None, [], 0, -1])
def test_what_has_no_version_is_left_for_its_reader_to_refuse(version):
    document = {"schema_version": version, "size": 7}
    assert KIND.upgrade(document, "it") is document


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[1]", b"7", b"\xff{}", b"[" * 100_000, b'{"size": "\\ud800"}', b"9" * 10_000]
)
def test_what_is_no_such_document_is_left_for_its_reader_to_refuse(data, path):
    assert KIND.upgraded(data, path) == data


def test_a_newer_document_is_refused_by_name(path):
    path.write_text('{"schema_version": 4}')
    with pytest.raises(NewerVersion) as raised:
        upgrade(path)
    assert str(raised.value) == f"{path} was made by a newer Sightline (schema 4); update Sightline."


def test_a_file_is_upgraded_in_its_place_and_looks_as_before(path):
    assert upgrade(path) == {"schema_version": 3, "bytes": 7, "owner": "nobody"}
    lines = path.read_text().splitlines()
    assert lines == ["{", '  "schema_version": 3,', '  "bytes": 7,', '  "owner": "nobody"', "}"]
    assert path.read_bytes().endswith(b"\n")
    written = path.read_bytes(), path.stat().st_mtime_ns
    upgrade(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == written
    path.write_bytes('{"size":"grün"}'.encode())
    upgrade(path)
    assert path.read_bytes() == '{"bytes":"grün","schema_version":3,"owner":"nobody"}'.encode()


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_refuses_leaves_the_file_whole(path, monkeypatch, call):
    def refuse(*_given):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os if call == "fsync" else type(path), call, refuse)
    assert upgrade(path)["bytes"] == 7
    assert path.read_bytes() == OLD
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_folder_that_takes_no_file_is_not_complained_about(path, monkeypatch):
    def refuse(*_given, **_options):
        raise StorageError("read-only")

    monkeypatch.setattr(migration, "replacing", refuse)
    assert upgrade(path)["bytes"] == 7
    assert path.read_bytes() == OLD


def test_what_somebody_else_wrote_meanwhile_stays(path):
    data = path.read_bytes()
    path.write_text("something else")
    replace_outdated(path, data, KIND.upgraded(data, path))
    assert path.read_text() == "something else"
    path.unlink()
    replace_outdated(path, data, KIND.upgraded(data, path))
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_exchanged_meanwhile_keeps_its_own_file(path, monkeypatch):
    folder, other = path.parent / "model", path.parent / "other"
    for place, text in ((folder, OLD), (other, b"new")):
        place.mkdir()
        (place / path.name).write_bytes(text)
    look = migration.open_regular

    def look_and_exchange(there):
        file = look(there)
        folder.rename(path.parent / "aside")
        other.rename(folder)
        return file

    monkeypatch.setattr(migration, "open_regular", look_and_exchange)
    upgrade(folder / path.name)
    assert (folder / path.name).read_bytes() == b"new"


def test_a_file_whose_lock_is_held_waits(path):
    lock = path.with_name("work.lock")
    with exclusive(lock) as got:
        assert got
        assert upgrade(path, lock=lock)["bytes"] == 7
        assert path.read_bytes() == OLD
    upgrade(path, lock=lock)
    assert json.loads(path.read_bytes())["schema_version"] == 3


def test_many_at_once_leave_one_upgraded_file(path):
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _number: upgrade(path), range(64)))
    assert all(result == results[0] for result in results)
    assert json.loads(path.read_bytes()) == results[0]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
