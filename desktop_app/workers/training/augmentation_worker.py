"""The augmentation thread's worker: shows pictures as a network would see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.core.foundation.errors import Reason, SightlineError, UnreadableImage
from desktop_app.workers.training.messages import AugmentationPreview

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.workers.training.messages import AugmentationRequest


class AugmentationWorker(QObject):
    """Wraps `augmentation.preview`.

    The pictures of the last request are kept at the network's size: a slider that moves asks for the same
    ones many times a second.

    Signals:
        ready: `AugmentationPreview`.
        failed: `Reason`.
        ended: After one of them.
    """

    ready = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._size = 0
        self._kept: dict[Path, NDArray[np.uint8] | None] = {}

    @Slot(object)
    def preview(self, request: AugmentationRequest) -> None:
        """Change the pictures at random; `ready` or `failed`, and then `ended`, follow in any case."""
        try:
            from desktop_app.core.engine.loading import load_engine

            load_engine()
            from desktop_app.core.datasets.pipeline.augmentation import preview

            pictures = preview(
                self._read(request.paths, request.size),
                request.settings,
                size=request.size,
                channels=request.channels,
                seed=request.seed,
            )
        except SightlineError as error:
            self.failed.emit(error.reason)
        except Exception as error:
            self.failed.emit(Reason(f"The pictures cannot be changed at random: {error}."))
            raise  # a defect: the excepthook opens the crash dialog, the thread lives on
        else:
            self.ready.emit(AugmentationPreview(request, tuple(pictures)))
        finally:
            self.ended.emit()

    def _read(self, paths: tuple[Path, ...], size: int) -> list[NDArray[np.uint8]]:
        """Read the pictures like the pipeline does, skipping those that cannot be read."""
        kept = self._kept if self._size == size else {}
        self._size = size
        self._kept = {path: kept[path] if path in kept else _read(path, size) for path in paths}
        return [pixels for pixels in self._kept.values() if pixels is not None]


def _read(path: Path, size: int) -> NDArray[np.uint8] | None:
    from desktop_app.core.datasets.pipeline.reading import read_prepared

    try:
        return read_prepared(path, size, size)
    except UnreadableImage:
        return None
