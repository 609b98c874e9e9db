"""What is known about a model and OpenVINO: kept beside the model; it can be deleted, and is made again.

The record and the graph of a model of the user lie in its own folder. Those of a built-in model come with
the app, in a folder that is only read; what a user's computer finds out about it goes into a record of the
user's, whose graph may still be the one that came with the app.

Whoever hands somebody a model's folder could put a graph of other answers into it, or one that attacks its
reader. So a record carries a mark that only this user's Sightline can make, and any other one is passed over;
what came with the app needs none.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import write_whole
from desktop_app.core.foundation.record import Record
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.engine_files import GRAPH_FILE, RECORD_FILE
from desktop_app.core.library.foreign_kinds import is_foreign
from desktop_app.core.library.proof import MAX_PROOFS, Proof
from desktop_app.core.networks.pixels import GREY_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.installed_model import InstalledModel

_CONVERSION = 2
"""Grows with what is converted differently."""

NOT_READY = "not made ready yet: at its first use"
"""What is said of the engine of a model without a record."""

UNPROVEN = "OpenVINO; not checked against another engine: none is installed that runs it in reasonable time"
"""What is said of a model of another program that was not compared."""

GraphFile = Literal["openvino.xml", "openvino.bin"]

_KEY_FILE = "key.bin"
_KEY_BYTES = 32
_BINARY = getattr(os, "O_BINARY", 0)
_MOST_BYTES = 1024 * 1024


class EngineRecord(Record):
    """What is known about a model and OpenVINO.

    Attributes:
        key: What the files were made of, apart from the weights; see `key_of`.
        weights_sha256: SHA-256 of the weights file that they were made of.
        weights_stamp: What `stamp_of` gave for it: while it is the same the file is not read again.
        openvino: Version of OpenVINO.
        kind: What the network's outputs mean.
        checksums: CRC-32 of the graph's files by name; empty for a network that is built from its weights.
        proofs: What comparisons found.
        problem: The reason why TensorFlow has to answer, as a sentence; empty where OpenVINO can.
        mark: The user's mark, made of everything else; empty in what comes with the app.
    """

    schema_version: Literal[1] = 1
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    weights_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    weights_stamp: tuple[int, ...]
    openvino: Annotated[str, Field(max_length=100)]
    kind: Literal["softmax", "sigmoid", "logits"]
    checksums: dict[GraphFile, int] = Field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    problem: Annotated[str, Field(max_length=2000)] = ""
    mark: Annotated[str, Field(max_length=64)] = ""

    def proof(self, precision: str, processor: str) -> Proof | None:
        """The proof that allows or forbids a precision here: in bfloat16, of the same kind of processor."""
        fitting = [
            proof
            for proof in self.proofs
            if proof.precision == precision and (precision == "float32" or proof.processor == processor)
        ]
        return fitting[-1] if fitting else None

    def with_proof(self, proof: Proof) -> EngineRecord:
        """Add a proof in bfloat16; of the earlier ones in bfloat16 the first goes where there are many."""
        whole = [each for each in self.proofs if each.precision == "float32"]
        half = [each for each in self.proofs if each.precision == "bfloat16"]
        kept = [*half, proof][len(whole) - MAX_PROOFS :]
        return self.model_copy(update={"proofs": (*whole, *kept)})


def key_of(card: ModelCard) -> str:
    """Name what a graph depends on besides the weights file as it is and the version of OpenVINO."""
    spec = card.input
    parts: list[Any] = [
        _CONVERSION,
        card.architecture,
        [spec.height, spec.width, spec.channels, spec.preprocessing, spec.mirrored],
        len(card.classes),
        None if card.bank is None else card.bank.width,
        card.weights_sha256,
    ]
    if (spec.grey, spec.layout, card.outputs) != (GREY_WEIGHTS, "nhwc", None):
        parts.append([spec.grey, spec.layout, card.outputs])
    if card.task != "classification":
        parts.append(card.task)  # comparisons are of what the outputs mean
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def folders_of(entry: InstalledModel) -> list[Path]:
    """Folders in which a model's record may lie, the one that counts first."""
    users = paths.engine_data() / entry.model_id
    if entry.folder is None:
        return [users]
    return [users, entry.folder] if entry.shipped else [entry.folder, users]


def place_for(entry: InstalledModel) -> Path:
    """Folder for what is found out about a model here: its own, or the user's where that is only read.

    Raises:
        StorageError: It cannot be made.
    """
    if entry.folder is not None and not entry.shipped and os.access(entry.folder, os.W_OK):
        return entry.folder
    users = paths.engine_data() / entry.model_id
    with storage_errors(users):
        users.mkdir(parents=True, exist_ok=True)
    return users


