"""The graph that was made of a model for OpenVINO, as files."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.compiled import read_network
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import require_space, scratch_folder
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.inference.engine_record import folders_of, key_of, read_any, stamp_if_of
from desktop_app.core.library.engine_files import GRAPH_FILE, RECORD_FILE, WEIGHTS_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.inference.engine_record import EngineRecord, GraphFile
    from desktop_app.core.library.installed_model import InstalledModel

_CHUNK = 1024 * 1024


def write_graph(folder: Path, model: Any) -> dict[GraphFile, int]:
    """Write an ``openvino.Model`` with its weights in full precision; files in use keep their content.

    Returns:
        The checksums for the record.

    Raises:
        StorageError: The disk is full or refuses.
        ModelError: OpenVINO cannot write it.
    """
    size = sum(each.data.nbytes for each in model.get_ops() if each.get_type_name() == "Constant")
    require_space(folder, size)
    with storage_errors(folder / WEIGHTS_FILE, size), scratch_folder(folder) as fresh:
        try:
            # By default the numbers would be halved, and those above 65,504 cut off.
            load_openvino().save_model(model, fresh / GRAPH_FILE, compress_to_fp16=False)
        except RuntimeError as error:
            require_space(folder, size)
            raise ModelError(f"OpenVINO cannot write its copy of the network: {error}.") from error
        names: tuple[GraphFile, ...] = (GRAPH_FILE, WEIGHTS_FILE)
        checksums = {name: _checksum(fresh / name) for name in names}
        for name in checksums:
            (fresh / name).replace(folder / name)
    return checksums


def read_graph(entry: InstalledModel, record: EngineRecord, folder: Path | None = None) -> Any | None:
    """Read the graph of a record as an ``openvino.Model``; None when its files are missing or damaged.

    Args:
        entry: The model.
        record: Its record, with the checksums of the files.
        folder: Folder to look into; by default those of `folders_of`.
    """
    for place in folders_of(entry) if folder is None else [folder]:
        with contextlib.suppress(OSError, ModelError):
            if all(_checksum(place / name) == checksum for name, checksum in record.checksums.items()):
                return read_network(place / GRAPH_FILE)
    return None


def read_shipped_record(entry: InstalledModel, version: str) -> EngineRecord | None:
    """Find the record that is to come with the app; None where it or its graph is missing or outdated."""
    if entry.card is None or entry.weights is None or entry.folder is None:
        return None
    record = read_any(entry.folder / RECORD_FILE)
    if record is None or record.key != key_of(entry.card) or record.openvino != version or record.problem:
        return None
    whole = not record.checksums or read_graph(entry, record, entry.folder) is not None
    return record if whole and stamp_if_of(record, entry.weights) else None


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found = zlib.crc32(data, found)
    return found
