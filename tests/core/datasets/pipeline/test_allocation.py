"""Memory for a whole data set lies where it fits, and is given back."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from desktop_app.core.datasets.pipeline import allocation
from desktop_app.core.datasets.pipeline.allocation import allocate
from desktop_app.core.foundation.errors import StorageError


def no_space(*_arguments):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("limit", [None, 0])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_an_array_of_zeros_that_can_be_written_lies_where_tensorflow_can_share_it(tmp_path, limit, dtype):
    rows, on_disk = allocate((7, 5, 3), dtype, tmp_path, limit)
    assert (rows.shape, rows.dtype, on_disk) == ((7, 5, 3), dtype, limit == 0)
    assert rows.ctypes.data % 64 == 0
    assert not rows.any()
    rows[3] = 7
    assert rows.sum() == 7 * 15


def test_a_quarter_of_the_free_memory_is_used_before_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(allocation, "free_memory", lambda: 400)
    assert not allocate((100,), np.uint8, tmp_path)[1]
    assert allocate((101,), np.uint8, tmp_path)[1]


def test_the_file_has_no_name_but_its_place_on_the_disk(tmp_path):
    before = os.statvfs(tmp_path).f_bavail
    rows, _on_disk = allocate((64 * 1024 * 1024,), np.uint8, tmp_path, 0)
    assert list(tmp_path.iterdir()) == []
    assert (before - os.statvfs(tmp_path).f_bavail) * os.statvfs(tmp_path).f_frsize > 32 * 1024 * 1024
    assert rows[-1] == 0


def test_where_places_cannot_be_reserved_zeros_are_written(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate")
    rows, on_disk = allocate((1024 * 1024 + 5,), np.uint8, tmp_path, 0)
    assert on_disk
    rows[-1] = 1
    assert rows.sum() == 1


def test_too_little_space_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("desktop_app.core.foundation.storage.free_space", lambda _folder: 1_000_000)
    with pytest.raises(StorageError, match=r"too full .* 2\.0 MB needed, 1\.0 MB free"):
        allocate((2_000_000,), np.uint8, tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "posix_fallocate", no_space)
    with pytest.raises(StorageError, match="too full"):
        allocate((2_000_000,), np.uint8, tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(StorageError, match="cannot be written"):
        allocate((10,), np.uint8, tmp_path / "none", 0)


def test_an_array_without_rows_needs_no_file(tmp_path):
    rows, on_disk = allocate((0, 4, 4, 3), np.uint8, tmp_path, 0)
    assert (rows.shape, on_disk) == ((0, 4, 4, 3), False)