def read_record(entry: InstalledModel, version: str) -> EngineRecord | None:
    """Find the record that belongs to a model as it is now.

    The weights are read once where a copy or an installation gave them another time; then this time is kept.

    Args:
        entry: The model.
        version: The version of OpenVINO.

    Returns:
        The record; None when there is none, or it is of other weights, another version of OpenVINO or another
        graph, or damaged.
    """
    if entry.card is None or entry.weights is None:
        return None
    for record in _records(entry):
        if record.openvino == version and (stamp := stamp_if_of(record, entry.weights)):
            if record.weights_stamp == stamp:
                return record
            current = record.model_copy(update={"weights_stamp": stamp})
            with contextlib.suppress(StorageError):
                write_record(place_for(entry), current)
            return current
    return None


def any_record(entry: InstalledModel) -> EngineRecord | None:
    """The record of a model as it is now, whichever version of OpenVINO it is of; for showing it."""
    return None if entry.card is None else next(_records(entry), None)


def _records(entry: InstalledModel) -> Iterator[EngineRecord]:
    """The records that are of a model's card and whose graph is there, the one that counts first."""
    assert entry.card is not None
    key = key_of(entry.card)
    found = {folder: _read_trusted(entry, folder) for folder in folders_of(entry)}
    for record in filter(None, found.values()):
        # The graph is the record's own, or one that came with the app and is still the same.
        graphs = (
            folder
            for folder, other in found.items()
            if other is not None and other.checksums == record.checksums and (folder / GRAPH_FILE).is_file()
        )
        if record.key == key and (not record.checksums or any(graphs)):
            yield record


def engine_words(entry: InstalledModel) -> str:
    """Say which engine answers for a model, and how that was checked, without loading either engine.

    Returns:
        "OpenVINO, float32; checked against TensorFlow on 64 pictures: less than 0.1 points apart", the reason
        why TensorFlow answers, or that nobody has tried yet. Empty for a model that cannot be used.
    """
    if entry.card is None or entry.problem:
        return ""
    record = any_record(entry)
    if record is None:
        return NOT_READY
    foreign = is_foreign(entry.card.architecture)
    if record.problem:
        return f"None. {record.problem}" if foreign else f"TensorFlow. {record.problem}"
    holding = [proof for proof in record.proofs if proof.holds]
    if foreign and not any(proof.precision == "float32" for proof in holding):
        return UNPROVEN
    return holding[-1].words if holding else NOT_READY


def write_record(folder: Path, record: EngineRecord, *, shipped: bool = False) -> None:
    """Write or replace a record.

    Args:
        folder: The model's folder, or the user's for it.
        record: The record, whose mark is replaced.
        shipped: Whether it is to come with the app, and so bears no user's mark.

    Raises:
        StorageError: It cannot be written.
    """
    mark = "" if shipped else _mark(record, _key(make=True))
    text = record.model_copy(update={"mark": mark}).model_dump_json(indent=2)
    write_whole(folder / RECORD_FILE, text.encode())


def stamp_of(weights: Path) -> tuple[int, ...]:
    """Size of a weights file in bytes, and when it was last written and last touched in any way, in ns.

    Networks of one kind have files of one size, and an archive or a copy gives them the time it likes; the
    last number is the system's own (on Windows when the file was made).
    """
    status = weights.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def stamp_if_of(record: EngineRecord, weights: Path) -> tuple[int, ...] | None:
    """The stamp of a weights file if a record is of it; else None."""
    with contextlib.suppress(OSError):
        stamp = stamp_of(weights)
        if record.weights_stamp == stamp or record.weights_sha256 == sha256_of(weights):
            return stamp
    return None


def _read_trusted(entry: InstalledModel, folder: Path) -> EngineRecord | None:
    """Read a record that came with the app or that this user's Sightline has written."""
    record = read_any(folder / RECORD_FILE)
    if record is None or (entry.shipped and folder == entry.folder):
        return record
    key = _key()
    return record if key and hmac.compare_digest(record.mark, _mark(record, key)) else None


def _mark(record: EngineRecord, key: bytes) -> str:
    content = record.model_dump_json(exclude={"mark"})
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def _key(*, make: bool = False) -> bytes:
    """Read the user's key for marks; empty when there is none.

    Raises:
        StorageError: It cannot be made.
    """
    path = paths.engine_data() / _KEY_FILE
    if make:
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                _write_key(path, os.O_EXCL)
    with contextlib.suppress(OSError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
    if not make:
        return b""
    # A damaged key is worth nothing: what it marked is made again.
    fresh = path.with_name(f"{path.stem}-{os.getpid()}{path.suffix}")
    with storage_errors(path):
        key = _write_key(fresh, os.O_TRUNC)
        fresh.replace(path)
    return key


def _write_key(path: Path, how: int) -> bytes:
    """Write a new key that only this user can read."""
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how | _BINARY, 0o600), "wb") as file:
        file.write(key)
    return key


def read_any(path: Path) -> EngineRecord | None:
    """Read a record, whatever it is of and whoever wrote it; None when there is none that can be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return EngineRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
