"""The picture threads' worker: finds, fetches and decodes pictures."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.foundation.errors import Cancelled, Reason, SightlineError
from desktop_app.core.images.sources import FileSource, LinkSource, Source

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.foundation.errors import UnreadableImage
    from desktop_app.core.networks.input_spec import Fit, InputSpec

FOUND_AT_ONCE = 200
"""Pictures of a folder that are sent together, so that a long scan shows results early."""

THUMBNAIL_SIDE = 192
"""Longest side of a thumbnail in pixels: 96 at 200% scale."""


@dataclass(frozen=True, slots=True)
class FindRequest:
    """Find the pictures of a folder."""

    folder: Path
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class Found:
    """Pictures of a folder.

    Attributes:
        cancel: The request's token: pictures found before a cancellation may arrive after it.
        unreadable: The subfolders that cannot be read, and why.
        complete: Whether this is the last message of a folder; ``count`` is then the number of all pictures.
        problem: The reason why the folder itself cannot be read; None when it can.
    """

    folder: Path
    sources: tuple[Source, ...]
    cancel: CancelToken
    unreadable: tuple[tuple[Source, Reason], ...] = ()
    complete: bool = False
    count: int = 0
    problem: Reason | None = None


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """Decode a picture to the input of the current model."""

    generation: int
    number: int
    source: Source
    input: InputSpec
    fit: Fit | None
    allow_private_hosts: bool
    cancel: CancelToken


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture at the size of the model's input, or why not.

    Attributes:
        pixels: The pixels, uint8 ``(height, width, 3)``; None if it failed.
        kept: The encoded picture if it came from a link, since it is fetched only once.
        reason: The reason of a failure; None otherwise.
        cancelled: Whether the user cancelled it.
    """

    generation: int
    number: int
    pixels: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)
    seconds: float = 0.0
    kept: Source | None = None
    reason: Reason | None = None
    cancelled: bool = False


class PictureWorker(QObject):
    """Wraps `find_pictures` and `load_fitted`; lives in a picture thread."""

    found = Signal(object)
    decoded = Signal(object)

    @Slot(object)
    def find(self, request: FindRequest) -> None:
        """Walk through a folder, sending pictures as they are found."""
        import_picture_modules()
        from desktop_app.core.images.folders import find_pictures

        batch: list[Source] = []
        unreadable: list[tuple[Source, Reason]] = []
        count = 0
        problem: Reason | None = None

        def on_unreadable(folder: Path, error: UnreadableImage) -> None:
            unreadable.append((FileSource(folder), error.reason))

        try:
            for path in find_pictures(request.folder, request.cancel, on_unreadable):
                batch.append(FileSource(path))
                if len(batch) == FOUND_AT_ONCE:
                    self.found.emit(Found(request.folder, tuple(batch), request.cancel))
                    count += len(batch)
                    batch = []
        except Cancelled:
            batch = []
        except SightlineError as error:
            problem = error.reason
        self.found.emit(
            Found(
                request.folder,
                tuple(batch),
                request.cancel,
                tuple(unreadable),
                complete=True,
                count=count + len(batch) + len(unreadable),
                problem=problem,
            )
        )

    @Slot(object)
    def decode(self, request: DecodeRequest) -> None:
        """Decode one picture and bring it to the model's size."""
        if request.cancel.cancelled:
            self.decoded.emit(Decoded(request.generation, request.number, cancelled=True))
            return
        try:
            self.decoded.emit(self._decode(request))
        except Cancelled:
            self.decoded.emit(Decoded(request.generation, request.number, cancelled=True))
        except SightlineError as error:
            self.decoded.emit(Decoded(request.generation, request.number, reason=error.reason))
        except Exception as error:
            reason = Reason.of_defect("Reading it", error)
            self.decoded.emit(Decoded(request.generation, request.number, reason=reason))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on

    def _decode(self, request: DecodeRequest) -> Decoded:
        import_picture_modules()
        from desktop_app.core.images.load import bring_here, load_fitted

        started = time.perf_counter()
        spec = request.input
        source = bring_here(
            request.source, allow_private_hosts=request.allow_private_hosts, cancel=request.cancel
        )
        kept = source if isinstance(request.source, LinkSource) else None
        fit = request.fit or spec.fit
        pixels = load_fitted(source, spec.height, spec.width, fit, cancel=request.cancel)
        return Decoded(request.generation, request.number, pixels, time.perf_counter() - started, kept=kept)
