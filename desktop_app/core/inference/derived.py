"""What was made of a model for OpenVINO: kept beside the model; it can be deleted, and is made again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from desktop_app.core.engine.compiled import read_network
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import write_whole
from desktop_app.core.foundation.record import Record
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.proof import Proof

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.installed_model import InstalledModel

RECORD_FILE = "openvino.json"
GRAPH_FILE = "openvino.xml"
WEIGHTS_FILE = "openvino.bin"

_CONVERSION = 1
"""Grows with what is converted differently."""

_MOST_BYTES = 1024 * 1024
_CHUNK = 1024 * 1024


class EngineRecord(Record):
    """What is known about a model and OpenVINO.

    Attributes:
        key: What the files were made of, apart from the weights; see `key_of`.
        weights_sha256: SHA-256 of the weights file that they were made of.
        weights_stamp: Its size in bytes and its time of change in ns: while they are the same it is not read
            again.
        openvino: Version of OpenVINO.
        kind: What the network's outputs mean.
        checksums: CRC-32 of the graph's files by name; empty for a network that is built from its weights.
        proofs: What comparisons found.
        problem: The reason why TensorFlow has to answer, as a sentence; empty where OpenVINO can.
    """

    schema_version: Literal[1] = 1
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    weights_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    weights_stamp: tuple[int, int]
    openvino: Annotated[str, Field(max_length=100)]
    kind: Literal["softmax", "sigmoid", "logits"]
    checksums: dict[str, int] = Field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    problem: Annotated[str, Field(max_length=2000)] = ""

    def proof(self, precision: str, processor: str) -> Proof | None:
        """The proof that allows or forbids a precision here: in bfloat16, of the same kind of processor."""
        fitting = [
            proof
            for proof in self.proofs
            if proof.precision == precision and (precision == "float32" or proof.processor == processor)
        ]
        return fitting[-1] if fitting else None


def key_of(card: ModelCard) -> str:
    """Name what a graph depends on besides the weights and the version of OpenVINO."""
    spec = card.input
    parts: list[Any] = [
        _CONVERSION,
        card.architecture,
        [spec.height, spec.width, spec.channels, spec.preprocessing, spec.mirrored],
        len(card.classes),
        None if card.bank is None else card.bank.width,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def folders_of(entry: InstalledModel) -> list[Path]:
    """Where a model's record may lie: in its own folder, or, where that is read-only, in the user's."""
    own = [] if entry.folder is None else [entry.folder]
    return [*own, paths.engine_data() / entry.model_id]


def read_record(entry: InstalledModel, version: str) -> tuple[EngineRecord, Path] | None:
    """Find the record that belongs to a model as it is now.

    Args:
        entry: The model.
        version: The version of OpenVINO.

    Returns:
        The record and its folder; None when there is none, or it is of other weights, another version of
        OpenVINO, or damaged.
    """
    if entry.card is None or entry.weights is None:
        return None
    for folder in folders_of(entry):
        record = _read(folder / RECORD_FILE)
        if record is None or record.key != key_of(entry.card) or record.openvino != version:
            continue
        if _are_the_weights(record, entry.weights):
            return record, folder
    return None


def any_record(entry: InstalledModel) -> EngineRecord | None:
    """The record of a model as it is now, whichever version of OpenVINO it is of; for showing it."""
    if entry.card is None:
        return None
    found = (_read(folder / RECORD_FILE) for folder in folders_of(entry))
    return next((record for record in found if record and record.key == key_of(entry.card)), None)


def write_record(folder: Path, record: EngineRecord) -> None:
    """Write or replace a record.

    Raises:
        StorageError: It cannot be written.
    """
    write_whole(folder / RECORD_FILE, record.model_dump_json(indent=2).encode())


def write_graph(folder: Path, model: Any) -> dict[str, int]:
    """Write an ``openvino.Model`` with its weights in full precision; files in use keep their content.

    Returns:
        The checksums for the record.

    Raises:
        OSError: It cannot be written.
        ModelError: OpenVINO cannot write it.
    """
    fresh = folder / f"fresh-{os.getpid()}.xml"
    names = {fresh: GRAPH_FILE, fresh.with_suffix(".bin"): WEIGHTS_FILE}
    try:
        # By default the numbers would be halved, and those above 65,504 cut off.
        load_openvino().save_model(model, fresh, compress_to_fp16=False)
        checksums = {name: _checksum(path) for path, name in names.items()}
        for path, name in names.items():
            path.replace(folder / name)
    except RuntimeError as error:
        raise ModelError(f"OpenVINO cannot write its copy of the network: {error}.") from error
    finally:
        for path in names:
            path.unlink(missing_ok=True)
    return checksums


def read_graph(folder: Path, record: EngineRecord) -> Any | None:
    """Read the graph of a record as an ``openvino.Model``; None when its files are missing or damaged."""
    for name, checksum in record.checksums.items():
        try:
            if _checksum(folder / name) != checksum:
                return None
        except OSError:
            return None
    try:
        return read_network(folder / GRAPH_FILE)
    except ModelError:
        return None


def stamp_of(weights: Path) -> tuple[int, int]:
    """Size and time of change of a weights file."""
    status = weights.stat()
    return status.st_size, status.st_mtime_ns


def _are_the_weights(record: EngineRecord, weights: Path) -> bool:
    with contextlib.suppress(OSError):
        return record.weights_stamp == stamp_of(weights) or record.weights_sha256 == sha256_of(weights)
    return False


def _read(path: Path) -> EngineRecord | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return EngineRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found = zlib.crc32(data, found)
    return found
