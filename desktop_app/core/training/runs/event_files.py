"""Event files for TensorBoard."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.training.records.events import EpochMetrics


class EventFiles:
    """Writes the figures of epochs in the files ``train`` and ``validation`` of a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the writers; the files come with the first epoch."""
        import tensorflow as tf

        self._writers: dict[str, Any] = {
            part: tf.summary.create_file_writer(str(folder / part)) for part in ("train", "validation")
        }

    def add(self, metrics: EpochMetrics) -> None:
        """Write one epoch."""
        times = {"learning_rate": metrics.learning_rate, "seconds": metrics.seconds}
        rows = {"train": metrics.trained | times, "validation": metrics.validated}
        import tensorflow as tf

        for part, figures in rows.items():
            with self._writers[part].as_default(step=metrics.epoch):
                for name, value in figures.items():
                    tf.summary.scalar(f"epoch_{name}", value)
            self._writers[part].flush()

    def close(self) -> None:
        """Close the files; a full disk does no harm, since ``metrics.csv`` has the same figures."""
        import tensorflow as tf

        for writer in self._writers.values():
            with contextlib.suppress(tf.errors.OpError):
                writer.close()
