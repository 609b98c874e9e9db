"""Arrays over all pictures of a data set, shared with TensorFlow, that feed a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from desktop_app.core.datasets.pipeline.allocation import ALIGNMENT

if TYPE_CHECKING:
    import tensorflow as tf
    from numpy.typing import NDArray


class Store:
    """Rows for the pictures of a data set, in their order; a context manager that closes itself.

    Attributes:
        good: Usable rows, bool ``(N,)``; the others are zeros and not to be used.
        on_disk: Whether the rows are in a file rather than in memory.
    """

    def __init__(self, rows: NDArray[Any], good: NDArray[np.bool_], *, on_disk: bool) -> None:
        """Take the rows of a data set.

        Args:
            rows: Array ``(N, ...)``, made by `allocation.allocate`.
            good: Usable rows, bool ``(N,)``.
            on_disk: Whether the rows are in a file.
        """
        assert not len(rows) or rows.ctypes.data % ALIGNMENT == 0
        self._rows = rows
        self.good = good
        self.on_disk = on_disk

    def __len__(self) -> int:
        return len(self._rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def tensor(self) -> tf.Tensor:
        """View the rows as a tensor in the same memory; it keeps them for as long as it lives."""
        import tensorflow as tf

        with tf.device("CPU:0"):
            return tf.experimental.dlpack.from_dlpack(self._rows.__dlpack__())

    def close(self) -> None:
        """Release the rows: their memory or file is free as soon as no tensor refers to it any more."""
        self._rows = np.empty((0, *self._rows.shape[1:]), self._rows.dtype)


class PictureStore(Store):
    """Pictures at a network's size, before preprocessing."""

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """RGB, uint8 ``(N, height, width, 3)``; no rows once closed."""
        return self._rows


class FeatureStore(Store):
    """The features that a backbone computes from pictures."""

    @property
    def features(self) -> NDArray[np.float32]:
        """float32 ``(N, ...)``; no rows once closed."""
        return self._rows
