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

    The pictures of the last request are kept as they were fitted to the network: a slider that moves asks for
    the same ones many times a second.
    """

    def __init__(self) -> None:
        self._read_as: object = None
        self._kept: dict[Path, NDArray[np.uint8] | None] = {}

    def preview(self, request: AugmentationRequest) -> tuple[NDArray[np.uint8], ...]:
        """Change those of the pictures that can be read."""
        from desktop_app.core.engine.loading import load_engine

        load_engine()
        from desktop_app.core.datasets.pipeline.augmentation import preview

        pictures = preview(
            self._read(request),
            request.settings,
            size=request.size,
            channels=request.channels,
            seed=request.seed,
        )
        return tuple(pictures)

    def _read(self, request: AugmentationRequest) -> list[NDArray[np.uint8]]:
        """Read the pictures like the pipeline does, skipping those that cannot be read."""
        read_as = (request.size, request.fit, request.crop_share, request.reading)
        kept = self._kept if self._read_as == read_as else {}
        self._read_as = read_as
        self._kept = {path: kept[path] if path in kept else _read(path, request) for path in request.paths}
        return [pixels for pixels in self._kept.values() if pixels is not None]


def _read(path: Path, request: AugmentationRequest) -> NDArray[np.uint8] | None:
    from desktop_app.core.datasets.pipeline.reading import read_prepared
    from desktop_app.core.images.decoding.reading import AS_STORED
    from desktop_app.core.networks.input_spec import Fitting

    try:
        size = request.size
        reading = request.reading or AS_STORED
        fitting = Fitting(size, size, request.fit, request.crop_share, reading)
        return read_prepared(path, fitting)
    except UnreadableImage:
        return None
