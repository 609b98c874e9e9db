"""A home folder of the self-test's own, so that nothing of it touches the user's."""

from __future__ import annotations

import contextlib
import os
import site
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = os.fsdecode("Jörg's own home 家".encode())
"""Programs break on names that were never tried; made of bytes, because a system of another
encoding could not write these letters."""

_FOLDERS = {
    "HOME": "",
    "SIGHTLINE_HOME": "Sightline data",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
"""Environment variables that say where programs keep a user's files, and folders in the home for them."""


@contextlib.contextmanager
def own_home() -> Iterator[Path]:
    """Give this process and those that it starts an empty home folder, which is deleted in the end.

    Yields:
        The folder; its name has spaces and letters that are not ASCII.
    """
    with tempfile.TemporaryDirectory(prefix="sightline-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / NAME
        home.mkdir()
        # What was installed with ``pip install --user`` is found through the home folder too.
        changes = {"PYTHONUSERBASE": site.getuserbase()}
        changes |= {name: str(home / place) for name, place in _FOLDERS.items()}
        before = {name: os.environ.get(name) for name in changes}
        os.environ.update(changes)
        try:
            yield home
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
