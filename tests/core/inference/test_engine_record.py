"""A record answers for the model that it is of, as it is now, and for no other."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.inference import engine_record
from desktop_app.core.inference.engine_record import (
    NOT_READY,
    EngineRecord,
    engine_words,
    key_of,
    place_for,
    read_record,
    stamp_of,
    write_record,
)
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.engine_files import GRAPH_FILE, RECORD_FILE
from desktop_app.core.library.proof import MAX_PROOFS, Proof
from desktop_app.core.library.store import Library
from tests.tiny_model import colour_card

VERSION = "2026.4.1"
PROOF = Proof(
    precision="float32",
    engine="OpenVINO 2026.4.1",
    reference="TensorFlow 2.20.0",
    processor="One",
    pictures=64,
    largest_difference=1e-6,
    top1=1,
    top5=1,
    clear_agree=True,
)
HALF = PROOF.model_copy(update={"precision": "bfloat16", "largest_difference": 0.004})


@pytest.fixture
def library(tmp_path):
    return Library(
        tmp_path / "shipped", tmp_path / "models", tmp_path / "trash", engine_data=paths.engine_data()
    )


@pytest.fixture
def entry(library):
    return library.add(colour_card(), lambda path: path.write_bytes(b"weights"))


@pytest.fixture
def shipped(library, entry):
    """The same model, as if it came with the app."""
    shutil.copytree(entry.folder, library.shipped / entry.model_id)
    return library.get(entry.model_id)


def record_of(entry, **changes):
    values = {
        "key": key_of(entry.card),
        "weights_sha256": sha256_of(entry.weights),
        "weights_stamp": stamp_of(entry.weights),
        "openvino": VERSION,
        "kind": "softmax",
        "proofs": (PROOF,),
    }
    return EngineRecord(**values | changes)


def hash_nothing(monkeypatch):
    monkeypatch.setattr(engine_record, "sha256_of", lambda path: pytest.fail(f"read {path}"))


def test_a_record_is_found_without_reading_the_weights(entry, monkeypatch):
    write_record(entry.folder, record_of(entry))
    hash_nothing(monkeypatch)
    assert read_record(entry, VERSION).proofs == (PROOF,)


def test_weights_of_another_time_are_read_once(entry, monkeypatch):
    write_record(entry.folder, record_of(entry))
    os.utime(entry.weights, (1, 1))
    assert read_record(entry, VERSION).weights_stamp[:2] == (7, 1_000_000_000)
    hash_nothing(monkeypatch)
    assert read_record(entry, VERSION) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells only when a file was made")
def test_other_weights_of_the_same_size_and_time_have_none(entry):
    write_record(entry.folder, record_of(entry))
    times = entry.weights.stat()
    entry.weights.write_bytes(b"WEIGHTS")
    os.utime(entry.weights, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert read_record(entry, VERSION) is None


def test_a_record_of_before_with_fewer_times_is_brought_up_to_date(entry):
    write_record(entry.folder, record_of(entry, weights_stamp=stamp_of(entry.weights)[:2]))
    assert read_record(entry, VERSION).weights_stamp == stamp_of(entry.weights)


def test_other_weights_another_card_and_another_version_have_none(entry, library):
    write_record(entry.folder, record_of(entry))
    assert read_record(entry, "2026.5.0") is None
    other = entry.card.changed(input=entry.card.input.model_dump() | {"preprocessing": "symmetric"})
    assert key_of(other) != key_of(entry.card)
    library.amend(entry, {"weights_sha256": "1" * 64}, None)
    assert read_record(library.get(entry.model_id), VERSION) is None
    library.amend(entry, {}, None)
    entry.weights.write_bytes(b"WEIGHTS")
    assert read_record(entry, VERSION) is None


def test_what_is_only_for_people_changes_nothing(entry):
    assert key_of(entry.card.changed(name="Another", proofs=(PROOF,))) == key_of(entry.card)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"{}"),
        lambda path: path.write_bytes(b" " * 2_000_000),
        lambda path: path.write_text(path.read_text().replace("2026.4.1", "2026.4.1 ", 1)),
        lambda path: path.write_text(path.read_text().replace('"mark": "', '"mark": "0')),
        lambda path: path.unlink(),
    ],
)
def test_a_record_that_somebody_changed_is_passed_over(entry, spoil):
    write_record(entry.folder, record_of(entry))
    spoil(entry.folder / RECORD_FILE)
    assert read_record(entry, VERSION) is None
    assert engine_words(entry) == NOT_READY


def test_a_record_of_another_user_is_passed_over(entry, monkeypatch, tmp_path):
    write_record(entry.folder, record_of(entry))
    monkeypatch.setenv("SIGHTLINE_HOME", str(tmp_path / "another"))
    assert read_record(entry, VERSION) is None
    write_record(entry.folder, record_of(entry))
    assert read_record(entry, VERSION) is not None


@pytest.mark.parametrize("content", [b"", b"short", bytes(1000)])
def test_a_damaged_key_is_replaced_and_what_it_marked_is_made_again(entry, content):
    write_record(entry.folder, record_of(entry))
    key = paths.engine_data() / "key.bin"
    key.write_bytes(content)
    assert read_record(entry, VERSION) is None
    write_record(entry.folder, record_of(entry))
    assert read_record(entry, VERSION) is not None
    assert key.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key.parent.iterdir()] == ["key.bin"]


def test_a_built_in_model_brings_its_record(shipped, monkeypatch):
    write_record(shipped.folder, record_of(shipped), shipped=True)
    hash_nothing(monkeypatch)
    assert read_record(shipped, VERSION).mark == ""
    assert not paths.engine_data().exists()


def test_what_a_computer_finds_out_about_a_built_in_model_is_the_user_s(shipped, monkeypatch):
    write_record(shipped.folder, record_of(shipped, weights_stamp=(7, 0)), shipped=True)
    before = (shipped.folder / RECORD_FILE).read_bytes()
    assert read_record(shipped, VERSION).weights_stamp == stamp_of(shipped.weights)
    assert (shipped.folder / RECORD_FILE).read_bytes() == before
    assert place_for(shipped) == paths.engine_data() / shipped.model_id
    hash_nothing(monkeypatch)
    write_record(place_for(shipped), record_of(shipped).with_proof(HALF))
    assert read_record(shipped, VERSION).proof("bfloat16", "One") == HALF


def test_an_update_of_the_app_brings_another_graph(shipped):
    sums = {GRAPH_FILE: 1, "openvino.bin": 2}
    (shipped.folder / GRAPH_FILE).write_bytes(b"graph")
    write_record(shipped.folder, record_of(shipped, checksums=sums), shipped=True)
    write_record(place_for(shipped), record_of(shipped, checksums=sums).with_proof(HALF))
    assert read_record(shipped, VERSION).proofs == (PROOF, HALF)
    write_record(shipped.folder, record_of(shipped, checksums=sums | {GRAPH_FILE: 3}), shipped=True)
    assert read_record(shipped, VERSION).proofs == (PROOF,), "the user's record is of the former graph"


def test_a_record_whose_graph_is_gone_is_passed_over(entry):
    write_record(entry.folder, record_of(entry, checksums={GRAPH_FILE: 1}))
    assert read_record(entry, VERSION) is None


def test_a_model_in_a_folder_that_is_only_read_has_a_place_too(entry, monkeypatch):
    monkeypatch.setattr(engine_record.os, "access", lambda _path, _mode: False)
    write_record(place_for(entry), record_of(entry))
    assert not (entry.folder / RECORD_FILE).exists()
    assert read_record(entry, VERSION) is not None


def test_many_processors_do_not_make_it_grow_for_ever(entry):
    record = record_of(entry)
    for number in range(MAX_PROOFS + 5):
        record = record.with_proof(HALF.model_copy(update={"processor": str(number)}))
    assert len(record.proofs) == MAX_PROOFS
    assert record.proofs[0] == PROOF
    assert record.proof("bfloat16", "0") is None
    assert record.proof("bfloat16", str(MAX_PROOFS + 4)) is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            "OpenVINO, float32; checked against TensorFlow on 64 pictures: less than 0.1 points apart",
        ),
        (
            {"proofs": (PROOF, HALF)},
            "OpenVINO, bfloat16; checked against TensorFlow on 64 pictures: at most 0.4 points apart",
        ),
        (
            {"proofs": (PROOF, HALF.model_copy(update={"clear_agree": False}))},
            "OpenVINO, float32; checked against TensorFlow on 64 pictures: less than 0.1 points apart",
        ),
        (
            {"problem": "OpenVINO cannot answer for it: a reason.", "proofs": ()},
            "TensorFlow. OpenVINO cannot answer for it: a reason.",
        ),
        ({"openvino": "2026.5.0", "proofs": ()}, NOT_READY),
    ],
)
def test_people_are_told_what_answers(entry, changes, words):
    write_record(entry.folder, record_of(entry, **changes))
    assert engine_words(entry) == words


def test_of_a_model_that_cannot_be_used_nothing_is_told(library, entry):
    entry.weights.unlink()
    assert engine_words(library.get(entry.model_id)) == ""
    assert engine_words(library.get("vgg19")) == ""
