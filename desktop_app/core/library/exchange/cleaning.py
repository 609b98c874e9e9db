"""The copy that Sightline keeps of a ``.keras`` file: the network and its weights, and nothing else."""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.files import replacing
from desktop_app.core.library.exchange.renaming import with_usable_names
from desktop_app.core.library.inspection.containers.archive import (
    CONFIG,
    KERAS_MEMBERS,
    METADATA,
    WEIGHTS,
    open_archive,
)
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.hdf5 import stored_tensors
from desktop_app.core.library.inspection.containers.refusal import refuse, short
from desktop_app.core.library.inspection.keras.rewriting import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    import h5py

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.containers.archive import Archive
    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same model makes the same copy, byte by byte."""
_SAYS = {"keras_version": re.compile(r"[\w.+]{1,40}"), "date_saved": re.compile(r"[\d\-@:T ]{1,40}")}
"""What is kept of what the file says about itself."""
_SEED_NUMBERS = (2,)
"""Shape of what a random layer stores, which is loaded and not used in prediction."""
_PIECE = 4 * 1024 * 1024


def write_clean(path: Path, target: Path, cancel: CancelToken) -> None:
    """Copy a checked ``.keras`` file without its training settings, its optimizer and whatever else it holds.

    Layers get names that TensorFlow can take. Only the arrays that are loaded come along, without attributes.

    Args:
        path: The file, inspected.
        target: File to write, in a folder that is the app's own; may be ``path`` itself.
        cancel: Token checked while copying.

    Raises:
        ModelError: A weight is not a number.
        StorageError: The file cannot be read.
        Cancelled: The user cancelled.
    """
    weights = target.with_name(f"{target.name}.{WEIGHTS}")
    try:
        with open_archive(path, KERAS_MEMBERS) as archive:
            document = plain(parse(archive.read(CONFIG), CONFIG))
            config = json.dumps(with_usable_names(document)).encode()
            metadata = json.dumps(_plain(parse(archive.read(METADATA), METADATA))).encode()
            _write_weights(archive, weights, cancel)
        with replacing(target, "w+b") as file:
            _pack(file, {METADATA: metadata, CONFIG: config}, weights, cancel)
    finally:
        with contextlib.suppress(OSError):
            weights.unlink()


def _plain(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: metadata[key]
        for key, form in _SAYS.items()
        if isinstance(metadata.get(key), str) and form.fullmatch(metadata[key])
    }


def _write_weights(archive: Archive, target: Path, cancel: CancelToken) -> None:
    import_h5py()
    import h5py

    window = archive.window(WEIGHTS)
    stored = stored_tensors(window, archive.zip.getinfo(WEIGHTS).file_size)
    with h5py.File(window, "r") as source, h5py.File(target, "w") as copy:
        for name, tensor in sorted(stored.items()):
            cancel.check()
            if _is_loaded(name, tensor):
                _copy_array(source[name], copy, name)


def _is_loaded(name: str, tensor: StoredTensor) -> bool:
    if "/seed_generator/" in f"/{name}":
        return tensor.shape == _SEED_NUMBERS
    return "/optimizer/" not in f"/{name}"


def _copy_array(source: h5py.Dataset, copy: h5py.File, name: str) -> None:
    """Copy an array.

    Raises:
        ModelError: It holds NaN or infinity: the network would answer nonsense, in OpenVINO without a sign.
    """
    import numpy as np

    numbers = source[()]
    if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
        refuse(
            f"its weights at {short(name)} hold numbers that are none (NaN or infinity)",
            "It is damaged, or its training went wrong: train it again, or use an earlier state of it.",
        )
    made = copy.create_dataset(name, data=numbers)
    if numbers.dtype.kind == "V":  # how Keras stores halves that HDF5 has no type for
        made.attrs["dtype"] = "bfloat16"


def _pack(file: BinaryIO, texts: Mapping[str, bytes], weights: Path, cancel: CancelToken) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as copy:
        for name, text in texts.items():
            copy.writestr(zipfile.ZipInfo(name, _EPOCH), text)
        member = zipfile.ZipInfo(WEIGHTS, _EPOCH)
        member.file_size = weights.stat().st_size
        with weights.open("rb") as source, copy.open(member, "w") as target:
            for piece in _pieces(source):
                cancel.check()
                target.write(piece)


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece
