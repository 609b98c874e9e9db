"""A network that OpenVINO runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.engine.compiled import CompiledNetwork, read_processor
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.inference.wording import out_of_memory, processor_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.engine.compiled import Precision
    from desktop_app.core.networks.outputs import OutputKind


_ADVICE = "Choose the engine TensorFlow (Preferences, or --engine tensorflow), or another model."


class OpenVinoNetwork:
    """The network and its preprocessing, compiled for one picture at a time.

    Attributes:
        by: What computes, for results and the screen.
        outputs: The numbers that the network gives for one picture.
        kind: What they mean.
        at_once: The pictures that one call may take: any number.
        calls_at_once: The calls that together get the most answers; see `CompiledNetwork`.
    """

    def __init__(
        self,
        name: str,
        model: Any,
        kind: OutputKind,
        precision: Precision = "float32",
        reason: str = "",
        *,
        advice: str = _ADVICE,
    ) -> None:
        """Compile it; see `CompiledNetwork`.

        Args:
            name: The model's name, for messages.
            model: An ``openvino.Model`` from RGB uint8 pictures to outputs, and features if wanted.
            kind: What the outputs mean.
            precision: The numbers to compute with.
            reason: The reason why it is not bfloat16 where the processor has it, as a sentence.
            advice: What to do when it fails.

        Raises:
            ModelError: It cannot be compiled.
        """
        device = processor_name()
        try:
            self._compiled = CompiledNetwork(model, precision, cpu_count())
        except MemoryError as error:
            raise out_of_memory(name, device) from error
        self.by = AnsweredBy("openvino", precision, device, reason, read_processor().kind)
        self.outputs = self._compiled.widths[0]
        self.kind = kind
        self.at_once = sys.maxsize
        self.calls_at_once = self._compiled.calls_at_once
        self._name = name
        self._advice = advice

    def run(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Compute the outputs; see `Network.run`."""
        try:
            return self._compiled.run(pixels)
        except MemoryError as error:
            raise out_of_memory(self._name, self.by.device) from error
        except ModelError as error:
            raise ModelError(
                f"{self._name} cannot classify pictures: {printable(str(error)).rstrip('.')}.",
                self._advice,
            ) from error
