"""A model as a function whose large weights are inputs, so that converters need not copy them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from desktop_app.core.devices.memory import free_memory
from desktop_app.core.export.conversion.picture_model import INPUT, OUTPUT
from desktop_app.core.export.conversion.stock_network import CannotExport, leaves
from desktop_app.core.foundation.text import readable_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    import keras
    from numpy.typing import NDArray

LARGE = 16_384
"""Numbers from which on an array is held. Smaller ones stay constants: converters fold what is computed of
them, such as the factors of a batch normalisation."""

TIMES_CONSTANTS_IN_ONNX = 20
"""The converter takes this many times the weights that are constants, at least: with all of VGG19's 0.57 GB
as constants 10.8 GB were not enough."""

TIMES_CONSTANTS_IN_LITERT = 21
"""The same for LiteRT's converter: it took 11.7 GB for VGG19."""

_NAME = "held_weights_{}"


class HeldFunction(NamedTuple):
    """A function of TensorFlow, and what it is to be called with.

    Attributes:
        function: Its inputs are the picture and then the weights, each by its name.
        weights: The arrays by the names of those inputs, in their order. They are TensorFlow's own,
            not copied.
        constants: Bytes of the weights that are constants in the function.
    """

    function: Any
    weights: dict[str, NDArray[Any]]
    constants: int


def held_function(model: keras.Model, batch: int | None, *, hold: bool = True) -> HeldFunction:
    """Make a function of a model.

    Args:
        model: What `picture_model` builds.
        batch: Pictures of one call; None for any number.
        hold: Whether large weights are inputs; else all are constants.
    """
    import keras
    import tensorflow as tf

    held = list(_large(model)) if hold else []
    variables = {_NAME.format(number): variable for number, variable in enumerate(held)}

    def answer(picture: Any, *given: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables.values(), given, strict=True))):
            return tf.identity(model(picture, training=False), name=OUTPUT)

    signature = [tf.TensorSpec((batch, *model.input_shape[1:]), tf.uint8, name=INPUT)]
    signature += [tf.TensorSpec(each.shape, each.dtype, name=name) for name, each in variables.items()]
    function = tf.function(answer, input_signature=signature, autograph=False)
    weights = {name: np.asarray(tf.convert_to_tensor(each.value)) for name, each in variables.items()}
    everything = sum(4 * math.prod(each.shape) for each in model.variables)
    return HeldFunction(function, weights, everything - sum(each.nbytes for each in weights.values()))


def check_memory(form: str, needed: int) -> None:
    """Refuse what would be too large for this computer now.

    Args:
        form: The format, for people.
        needed: Bytes that its converter takes.

    Raises:
        CannotExport: There is less; the sentence names both sizes.
    """
    free = free_memory()
    if free and needed > free:
        raise CannotExport(
            f"Converting this model to {form} takes about {readable_size(needed)} of memory, and "
            f"{readable_size(free)} are free.",
            "Choose openvino, or close other programs.",
        )


def _large(model: keras.Model) -> Iterator[keras.Variable]:
    """The variables that are held: those of recurrent layers are not, whose loops converters know by them."""
    import keras

    recurrent = {
        id(variable)
        for layer in leaves(model)
        for inner in layer._flatten_layers()  # noqa: SLF001 - layers within layers
        if isinstance(inner, keras.layers.RNN)
        for variable in inner.variables
    }
    for variable in model.variables:
        is_float = str(variable.dtype) == "float32"
        if is_float and math.prod(variable.shape) >= LARGE and id(variable) not in recurrent:
            yield variable
