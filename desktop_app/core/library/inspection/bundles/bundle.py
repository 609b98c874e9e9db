"""A model with what its export says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.images.decoding.fitting import Fit, Resample
    from desktop_app.core.networks.pixels import Preprocessing

Kind = Literal["keras2", "tflite", "onnx"]
"""Formats of models in exports: ``keras2`` for HDF5 files, which are translated."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model in an export.

    Attributes:
        path: The model file, unpacked where it came in an archive.
        kind: Its format.
        labels: Names of the classes; None where the export has none.
        preprocessing: The pixel values; None where the export does not say.
        fit: How pictures are fitted; None where the export does not say.
        resample: How they are scaled; None where the export does not say.
        words: Where it comes from and what was taken from there, as a sentence; empty for an unknown program.
        size: Height, width and channels that the export names; None where it does not.
    """

    path: Path
    kind: Kind
    labels: tuple[str, ...] | None = None
    preprocessing: Preprocessing | None = None
    fit: Fit | None = None
    resample: Resample | None = None
    words: str = ""
    size: tuple[int, int, int] | None = None
