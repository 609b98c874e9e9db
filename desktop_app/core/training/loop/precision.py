"""Number types, seeds and devices of a fit, without disturbing the other threads of the process."""

from __future__ import annotations

import contextlib
import random
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


@contextlib.contextmanager
def dtype_policy(*, mixed: bool) -> Iterator[None]:
    """Use 32-bit numbers, or 16-bit ones where that is safe, for the networks built in the body.

    Mixed precision is float16 on GPUs, where Keras then scales the loss, and bfloat16 on processors, which
    needs no scaling. Keras keeps the policy for each thread, so that other threads keep theirs.
    """
    import keras
    import tensorflow as tf

    before = keras.config.dtype_policy()
    name = "float32"
    if mixed:
        name = "mixed_float16" if tf.config.list_physical_devices("GPU") else "mixed_bfloat16"
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


class _Seeds(threading.local):
    """Replaces Python's `random` where Keras draws seeds; each thread may have its own numbers.

    Attributes:
        own: Numbers of the present thread; None for those of the process.
    """

    own: random.Random | None = None

    def randint(self, low: int, high: int) -> int:
        """Draw a seed, as `random.randint` does."""
        return (self.own or random).randint(low, high)


_SEEDS = _Seeds()


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let the networks built in the body start from the same numbers each time.

    Keras draws the seeds of initialisers and of dropout from Python's `random`, once, when a layer is made;
    from then on they live in the layers. So these draws are all that has to be seeded, and only those of this
    thread: the others neither disturb them nor see a number twice.
    """
    from keras.src.random import seed_generator

    before = _SEEDS.own
    _SEEDS.own = random.Random(seed)  # noqa: S311 - nothing secret
    seed_generator.python_random = _SEEDS  # and it stays: without own numbers it is `random` itself
    try:
        yield
    finally:
        _SEEDS.own = before


def distribution() -> Any:
    """How to spread a fit over the GPUs: with a copy of the network on each when there are several."""
    import tensorflow as tf

    gpus = tf.config.list_logical_devices("GPU")
    if len(gpus) > 1:
        return tf.distribute.MirroredStrategy([gpu.name for gpu in gpus])
    return tf.distribute.get_strategy()
