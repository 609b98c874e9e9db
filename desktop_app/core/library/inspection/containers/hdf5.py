"""The inside of a weights file: plain groups and plain arrays, nothing that leads anywhere else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_app.core.engine.libraries import import_h5py
from desktop_app.core.library.inspection.containers.limits import MAX_HDF5_DEPTH, MAX_HDF5_OBJECTS
from desktop_app.core.library.inspection.containers.refusal import refuse, short

if TYPE_CHECKING:
    import io
    from collections.abc import Mapping
    from typing import BinaryIO

    import h5py


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """An array in a weights file.

    Attributes:
        shape: Sizes along its axes; empty for a single number.
        dtype: Number format, such as ``float32``.
        bytes: Size in memory, and on disk too.
    """

    shape: tuple[int, ...]
    dtype: str
    bytes: int


def stored_tensors(file: io.RawIOBase | io.BufferedIOBase | BinaryIO, size: int) -> dict[str, StoredTensor]:
    """Check every group and array of an HDF5 file and list the arrays; no array is read.

    Args:
        file: The HDF5 file, open for reading.
        size: Number of its bytes; the arrays together cannot have more.

    Returns:
        Arrays by their path, such as ``layers/conv2d/vars/0``.

    Raises:
        ModelError: It is damaged, or has links, external or virtual storage, compressed, chunked or
            unallocated arrays, arrays of anything but numbers, or too many objects.
    """
    import_h5py()
    import h5py

    try:
        with h5py.File(file, "r") as weights:
            tensors = _Walk(h5py).tensors(weights)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        refuse(f"its weights cannot be read ({type(error).__name__})")
    if sum(tensor.bytes for tensor in tensors.values()) > size:
        refuse("its weights claim more numbers than the file holds")
    return tensors


def read_statistics(
    file: io.RawIOBase | io.BufferedIOBase | BinaryIO, tensors: Mapping[str, StoredTensor], channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Read mean and variance of the only Normalization layer in a checked weights file.

    Args:
        file: The HDF5 file, open for reading.
        tensors: Its arrays, as `stored_tensors` lists them.
        channels: Number of values that both must have.

    Returns:
        Mean and variance of each channel; None where there is no such layer, or more than one.
    """
    import h5py

    paths = [path for path in tensors if f"/{path}".endswith("/normalization/vars/0")]
    others = [path for path in tensors if "/normalization_1/vars/" in f"/{path}"]
    if len(paths) != 1 or others:
        return None
    names = [paths[0], f"{paths[0][:-1]}1"]
    if any(name not in tensors or tensors[name].shape != (channels,) for name in names):
        return None
    with h5py.File(file, "r") as weights:
        mean, variance = (tuple(map(float, weights[name][()])) for name in names)
    return mean, variance


class _Walk:
    """One pass over a file, remembering which objects were met."""

    def __init__(self, h5py: Any) -> None:
        self._h5py = h5py
        self._met: set[tuple[int, int]] = set()
        self._tensors: dict[str, StoredTensor] = {}

    def tensors(self, root: h5py.Group) -> dict[str, StoredTensor]:
        waiting: list[tuple[h5py.Group, int]] = [(root, 0)]
        self._meet(root, ".", "/")
        while waiting:
            group, depth = waiting.pop()
            if depth > MAX_HDF5_DEPTH:
                refuse("its weights nest too deeply")
            if len(self._met) + len(group) > MAX_HDF5_OBJECTS:
                refuse("its weights have too many objects")
            for name in group:
                child = self._child(group, name)
                if child is not None:
                    waiting.append((child, depth + 1))
        return self._tensors

    def _child(self, group: h5py.Group, name: str) -> h5py.Group | None:
        h5py = self._h5py
        path = f"{group.name.rstrip('/')}/{name}"
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            refuse(f"its weights contain a link to somewhere else at {short(path)}")
        kind = self._meet(group, name, path)
        if kind == h5py.h5o.TYPE_GROUP:
            return group[name]
        if kind != h5py.h5o.TYPE_DATASET:
            refuse(f"its weights contain something that is not an array at {short(path)}")
        self._tensors[path.lstrip("/")] = self._tensor(h5py.h5d.open(group.id, name.encode()), path)
        return None

    def _meet(self, group: h5py.Group, name: str, path: str) -> int:
        """Register an object, which must not be reachable by a second path; returns its kind."""
        info = self._h5py.h5o.get_info(group.id, name.encode())
        address = (info.fileno, info.addr)
        if address in self._met:
            refuse(f"its weights contain the same object twice at {short(path)}")
        self._met.add(address)
        return int(info.type)

    def _tensor(self, dataset: Any, path: str) -> StoredTensor:
        h5py = self._h5py
        creation = dataset.get_create_plist()
        if creation.get_external_count():
            refuse(f"its weights take {short(path)} from another file")
        if creation.get_layout() not in {h5py.h5d.CONTIGUOUS, h5py.h5d.COMPACT} or creation.get_nfilters():
            refuse(
                f"its weights store {short(path)} in pieces, compressed or virtually, which Keras never does"
            )
        kind = dataset.get_type().get_class()
        if kind not in {h5py.h5t.FLOAT, h5py.h5t.INTEGER, h5py.h5t.OPAQUE, h5py.h5t.ENUM}:
            refuse(f"its weights contain something that is not a number at {short(path)}")
        if dataset.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            refuse(f"its weights contain nothing at {short(path)}")
        shape = tuple(int(side) for side in dataset.shape)
        count = math.prod(shape) * dataset.get_type().get_size()
        if dataset.get_storage_size() != count:
            refuse(f"its weights do not hold all the numbers of {short(path)}")
        return StoredTensor(shape, str(dataset.dtype), count)
