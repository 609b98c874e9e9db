"""The layout of a weights file: which layers it must have, and nothing that leads elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.library.inspection.containers.hdf5 import stored_tensors
from desktop_app.core.library.inspection.containers.refusal import Refusal, naming_the_file, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop_app.core.library.inspection.containers.hdf5 import StoredTensor

    Shape = tuple[int, ...]


def check_weights(
    path: Path, shapes: Mapping[str, tuple[Shape, Shape]], *, network: str, advice: str
) -> None:
    """Check that an HDF5 file has a network's layers, each with float32 kernel and bias of the right shapes.

    Args:
        path: The file.
        shapes: Shapes of kernel and bias by layer; the file may have more layers.
        network: Name of the network, for the sentence.
        advice: What to do when it does not.

    Raises:
        ModelError: A layer is missing or different, or there are links, external, virtual or compressed
            arrays.
        StorageError: It cannot be read.
    """
    import_h5py()
    import h5py

    with naming_the_file(path), open_regular(path) as file:
        try:
            tensors = stored_tensors(file, file.seek(0, 2))
            with h5py.File(file, "r") as weights:
                for layer, expected in shapes.items():
                    if layer not in weights:
                        _unfit(network, advice, f"the layer {layer} is missing")
                    if _described(weights[layer], layer, tensors) != [
                        (shape, "float32") for shape in expected
                    ]:
                        _unfit(network, advice, f"the layer {layer} has other weights")
        except Refusal as refusal:
            refuse(refusal.clause, advice)  # the advice for .keras files would be misleading
        except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
            _unfit(network, advice, type(error).__name__)


def _described(group: Any, layer: str, tensors: Mapping[str, StoredTensor]) -> list[tuple[Shape, str] | None]:
    names = [name.decode() if isinstance(name, bytes) else str(name) for name in group.attrs["weight_names"]]
    found = [tensors.get(f"{layer}/{name}") for name in names]
    return [(tensor.shape, tensor.dtype) if tensor else None for tensor in found]


def _unfit(network: str, advice: str, reason: str) -> NoReturn:
    refuse(f"it does not hold weights of {network}: {reason}", advice)
