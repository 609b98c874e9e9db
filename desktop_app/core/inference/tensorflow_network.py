"""A network that TensorFlow runs."""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from typing import TYPE_CHECKING, Any

from desktop_app.core.devices.cpu import processor_model
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.inference.wording import failed, out_of_memory, processor_name
from desktop_app.core.library.feature_bank import feature_layer
from desktop_app.core.networks.memory_need import features_bytes
from desktop_app.core.networks.outputs import output_kind
from desktop_app.core.networks.preprocessing import laid_out, preprocess

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras
    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.library.card import ModelCard

FEATURES_BYTES = 208 * 1024 * 1024
"""Features of one call on a processor, at most: what a call takes, TensorFlow keeps until the process ends.

So VGG19 answers for 8 pictures in one call. With 32 it is 4% faster, and keeps 0.7 GB more.
"""

_MARKED_BY_KERAS = re.compile(r"\x1b\[1m(.+?)\x1b\[0m", re.DOTALL)
"""Keras puts the message of a failing layer in bold."""


class TensorFlowNetwork:
    """The network and its preprocessing, compiled into one function for single pictures and one for batches.

    Each is compiled at its first call. After that, any number of threads may call them at once and none waits
    for another: TensorFlow runs compiled functions side by side.

    Attributes:
        by: What computes, for results and the screen.
        outputs: The numbers that the network gives for one picture.
        kind: What they mean, as far as its layers tell.
        at_once: The pictures that one call may take, at most.
        calls_at_once: 1, since TensorFlow is quicker with several pictures in one call.
    """

    def __init__(
        self,
        card: ModelCard,
        model: keras.Model,
        device: str,
        features: int | None = None,
        reason: str = "",
    ) -> None:
        """Compile nothing yet.

        Args:
            card: The model's card.
            model: The network.
            device: Where it runs, in words.
            features: The width of the layer ``features``, whose output is wanted too; None for the outputs
                alone.
            reason: The reason why OpenVINO does not run it, as a sentence.

        Raises:
            ModelError: The network has no such layer.
        """
        import tensorflow as tf

        spec = card.input
        both = None if features is None else _with_features(card, model, features)

        def answer(pixels: Any) -> Any:
            prepared = preprocess(pixels, spec.preprocessing, spec.channels, spec.grey)
            inputs = laid_out(prepared, spec.layout)
            outputs, *found = both(inputs, training=False) if both else [model(inputs, training=False)]
            if spec.mirrored:
                mirrored = laid_out(tf.reverse(prepared, [2]), spec.layout)
                outputs = (outputs + model(mirrored, training=False)) / 2
            return [tf.cast(each, tf.float32) for each in (outputs, *found)]

        def compiled(batch: int | None) -> Any:
            shape = (batch, spec.height, spec.width, 3)
            return tf.function(answer, input_signature=[tf.TensorSpec(shape, tf.uint8)], autograph=False)

        processor = processor_model() if device.startswith("CPU") else ""
        self.by = AnsweredBy("tensorflow", compute_precision(model), device, reason, processor)
        self.outputs = int(model.output_shape[-1])
        self.kind = card.outputs or output_kind(model)
        self.at_once = _pictures_at_once(model)
        self.calls_at_once = 1
        self._name = card.name
        self._answer = answer
        self._shape = (None, spec.height, spec.width, 3)
        self._model = model
        self._functions = {"one": compiled(1), "batch": compiled(None)}
        self._compiled: dict[str, Any] = {}
        self._compiling = threading.Lock()

    def run(self, pixels: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Compute the outputs; see `Network.run`."""
        import tensorflow as tf

        try:
            found = self.function("one" if len(pixels) == 1 else "batch")(tf.constant(pixels))
            return [each.numpy() for each in found]
        except (tf.errors.ResourceExhaustedError, MemoryError) as error:
            raise out_of_memory(self._name, self.by.device) from error
        except (tf.errors.OpError, ValueError, TypeError) as error:
            raise failed(self._name, printable(_first_line(error))) from error

    def function_of_weights(self) -> tuple[Any, list[Any]]:
        """Trace what it computes once more, with the weights as inputs after the picture.

        Returns:
            A concrete function, and the weights in the order of its inputs.
        """
        import keras
        import tensorflow as tf

        variables = list(self._model.variables)

        def answer(pixels: Any, weights: Any) -> Any:
            with keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True))):
                return self._answer(pixels)

        picture = tf.TensorSpec(self._shape, tf.uint8)
        specs = [tf.TensorSpec(each.shape, each.dtype) for each in variables]
        with self._compiling:
            function = tf.function(answer, autograph=False).get_concrete_function(picture, specs)
        return function, variables

    def function(self, name: str) -> Any:
        """A compiled function, ``one`` or ``batch``.

        It is compiled at its first call, one at a time: Keras goes through its layers meanwhile.
        """
        if name not in self._compiled:
            with self._compiling:
                if name not in self._compiled:
                    self._compiled[name] = self._functions[name].get_concrete_function()
        return self._compiled[name]


def device_name(*, all_gpus: bool = False) -> str:
    """Say in words where the networks of this process run; TensorFlow must be loaded.

    Args:
        all_gpus: Whether the work is spread over all GPUs, as a training is; else the first one does it.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    used = gpus if all_gpus else gpus[:1]
    if used:
        details = [tf.config.experimental.get_device_details(gpu) for gpu in used]
        names = dict.fromkeys(each.get("device_name", "unnamed") for each in details)
        return f"{f'{len(used)} GPUs' if len(used) > 1 else 'GPU'}: {', '.join(names)}"
    return processor_name()


@contextlib.contextmanager
def exact_float32() -> Iterator[None]:
    """Let a GPU multiply whole float32 numbers during the body; by itself it rounds them to 10 bits."""
    import tensorflow as tf

    switch = tf.config.experimental
    before = switch.tensor_float_32_execution_enabled()
    switch.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        switch.enable_tensor_float_32_execution(before)


def compute_precision(model: keras.Model) -> str:
    """The numbers that a network's layers compute with; the shortest where they differ."""
    types = {layer.compute_dtype for layer in model._flatten_layers()}  # noqa: SLF001 - layers within layers
    return next((name for name in ("float16", "bfloat16") if name in types), "float32")


def _with_features(card: ModelCard, model: keras.Model, width: int) -> keras.Model:
    """Make a model of the same layers that gives the outputs and the features."""
    import keras

    layer = feature_layer(model)
    if layer is None or layer.output.shape[-1] != width:
        raise ModelError(
            f"The model {card.name} does not give the features that its card describes.",
            "Remove this model, and import or train it again.",
        )
    return keras.Model(model.input, [model.output, layer.output])


def _pictures_at_once(model: keras.Model) -> int:
    """Tell how many pictures one call may take; on a GPU TensorFlow has a memory of its own."""
    import tensorflow as tf

    if tf.config.list_physical_devices("GPU"):
        return sys.maxsize
    return max(2, FEATURES_BYTES // max(1, features_bytes(model)))


def _first_line(error: Exception) -> str:
    """What an error says, without the operations and arguments that TensorFlow and Keras list around it."""
    text = str(getattr(error, "message", "") or error).strip()
    if marked := _MARKED_BY_KERAS.search(text):
        text = marked[1].strip()
    return text.split("\n", 1)[0][:300].rstrip(".") or type(error).__name__
