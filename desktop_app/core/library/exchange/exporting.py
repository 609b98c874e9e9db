"""Writing a model and its card into one file, a "Sightline model": a zip archive, uncompressed."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import leased, replacing
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.library.card_limits import CARD_FILE, FEATURES_FILE
from desktop_app.core.library.download.checksums import pieces
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.feature_bank import read_bank
from desktop_app.core.networks.efficientnet_lite import VARIANTS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.feature_bank import FeatureBank
    from desktop_app.core.library.store import Library

KERAS_FILE = "model.keras"
MEMBERS = {
    "keras": KERAS_FILE,
    "onnx": "model.onnx",
    "tflite": "model.tflite",
    "vgg19": OFFICIAL.name,
    **{name: f"{name}.h5" for name in VARIANTS},
}
"""Name of the weights in an archive, by the card's architecture."""
_OVERHEAD = 4096
"""Bytes that the archive needs besides its two members, generously."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same model makes the same file, byte by byte."""


def package_member(card: ModelCard) -> str:
    """Name of the weights in the archive: the same for all models of an architecture."""
    return MEMBERS[card.architecture]


def export_model(library: Library, model_id: str, path: Path, *, cancel: CancelToken | None = None) -> Path:
    """Write a model with its card into one file that `import_model` takes.

    Args:
        library: The library that the model is in.
        model_id: A usable model.
        path: File to create or replace, by convention ``NAME.sightline``.
        cancel: Token checked while copying.

    Returns:
        The file.

    Raises:
        ModelError: There is no such model or it cannot be used.
        StorageError: The file cannot be written; what was there before is untouched.
        Cancelled: The user cancelled.
    """
    entry = library.get(model_id)
    if entry.problem or entry.card is None or entry.weights is None:
        raise ModelError(f"{entry.name} cannot be exported: {entry.problem.rstrip('.')}.")
    with storage_errors(library.installed):
        library.installed.mkdir(parents=True, exist_ok=True)
    bank = read_bank(entry)
    write_package(entry.card, entry.weights, path, bank=bank, notes=library.installed, cancel=cancel)
    return path


def write_package(
    card: ModelCard,
    weights: Path,
    path: Path,
    *,
    bank: FeatureBank | None = None,
    notes: Path,
    cancel: CancelToken | None = None,
) -> None:
    """Write a Sightline model to ``path``, whole or not at all.

    Args:
        card: The model's card.
        weights: Its weights file.
        path: File to create or replace.
        bank: Features of its training pictures, where the card names them.
        notes: The app's own folder, in which a note makes the next start clear away after a kill.
        cancel: Token checked while copying.

    Raises:
        StorageError: The disk is full (said beforehand) or refuses; the old file is untouched.
        Cancelled: The user cancelled.
    """
    member = zipfile.ZipInfo(package_member(card), _EPOCH)
    text = card.changed(weights_file=member.filename).model_dump_json(indent=2).encode()
    features = b"" if bank is None else bank.data()
    with storage_errors(weights, verb="read"):
        size = weights.stat().st_size + len(text) + len(features) + _OVERHEAD
    require_space(path.parent, size)
    with (
        storage_errors(path, size),
        leased(notes, path),
        replacing(path, "w+b", size=size) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
    ):
        archive.writestr(zipfile.ZipInfo(CARD_FILE, _EPOCH), text)
        if bank is not None:
            archive.writestr(zipfile.ZipInfo(FEATURES_FILE, _EPOCH), features)
        member.file_size = weights.stat().st_size
        with archive.open(member, "w") as target:
            for piece in pieces(weights, cancel or NEVER):
                target.write(piece)
