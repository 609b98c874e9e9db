"""Loading a ``.keras`` file that may come from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.inspection.containers.refusal import Refusal, naming_the_file
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.networks import own_layers

if TYPE_CHECKING:
    from pathlib import Path

    import keras


def load_checked_model(path: Path) -> keras.Model:
    """Inspect a ``.keras`` file, then let Keras load it in its safe mode, without its training settings.

    Args:
        path: The file; Keras insists on a name that ends in ``.keras``.

    Returns:
        An uncompiled model.

    Raises:
        ModelError: It is refused or Keras cannot load it.
        StorageError: The file cannot be read.
        EngineError: TensorFlow does not start.
    """
    inspect_archive(path)
    load_engine()
    import keras

    own_layers.make_known()
    with naming_the_file(path):
        try:
            return keras.models.load_model(path, safe_mode=True, compile=False)
        except Exception as error:
            # Keras raises whatever comes up while it builds layers; all of it means the same to a person.
            reason = str(error).strip().split("\n", 1)[0][:300].rstrip(".") or type(error).__name__
            advice = "It may need another version of Keras."
            raise Refusal(printable(f"Keras cannot load it: {reason}"), advice) from error
