"""Writes files as torch did before version 1.6, so that reading them can be tried without torch."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C
_STORAGES = {"float32": "FloatStorage", "int64": "LongStorage", "int32": "IntStorage"}


class Name:
    """A name in a module that need not be installed."""

    def __init__(self, module, name):
        self.module, self.name = module, name

    def __call__(self):
        raise AssertionError


class Call:
    """Unpickled as the result of calling a name."""

    def __init__(self, name, *arguments):
        self._name, self._arguments = name, arguments

    def __reduce__(self):
        return self._name, self._arguments


class Storage:
    """Unpickled as a reference to a storage."""

    def __init__(self, key, array, **changes):
        self.fields = {"kind": "storage", "type": Name("torch", _STORAGES[array.dtype.name]), "key": key}
        self.fields |= {"place": "cpu", "count": array.size, "view": None} | changes


class _Writer(pickle._Pickler):
    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, Name):
            self.write(pickle.GLOBAL + f"{obj.module}\n{obj.name}\n".encode())
        else:
            super().save(obj, save_persistent_id)

    def persistent_id(self, obj):
        return tuple(obj.fields.values()) if isinstance(obj, Storage) else None


def dumped(value):
    file = io.BytesIO()
    _Writer(file, 2).dump(value)
    return file.getvalue()


def tensor(key, array, *, offset=0, strides=None, shape=None, **storage):
    """What stands for a tensor: by default the array as it lies."""
    steps = tuple(step // array.itemsize for step in array.strides) if strides is None else strides
    return Call(
        Name("torch._utils", "_rebuild_tensor_v2"),
        Storage(key, array, **storage),
        offset,
        array.shape if shape is None else shape,
        steps,
        False,
        OrderedDict(),
    )


def written(arrays, *, magic=MAGIC, little=True, described=None, order=None):
    """The bytes of a file.

    Args:
        arrays: Arrays by name; each is its own storage, with its name as the key.
        magic: First number.
        little: What the file says of the order of bytes.
        described: Values in place of the tensors.
        order: Keys of the storages in place of the arrays' names.
    """
    described = described or {name: tensor(name, array) for name, array in arrays.items()}
    head = [magic, 1001, {"protocol_version": 1001, "little_endian": little}, OrderedDict(described)]
    parts = [dumped(value) for value in (*head, list(order or arrays))]
    for array in arrays.values():
        flat = np.ascontiguousarray(array).tobytes() if array.flags.c_contiguous else array.T.tobytes()
        parts += [array.size.to_bytes(8, "little"), flat]
    return b"".join(parts)
