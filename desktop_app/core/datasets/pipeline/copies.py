"""Changed copies of pictures, whose features are computed once, like those of the pictures themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """What is copied and how it is changed.

    Attributes:
        sources: Rows of the pictures that are copied, ``(n,)``.
        count: Number of copies of each picture.
        settings: Largest amounts of change.
        seed: Seed of the changes, 0..2**31 - 1.
    """

    sources: NDArray[np.int64]
    count: int
    settings: AugmentationSettings
    seed: int

    @property
    def total(self) -> int:
        """Number of all copies; their rows follow those of the pictures, one round after the other."""
        return self.count * len(self.sources)

    def views(self, pictures: int) -> NDArray[np.int64]:
        """List the rows of each copied picture and of its copies, ``(n, 1 + count)``.

        Args:
            pictures: Number of all pictures.
        """
        copied = pictures + np.arange(self.total, dtype=np.int64).reshape(self.count, len(self.sources))
        return np.concatenate([self.sources[:, None], copied.T], axis=1)
