"""The graph's files are written whole, read only when they are what was written, and swept after a kill."""

from __future__ import annotations

import errno

import numpy as np
import pytest

from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation import files
from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.inference import derived
from desktop_app.core.inference.derived import read_graph, read_shipped_record, write_graph
from desktop_app.core.inference.engine_record import write_record
from desktop_app.core.library.engine_files import GRAPH_FILE, RECORD_FILE, WEIGHTS_FILE
from tests.core.inference.test_engine_record import VERSION, entry, library, record_of, shipped

__all__ = ["entry", "library", "shipped"]


@pytest.fixture
def graph():
    operations = load_openvino().opset13
    given = operations.parameter((1, 4), np.float32)
    weights = operations.constant(np.full((4, 4), 1e6, np.float32))
    return load_openvino().Model([operations.matmul(given, weights, False, False)], [given], "product")


def weights_of(network):
    return next(each.data for each in network.get_ops() if each.get_type_name() == "Constant")


def test_large_numbers_stay_as_they_are(graph, entry):
    record = record_of(entry, checksums=write_graph(entry.folder, graph))
    np.testing.assert_array_equal(weights_of(read_graph(entry, record)), 1e6)
    assert {path.name for path in entry.folder.iterdir()} == {
        *("card.json", "model.keras"),
        *(GRAPH_FILE, WEIGHTS_FILE),
    }


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE])
def test_files_that_changed_are_not_read(graph, entry, name):
    record = record_of(entry, checksums=write_graph(entry.folder, graph))
    path = entry.folder / name
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert read_graph(entry, record) is None
    path.unlink()
    assert read_graph(entry, record) is None


def test_files_that_openvino_cannot_read_are_none(graph, entry):
    write_graph(entry.folder, graph)
    (entry.folder / GRAPH_FILE).write_bytes(b"<net")
    record = record_of(entry, checksums={GRAPH_FILE: derived._checksum(entry.folder / GRAPH_FILE)})
    assert read_graph(entry, record) is None


def test_a_full_disk_is_told_and_leaves_nothing(graph, entry, monkeypatch):
    def full(_folder, _needed):
        raise StorageError("There is no space.")

    monkeypatch.setattr(derived, "require_space", full)
    with pytest.raises(StorageError, match="no space"):
        write_graph(entry.folder, graph)
    assert not list(entry.folder.glob("openvino.*"))


def test_a_disk_that_fills_meanwhile_is_no_fault_of_the_network(graph, entry, monkeypatch):
    free = iter([None, StorageError("There is no space.")])

    def check(_folder, _needed):
        if error := next(free):
            raise error

    def save(*_arguments, **_options):
        raise RuntimeError("basic_ios::clear: iostream error")

    monkeypatch.setattr(derived, "require_space", check)
    monkeypatch.setattr(load_openvino(), "save_model", save)
    with pytest.raises(StorageError, match="no space"):
        write_graph(entry.folder, graph)
    assert not list(entry.folder.glob("*openvino*"))
    monkeypatch.setattr(derived, "require_space", lambda _folder, _needed: None)
    with pytest.raises(ModelError, match="cannot write its copy"):
        write_graph(entry.folder, graph)


def test_what_the_system_says_becomes_a_sentence(graph, entry, monkeypatch):
    def refuse(_path):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(derived, "_checksum", refuse)
    with pytest.raises(StorageError, match="Input/output error"):
        write_graph(entry.folder, graph)


def test_what_a_kill_leaves_is_swept(entry, library, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(files.shutil, "rmtree", lambda *_arguments, **_options: None)
        with files.scratch_folder(entry.folder) as folder:
            (folder / "network.pb").write_bytes(b"half")
    (left,) = entry.folder.glob(".sightline-*")
    assert library.sweep() == 1
    assert not left.exists()


def test_what_is_of_models_that_are_gone_is_swept(library, shipped):
    engine = library.engine_data
    for name in (shipped.model_id, "gone"):
        (engine / name).mkdir(parents=True)
        (engine / name / RECORD_FILE).write_bytes(b"{}")
    (engine / "key.bin").write_bytes(b"k" * 32)
    assert library.sweep() == 1
    assert {path.name for path in engine.iterdir()} == {shipped.model_id, "key.bin"}


def test_what_is_to_be_shipped_must_be_whole(graph, shipped):
    assert read_shipped_record(shipped, VERSION) is None
    record = record_of(shipped, checksums=write_graph(shipped.folder, graph))
    write_record(shipped.folder, record, shipped=True)
    assert read_shipped_record(shipped, VERSION) == record
    assert read_shipped_record(shipped, "2026.5.0") is None
    (shipped.folder / WEIGHTS_FILE).write_bytes(b"")
    assert read_shipped_record(shipped, VERSION) is None
