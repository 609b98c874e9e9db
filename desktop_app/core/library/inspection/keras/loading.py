"""Loading a ``.keras`` file that may come from anywhere."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.inspection.containers.archive import (
    CONFIG,
    KERAS_MEMBERS,
    WEIGHTS,
    open_archive,
)
from desktop_app.core.library.inspection.containers.document import parse
from desktop_app.core.library.inspection.containers.refusal import (
    Refusal,
    naming_the_file,
    short,
    to_the_maker,
)
from desktop_app.core.library.inspection.keras.rewriting import loadable
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
    own_layers.make_known()
    with naming_the_file(path), open_archive(path, KERAS_MEMBERS) as archive:
        config = loadable(parse(archive.read(CONFIG), CONFIG))
        try:
            network = _build(config)
        except Exception as error:
            # Keras raises whatever comes up while it builds layers; all of it means the same to a person.
            raise Refusal(printable(f"Keras cannot load it: {_words(error)}"), _ADVICE) from error
        _read_weights(network, archive.window(WEIGHTS))
        return network


def _build(config: dict[str, Any]) -> keras.Model:
    """Let Keras build a network in its safe mode; layers that it contains twice are one."""
    from keras.src.saving import serialization_lib

    with serialization_lib.ObjectSharingScope():
        return serialization_lib.deserialize_keras_object(config, safe_mode=True)


def _read_weights(network: keras.Model, file: io.RawIOBase | io.BufferedIOBase) -> None:
    """Read the weights in place, without a copy of the whole file in memory.

    Raises:
        Refusal: A layer does not find its own.
    """
    from keras.src.saving import saving_lib

    errors: dict[int, tuple[Any, Exception]] = {}
    try:
        store = saving_lib.H5IOStore(_InPlace(file), mode="r")
        try:
            # The public way reads a file by its path, and would copy all of it first.
            saving_lib._load_state(  # noqa: SLF001
                network,
                weights_store=store,
                assets_store=None,
                inner_path="",
                visited_saveables=set(),
                failed_saveables=set(),
                error_msgs=errors,
            )
        finally:
            store.close()
    except Exception as error:
        raise Refusal(printable(f"Keras cannot load it: {_words(error)}"), _ADVICE) from error
    if not errors:
        return
    names = [str(getattr(layer, "name", type(layer).__name__)) for layer, _ in errors.values()]
    others = f" and of {counted(len(names) - 1, 'other layer')}" if len(names) > 1 else ""
    clause = (
        f"its file has the weights of the layer {short(names[0])}{others} under another name or in another "
        "shape than Keras looks for, so it is open which ones they are"
    )
    raise Refusal(printable(clause), _WEIGHTS_ADVICE) from next(iter(errors.values()))[1]


def _words(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:300].rstrip(".") or type(error).__name__


class _InPlace(io.BytesIO):
    """A file that Keras takes for one in memory; it reads where the weights lie."""

    def __init__(self, file: io.RawIOBase | io.BufferedIOBase) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        """Read up to ``size`` bytes."""
        return self._file.read(-1 if size is None else size) or b""

    def readinto(self, buffer: Any) -> int:
        """Fill as much of ``buffer`` as there is."""
        view, count = memoryview(buffer).cast("B"), 0
        while count < len(view) and (more := self._file.readinto(view[count:])):
            count += more
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Position now."""
        return self._file.tell()


_ADVICE = "It may need another version of Keras."
_WEIGHTS_ADVICE = to_the_maker(
    "load it in the Keras that wrote it and save it whole again, with model.save('NAME.keras')"
)
