"""A network that is ready to run, whichever engine computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.inference.choice import AnsweredBy
    from desktop_app.core.networks.outputs import OutputKind


class Network(Protocol):
    """From prepared pictures to a network's outputs; any number of threads may call it at once."""

    @property
    def by(self) -> AnsweredBy:
        """What computes, for results and the screen."""

    @property
    def outputs(self) -> int:
        """The numbers that the network gives for one picture."""

    @property
    def kind(self) -> OutputKind:
        """What the outputs mean, as far as its layers tell."""

    @property
    def at_once(self) -> int:
        """The pictures that one call may take, at most."""

    @property
    def calls_at_once(self) -> int:
        """The calls of single pictures, from as many threads, that together get the most answers."""

    def run(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Compute the outputs.

        Args:
            pixels: The pictures, RGB uint8 ``(N, height, width, 3)``.

        Returns:
            The outputs, float32 ``(N, outputs)``; and the features, ``(N, width)``, of a network that was
            made with a bank.

        Raises:
            ModelError: It failed, or there is too little memory.
        """
