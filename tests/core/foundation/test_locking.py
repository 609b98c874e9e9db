"""A lock belongs to one holder at a time and ends with it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from desktop_app.core.foundation.locking import exclusive, still_names

HOLD = """
import sys
from pathlib import Path
from desktop_app.core.foundation.locking import exclusive
with exclusive(Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_one_at_a_time(tmp_path):
    path = tmp_path / "lock"
    with exclusive(path) as first:
        assert first
        with exclusive(path) as second:
            assert not second
        assert path.exists()
    assert not path.exists()


def test_an_error_in_the_body_frees_it(tmp_path):
    path = tmp_path / "lock"
    with pytest.raises(ZeroDivisionError), exclusive(path):
        1 / 0  # noqa: B018 - an error of any kind
    assert not path.exists()
    with exclusive(path) as mine:
        assert mine


def test_a_killed_holder_does_not_block(tmp_path):
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "True\n"
        with exclusive(path) as mine:
            assert not mine
        holder.kill()
        holder.wait()
    assert path.exists()
    with exclusive(path) as mine:
        assert mine
    assert not path.exists()


def test_a_removed_file_is_noticed(tmp_path):
    path = tmp_path / "file"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
    assert still_names(path, descriptor)
    path.unlink()
    assert not still_names(path, descriptor)
    os.close(descriptor)
