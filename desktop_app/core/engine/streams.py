"""Several pictures at once, one on each core: for runs of many, and for many who ask at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

LARGEST = 64 * 1024 * 1024
"""Bytes of weights of a network that is worth being in memory twice for this, at most."""

ENOUGH = 64
"""Pictures that have come several at once, before a network is compiled once more."""


def weights_bytes(model: Any) -> int:
    """Memory that the constants of an ``openvino.Model`` take."""
    constants = (each for each in model.get_ops() if each.get_type_name() == "Constant")
    return sum(each.get_byte_size() for each in constants)


class Streams:
    """A network of which each core computes another picture.

    Cores that share a picture wait for each other between its layers. For a small network this takes a
    quarter less of the processors' time; a single picture takes longer.
    """

    def __init__(self, core: Any, model: Any, settings: dict[str, str], count: int) -> None:
        """Compile the network once more.

        Args:
            core: The ``openvino.Core``.
            model: The ``openvino.Model`` of one picture.
            settings: As it was compiled before.
            count: The pictures to compute at once.

        Raises:
            RuntimeError: OpenVINO cannot.
        """
        self._compiled = core.compile_model(model, "CPU", settings | {"NUM_STREAMS": str(count)})
        self._count = count
        self._lock = threading.Lock()
        self._idle: list[Any] = []

    def run(self, pixels: NDArray[Any], outputs: Sequence[NDArray[np.float32]]) -> None:
        """Compute the outputs for pictures; any number of threads may call it at once.

        Args:
            pixels: The pictures ``(N, H, W, channels)``, contiguous, as the network takes them.
            outputs: Arrays ``(N, width)`` to write each output into.

        Raises:
            RuntimeError: OpenVINO failed.
        """
        requests = self._requests(min(self._count, len(pixels)))
        try:
            for number in range(len(pixels) + len(requests)):
                request = requests[number % len(requests)]
                done = number - len(requests)
                if 0 <= done < len(pixels):
                    request.wait()
                    for index, kept in enumerate(outputs):
                        # The memory belongs to the request, whose next answer comes into it.
                        kept[done] = request.get_output_tensor(index).data.reshape(-1)
                if number < len(pixels):
                    request.start_async({0: pixels[number : number + 1]}, share_inputs=True)
        except BaseException:
            for request in requests:
                request.cancel()  # they read from the pictures
            raise
        with self._lock:
            self._idle += requests

    def _requests(self, count: int) -> list[Any]:
        """As many as are asked for, which no other thread uses."""
        with self._lock:
            idle = [self._idle.pop() for _ in range(min(count, len(self._idle)))]
        return idle + [self._compiled.create_infer_request() for _ in range(count - len(idle))]
