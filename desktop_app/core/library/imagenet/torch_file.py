"""Tensors from a file that torch wrote before version 1.6, read without torch.

Such a file is a row of pickles: a magic number, a version, facts about the computer, the tensors by name with
references to their storages, and the storages' keys; then each storage's length and raw numbers.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from desktop_app.core.foundation.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_DAMAGE = (pickle.UnpicklingError, ValueError, LookupError, TypeError, AttributeError, EOFError)
_ADVICE = "Install the package with the published weights again."


class _StorageType(str):
    """Number format of a storage, in numpy's words."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: str
    count: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_tensors(data: bytes) -> Mapping[str, NDArray[Any]]:
    """Read all tensors of a file.

    Args:
        data: The whole file.

    Returns:
        float32 or int64 arrays by name, in the file's order.

    Raises:
        ModelError: It is not such a file, or holds something other than float and int tensors.
    """
    file = io.BytesIO(data)
    try:
        if _Reader(file).load() != _MAGIC or _Reader(file).load() != _VERSION:
            _unfit("it does not begin as one")
        facts = _Reader(file).load()
        if not isinstance(facts, dict) or facts.get("little_endian") is not True:
            _unfit("its numbers are not little-endian")
        described = _Reader(file).load()
        keys = _Reader(file).load()
        if not isinstance(described, dict) or not isinstance(keys, list):
            _unfit("it does not hold tensors by name")
        storages = {tensor.storage.key: tensor.storage for tensor in described.values()}
        numbers = {key: _numbers(file, storages[key]) for key in keys}
        return {name: _array(tensor, numbers[tensor.storage.key]) for name, tensor in described.items()}
    except ModelError:
        raise
    except _DAMAGE as error:
        _unfit(f"it is damaged ({type(error).__name__})")


class _Reader(pickle.Unpickler):
    """Unpickles plain values and the description of tensors; refuses every other name."""

    _KNOWN: Mapping[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, strides, *_: _Tensor(
            storage, offset, shape, strides
        ),
        ("torch", "FloatStorage"): _StorageType("<f4"),
        ("torch", "LongStorage"): _StorageType("<i8"),
        ("torch", "IntStorage"): _StorageType("<i4"),
    }

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._KNOWN:
            _unfit(f"it asks for {module}.{name}")
        return self._KNOWN[module, name]

    def persistent_load(self, reference: Any) -> _Storage:
        kind, dtype, key, _location, count, view = reference
        if kind != "storage" or not isinstance(dtype, _StorageType) or view is not None:
            _unfit("a storage is not stored whole")
        return _Storage(str(key), str(dtype), int(count))


def _numbers(file: io.BytesIO, storage: _Storage) -> NDArray[Any]:
    if int.from_bytes(file.read(8), "little") != storage.count:
        _unfit("a storage has another length than its description")
    size = storage.count * np.dtype(storage.dtype).itemsize
    data = file.read(size)
    if len(data) != size:
        _unfit("it ends too early")
    return np.frombuffer(data, storage.dtype)


def _array(tensor: _Tensor, numbers: NDArray[Any]) -> NDArray[Any]:
    """Lay a tensor's numbers out in its shape, after checking that none lies outside of its storage."""
    if min((tensor.offset, *tensor.shape, *tensor.strides)) < 0:
        _unfit("a tensor has a negative size")
    steps = zip(tensor.shape, tensor.strides, strict=True)
    last = tensor.offset + sum((size - 1) * stride for size, stride in steps)
    if 0 in tensor.shape or last >= len(numbers):
        _unfit("a tensor is longer than its storage")
    strides = tuple(stride * numbers.itemsize for stride in tensor.strides)
    view = np.lib.stride_tricks.as_strided(numbers[tensor.offset :], tensor.shape, strides, writeable=False)
    return np.ascontiguousarray(view).reshape(tensor.shape)


def _unfit(reason: str) -> NoReturn:
    raise ModelError(f"The weights are not the torch file that is expected: {reason}.", _ADVICE)
