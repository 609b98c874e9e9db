"""The way of the pixels from the picture to the first layer that learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.inspection.keras.network.graph import Layer
    from desktop_app.core.library.inspection.keras.network.memory import Result


class Front:
    """Follows the layers behind the picture for as long as each takes the result of the one before."""

    def __init__(self, picture: Result) -> None:
        self._scalers: list[Layer] = []
        self._way = [picture]
        self._uses = [0]
        self._ended = False

    @property
    def scalers(self) -> list[Layer] | None:
        """Layers that scale the pixels, in order; None where the pixels also get past one of them."""
        return None if any(uses > 1 for uses in self._uses[:-1]) else self._scalers

    def called(self, layer: Layer, inputs: Sequence[Result], output: Result, *, learns: bool) -> None:
        """Note a call of a layer.

        Args:
            layer: The layer.
            inputs: Its inputs.
            output: Its result.
            learns: Whether it has weights from a training that are no scaling of pixels.
        """
        for number, result in enumerate(self._way):
            if any(one is result for one in inputs):
                self._uses[number] += 1
        if self._ended or any(one is not self._way[-1] for one in inputs):
            return
        if learns:
            self._ended = True
            return
        if layer.rule.rescales:
            self._scalers.append(layer)
        self._way.append(output)
        self._uses.append(0)
