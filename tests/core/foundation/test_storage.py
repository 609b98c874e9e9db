"""Sizes and failures in words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import readable_size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (574_710_816, "575 MB"),
        (4_100_000.5, "4.1 MB"),
        (2 * 10**9, "2.0 GB"),
    ],
)
def test_sizes(count, text):
    assert readable_size(count) == text


def fail(number, path=Path("/nowhere/file"), **arguments):
    with storage_errors(path, **arguments):
        raise OSError(number, os.strerror(number))


def test_the_verb_says_what_was_tried():
    with pytest.raises(StorageError, match="/nowhere/file cannot be read: Input/output error"):
        fail(errno.EIO, verb="read")


def test_a_forbidden_place_gets_its_advice():
    with pytest.raises(StorageError) as error:
        fail(errno.EROFS)
    assert "you may use" in error.value.advice


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_the_apps_own_folder_can_be_elsewhere(number):
    with pytest.raises(StorageError) as error:
        fail(number, paths.runs() / "run-1" / "run.json")
    assert error.value.advice == (
        f"Give yourself the right to use Sightline's folder {paths.home()}, or have it elsewhere: set "
        "SIGHTLINE_HOME to another folder and start Sightline again."
    )


def test_a_full_disk_without_a_known_size():
    with pytest.raises(StorageError, match=r"too full for /nowhere/file: more needed, .* free\."):
        fail(errno.ENOSPC)


def test_names_that_are_not_text_can_be_printed():
    with pytest.raises(StorageError) as error:
        fail(errno.EIO, Path(os.fsdecode(b"/caf\xe9")))
    str(error.value).encode()
