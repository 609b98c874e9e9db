"""Pictures as a network would see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.workers.training.messages import AugmentationRequest


class Augmenter:
    """Changes pictures at random; called in one lane.

    The pictures of the last request are kept at the network's size: a slider that moves asks for the same
    ones many times a second.
    """

    def __init__(self) -> None:
        self._size = 0
        self._kept: dict[Path, NDArray[np.uint8] | None] = {}

    def preview(self, request: AugmentationRequest) -> tuple[NDArray[np.uint8], ...]:
        """Change those of the pictures that can be read."""
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
        return tuple(pictures)

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
