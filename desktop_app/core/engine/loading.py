"""Loading TensorFlow without stopping the other threads of the process."""

from __future__ import annotations

import logging
import os
import sys

from desktop_app.core.engine.libraries import (
    import_card_modules,
    import_h5py,
    import_picture_modules,
    loading,
    map_libraries,
)
from desktop_app.core.engine.processor import has_avx2
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.gc_pause import collector_resting

_LIBRARIES = (
    "*tensorflow_framework*",
    "*tensorflow_cc*",
    "python/lib_pywrap_tensorflow_common*",
    "python/profiler/internal/_pywrap_profiler_plugin*",
)
"""TensorFlow's shared objects of more than a few MB, each after those that it needs."""


class EngineError(SightlineError):
    """TensorFlow is missing from the installation or cannot start."""


def engine_loaded() -> bool:
    """Whether TensorFlow and Keras are in this process already."""
    return "tensorflow" in sys.modules and "keras" in sys.modules


def load_engine() -> None:
    """Import TensorFlow and Keras, leaving the other threads running; later calls return at once.

    A plain import stops every other thread for up to a second at a time: the loader maps more than
    1 GB of shared objects while the import holds the interpreter's lock, and the garbage collector
    walks over a million new objects again and again. So the libraries are mapped first, outside the
    lock, and the collector rests until the import is done.

    Raises:
        EngineError: TensorFlow is not installed or its libraries do not load.
    """
    import_picture_modules()
    import_card_modules()
    logging.getLogger("tensorflow").addFilter(_is_worth_logging)  # once, however often it is called
    with loading:
        if engine_loaded():
            return
        import sqlite3  # noqa: F401 - a thread that reads jobs would import it while the libraries are mapped

        _configure_keras()
        # TensorFlow reports a machine without a GPU as an error; `core.devices` explains it instead.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        if has_avx2():
            # By itself TensorFlow calls oneDNN only on processors with AVX512-VNNI and newer. On those with
            # AVX2 it makes the steps of convolutional networks up to twice as fast.
            os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
        with collector_resting(keep=True):
            map_libraries("tensorflow", _LIBRARIES)
            try:
                import_h5py()
                import keras  # noqa: F401
                import tensorflow  # noqa: F401, ICN001
            except ImportError as error:
                raise EngineError(
                    f"TensorFlow cannot be loaded: {error}.",
                    "Reinstall Sightline; 'sightline doctor' shows what is missing.",
                ) from error


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Each training compiles its own functions; after five, TensorFlow would warn of that every time."""
    return "triggered tf.function retracing" not in record.getMessage()


def _configure_keras() -> None:
    """Keep the settings of the user's other Keras projects away, and Keras from writing to ``~/.keras``.

    Another number type or order of axes would change what our models compute.
    """
    for name in [name for name in os.environ if name.startswith("KERAS_")]:
        del os.environ[name]
    os.environ.update(KERAS_BACKEND="tensorflow", KERAS_HOME=str(paths.resources() / "keras"))
