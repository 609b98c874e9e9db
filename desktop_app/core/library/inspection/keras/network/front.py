"""The way of the pixels from the picture to the first layer that learns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.library.inspection.keras.network.graph import Layer
    from desktop_app.core.library.inspection.keras.network.memory import Result


class Front:
    """Follows the layers behind the picture for as long as each takes the result of the one before.

    Channels that are taken apart and put together again, as `keras.applications` does to turn RGB into BGR,
    are followed too.

    Attributes:
        stem: The convolution at the end of the way and the BatchNormalization behind it; None where other
            layers stand there.
    """

    def __init__(self, picture: Result) -> None:
        self._scalers: list[Layer] = []
        self._way = [picture]
        self._uses = [0]
        self._taken_apart: list[Result] = []
        self._ended = False
        self._lost = False
        self._convolved: tuple[Layer, Result] | None = None
        self.stem: tuple[Layer, Layer] | None = None

    @property
    def scalers(self) -> list[Layer] | None:
        """Layers that scale the pixels, in order; None where the pixels also get past one of them."""
        past = any(uses > 1 for uses in self._uses[:-1])
        return None if past or self._lost else self._scalers

    def called(self, layer: Layer, inputs: Sequence[Result], output: Result, *, ends: bool) -> None:
        """Note a call of a layer.

        Args:
            layer: The layer.
            inputs: Its inputs.
            output: Its result.
            ends: Whether it has weights from a training that are no scaling of pixels, or several results.
        """
        apart = layer.kind == "GetItem" and len(inputs) == 1 and inputs[0] is self._way[-1]
        for number, result in enumerate(self._way):
            # The channels of a result count as one use of it.
            if any(one is result for one in inputs) and not (apart and self._taken_apart):
                self._uses[number] += 1
        if self._convolved is not None and layer.kind == "BatchNormalization" and self.stem is None:
            first, result = self._convolved
            self.stem = (first, layer) if all(one is result for one in inputs) else None
        if self._ended:
            return
        if apart:
            self._taken_apart.append(output)
        elif all(any(one is part for part in self._taken_apart) for one in inputs):
            self._lost = len(self._taken_apart) > 1 and layer.kind not in ("Stack", "Concatenate")
            self._follow(layer, output, ends=ends or self._lost)
        elif all(one is self._way[-1] for one in inputs):
            self._follow(layer, output, ends=ends)

    def _follow(self, layer: Layer, output: Result, *, ends: bool) -> None:
        if ends:
            self._ended = True
            plain = layer.kind == "Conv2D" and layer.config.get("activation") in (None, "linear")
            self._convolved = (layer, output) if plain else None
            return
        if layer.rule.rescales:
            self._scalers.append(layer)
        self._way.append(output)
        self._uses.append(0)
        self._taken_apart.clear()
