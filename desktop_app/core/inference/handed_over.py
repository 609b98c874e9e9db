"""A function of TensorFlow that OpenVINO computes, where it gives the same numbers."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.engine.compiled import CompiledNetwork, read_processor
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.inference.conversion import hand_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision

FEWEST_ROWS = 200
"""Rows below which TensorFlow computes all of them: the conversion takes about a second."""

COMPARED_ROWS = 32

MOST_APART = 1e-4
"""Difference of a number in float32, as a share of the largest one, up to which OpenVINO may compute it."""

MOST_APART_HALF = 0.02
"""Difference of a row in bfloat16, as a share of its length, up to which bfloat16 is used."""

_log = logging.getLogger(__name__)


class HandedOver:
    """Computes rows by OpenVINO once the first ones have shown that it computes the same as TensorFlow.

    Who computes follows from the number of rows and from the numbers alone, not from how fast they are: a
    training that is repeated gets the same features.

    Attributes:
        engine: ``"tensorflow"``, until the first rows have shown that it can be ``"openvino"``.
    """

    def __init__(self, function: Any, total: int) -> None:
        """Convert nothing yet.

        Args:
            function: A function of TensorFlow with an input signature: from one tensor ``(N, ...)`` to one
                float32 tensor ``(N, width)``.
            total: The number of rows that will come.
        """
        import tensorflow as tf

        self.engine = "tensorflow"
        self._function = function
        self._network: CompiledNetwork | None = None
        self._to_try = total >= FEWEST_ROWS and not tf.config.list_physical_devices("GPU")

    def __call__(self, rows: Any) -> NDArray[np.float32]:
        """Compute the function.

        Args:
            rows: An array or tensor ``(N, ...)``, at least one row.

        Returns:
            float32 ``(N, width)``.
        """
        import tensorflow as tf

        rows = np.asarray(rows)
        if self._to_try:
            self._to_try = False
            self._try(rows[:COMPARED_ROWS])
        if self._network is not None:
            return self._network.run(rows)[0]
        return np.asarray(self._function(tf.constant(rows)).numpy(), np.float32)

    def _try(self, rows: NDArray[Any]) -> None:
        """Hand the function over, and compare; whatever goes wrong, TensorFlow computes on."""
        import tensorflow as tf

        expected = np.asarray(self._function(tf.constant(rows)).numpy(), np.float32)
        if expected.ndim != 2:
            return
        try:
            network = self._handed_over("float32")
            found = network.run(rows)[0]
            if np.abs(found - expected).max() > MOST_APART * max(1.0, float(np.abs(expected).max())):
                _log.info("OpenVINO computes other features than TensorFlow, whose are used.")
                return
            if read_processor().has_bfloat16:
                half = self._handed_over("bfloat16")
                lengths = np.linalg.norm(expected, axis=1)
                apart = np.linalg.norm(half.run(rows)[0] - expected, axis=1)
                network = half if (apart <= MOST_APART_HALF * lengths).all() else network
        except (SightlineError, OSError, MemoryError, ValueError, RuntimeError) as error:
            _log.info("TensorFlow computes features, since OpenVINO cannot: %s", error)
            return
        self.engine = "openvino"
        self._network = network

    def _handed_over(self, precision: Precision) -> CompiledNetwork:
        with tempfile.TemporaryDirectory(prefix="sightline-") as folder:
            model = hand_over(self._function.get_concrete_function(), Path(folder))
            return CompiledNetwork(model, precision, cpu_count())
