"""A file with a model from elsewhere, opened: whatever its format, it comes as something Sightline keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.inspection.keras.summary import inspect_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.images.decoding.fitting import Fit, Resample
    from desktop_app.core.library.inspection.result.network_summary import NetworkSummary
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.networks.pixels import Preprocessing

Format = Literal["keras"]
"""The formats in which models from elsewhere are kept, as the card's ``architecture`` names them."""

WEIGHTS_FILES: dict[Format, str] = {"keras": "model.keras"}


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside a network in its file, or is known of the program that wrote it.

    Attributes:
        labels: Names of the classes; None where there are none.
        preprocessing: The pixel values; None where they are not known.
        task: What the outputs are for; None where it is not known.
        fit: How pictures are fitted; None where it is not known.
        resample: How they are scaled; None where it is not known.
        words: Where it comes from, as a part of the description; empty for a plain file.
    """

    labels: tuple[str, ...] | None = None
    preprocessing: Preprocessing | None = None
    task: Task | None = None
    fit: Fit | None = None
    resample: Resample | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An inspected model.

    Attributes:
        format: The format that it is kept in.
        path: The file that is kept: the user's, or one that was made of it for the moment.
        summary: What its inspection found.
        described: What stands beside the network.
    """

    format: Format
    path: Path
    summary: NetworkSummary
    described: Described = field(default_factory=Described)


def open_source(path: Path, _scratch: Callable[[], Path], _cancel: CancelToken) -> Source:
    """Recognise and inspect a model file.

    Args:
        path: The file.
        _scratch: Function that makes a folder for what is made of it, such as a translation.
        _cancel: Token checked while something is made of it.

    Raises:
        ModelError: It is refused; the sentence says why.
        StorageError: It cannot be read, or the scratch folder cannot be written.
        Cancelled: The user cancelled.
    """
    return Source("keras", path, inspect_archive(path))


def keep(source: Source, target: Path, cancel: CancelToken) -> NetworkSummary:
    """Write the copy that Sightline keeps of a model, and inspect it.

    Args:
        source: The model.
        target: File to write.
        cancel: Token checked while copying.

    Returns:
        What the inspection of the copy found.
    """
    write_clean(source.path, target, cancel)
    return inspect_kept(source.format, target)


def inspect_kept(_format: Format, path: Path) -> NetworkSummary:
    """Inspect a file that is kept, or that came in a Sightline model."""
    return inspect_archive(path)
