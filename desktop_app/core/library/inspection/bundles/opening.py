"""Finding the model in what another program exported."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.bundles.bundle import Bundle
from desktop_app.core.library.inspection.bundles.contents import beside, packed, unpacked
from desktop_app.core.library.inspection.bundles.lobe import SIGNATURE, lobe, named_model
from desktop_app.core.library.inspection.bundles.teachable_machine import LABELS, MODELS, teachable_machine
from desktop_app.core.library.inspection.containers.other_kinds import kind_of_archive, kind_of_folder
from desktop_app.core.library.inspection.containers.refusal import naming_the_file, refuse
from desktop_app.core.library.label_lists import names_in_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.inspection.bundles.bundle import Kind
    from desktop_app.core.library.inspection.bundles.contents import Contents

_ENDINGS: dict[str, Kind] = {".tflite": "tflite", ".onnx": "onnx", ".h5": "keras2", ".hdf5": "keras2"}
_OURS = {"config.json", "card.json"}
"""Files of ``.keras`` archives and of Sightline's own packages."""


def open_bundle(path: Path, scratch: Callable[[], Path], cancel: CancelToken) -> Bundle | None:
    """Find the model in an export: its archive, the folder it was unpacked to, or its model file alone.

    What the export says about labels, pixels and fitting comes along. Nothing is taken from beside a file
    that is not named as those of an export are.

    Args:
        path: A file or a folder.
        scratch: Function that makes an empty folder for what is unpacked.
        cancel: Token checked while unpacking.

    Returns:
        The model; None for a file that is no export: it is to be opened as what it is.

    Raises:
        ModelError: It is an export that cannot be taken, or a folder with no model that can be opened.
        StorageError: It cannot be read, or not unpacked.
        Cancelled: The user cancelled.
    """
    with naming_the_file(path):
        if path.is_dir():
            return _of_folder(path)
        if path.suffix.lower() in _ENDINGS:
            return _of_file(path)
        with packed(path, scratch, cancel) as archive:
            return None if archive is None else _of_archive(archive)


def _of_folder(path: Path) -> Bundle:
    contents = unpacked(path)
    found = _known(contents) or _any_model(contents)
    if found is None:
        refuse(*kind_of_folder(contents.names))
    return found


def _of_archive(contents: Contents) -> Bundle | None:
    own = {PurePosixPath(name).name.lower() for name in contents.names}
    if own & _OURS and "signature.json" not in own:
        return None
    found = _known(contents) or _any_model(contents)
    if found is None and (kind := kind_of_archive(contents.names)):
        refuse(*kind)
    return found


def _of_file(path: Path) -> Bundle | None:
    """A model file with an export's own name, or one that a ``signature.json`` beside it names."""
    contents = beside(path, (LABELS, SIGNATURE))
    if named_model(contents) == path.name:
        return lobe(contents)
    return teachable_machine(contents) if path.name.lower() in MODELS else None


def _known(contents: Contents) -> Bundle | None:
    return teachable_machine(contents) or lobe(contents)


def _any_model(contents: Contents) -> Bundle | None:
    """The only model of an export by an unknown program, with a list of labels where one lies beside it."""
    models = [name for name in contents.names if PurePosixPath(name).suffix.lower() in _ENDINGS]
    if len(models) != 1:
        return None
    lists = [name for name in contents.names if PurePosixPath(name).name.lower() == LABELS]
    labels: tuple[str, ...] | None = None
    if len(lists) == 1:
        try:
            labels = tuple(names_in_lines(contents.text(lists[0]).splitlines())) or None
        except ModelError:
            labels = None
    return Bundle(contents.model(models[0]), _ENDINGS[PurePosixPath(models[0]).suffix.lower()], labels)
