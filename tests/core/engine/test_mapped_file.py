from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.engine import mapped_file
from desktop_app.core.engine.mapped_file import HeldWeights, MappedFile
from desktop_app.core.foundation.errors import ModelError

OFFSET = 4 * 333
NUMBERS = np.arange(20_000, dtype="<f4").reshape(100, 200)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(bytes(OFFSET) + NUMBERS.tobytes() + bytes(12))
    return path


def test_the_numbers_of_the_file_are_there(path):
    assert (MappedFile(path).array(OFFSET, (100, 200)) == NUMBERS).all()


def test_released_numbers_come_back(path):
    file = MappedFile(path)
    numbers = file.array(OFFSET, (100, 200))
    for released in (numbers, numbers[50:], numbers[:1], numbers.reshape(-1)[17:]):
        assert (numbers == NUMBERS).all()
        file.release(released)
    assert (numbers == NUMBERS).all()


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="needs Linux's list of mappings")
def test_released_numbers_take_no_memory(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(bytes(64 * 4096))
    file = MappedFile(path)
    held = HeldWeights(file.array(0, (64 * 1024,)), file)
    assert _resident(path) == 0
    assert held.numbers.sum() == 0
    assert _resident(path) == 256
    held.release()
    assert _resident(path) == 0
    assert held.all_finite()
    assert _resident(path) == 0


def test_a_file_that_is_replaced_stays_what_it_was(path, tmp_path):
    held = HeldWeights(*_both(path))
    other = tmp_path / "other"
    other.write_bytes(bytes(path.stat().st_size))
    other.replace(path)
    held.release()
    held.check()
    assert (held.numbers == NUMBERS).all()
    path.unlink()
    held.check()


@pytest.mark.parametrize("change", ["written over", "cut short"])
def test_a_file_that_is_written_over_is_noticed(path, change):
    held = HeldWeights(*_both(path))
    held.check()
    with path.open("r+b") as file:
        if change == "cut short":
            file.truncate(path.stat().st_size - 4)
        else:
            file.write(b"x")
    if change == "written over":
        os.utime(path, ns=(1, 1))
    with pytest.raises(ModelError, match=r"weights\.h5 were changed while they were in use"):
        held.check()


@pytest.mark.parametrize("position", [0, 7, 19_999])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_found(monkeypatch, position, value):
    monkeypatch.setattr(mapped_file, "_CHUNK", 8)
    numbers = NUMBERS.copy()
    numbers.reshape(-1)[position] = value
    assert HeldWeights(NUMBERS).all_finite()
    assert not HeldWeights(numbers).all_finite()


def test_weights_of_their_own_need_no_file():
    held = HeldWeights(NUMBERS)
    held.check()
    held.release()
    assert (held.numbers == NUMBERS).all()


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty"):
        MappedFile(tmp_path / "empty")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's list of open files")
def test_the_file_is_closed_when_nothing_uses_it(path):
    held = HeldWeights(*_both(path))
    assert path in _open_files()
    del held
    gc.collect()
    assert path not in _open_files()


def _both(path):
    file = MappedFile(path)
    return file.array(OFFSET, (100, 200)), file


def _open_files():
    return [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]


def _resident(path):
    """Memory in kB that this process has of a file."""
    found, inside = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if "-" in line.split(" ", 1)[0]:
            inside = line.endswith(str(path))
        elif inside and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found
