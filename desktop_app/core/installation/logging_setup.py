"""The log file: small, rotating, and without anything that says who the user is."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import TYPE_CHECKING

from desktop_app.core.installation.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG_FILE = "sightline.log"
MAX_BYTES = 1_000_000
FILES = 3
"""The one being written and two older ones: ``sightline.log.1`` and ``.2``."""

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class ScrubbedFormatter(logging.Formatter):
    """Formats as usual, then takes the user's home, name and link secrets out, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as it may be written down."""
        return scrub(super().format(record))


class RotatingFile(logging.FileHandler):
    """A log that is put aside before it gets larger than `MAX_BYTES`; the older files get numbers.

    Python's own handler of this kind brings 15 modules for logs that go over a network, which the window
    would wait for.
    """

    def __init__(self, path: Path) -> None:
        """Open the log, to write at its end.

        Args:
            path: The file; its folder exists.

        Raises:
            OSError: It cannot be opened.
        """
        # Escaped are file names that are not valid UTF-8.
        super().__init__(path, encoding="utf-8", errors="backslashreplace")
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, into a new file if it does not fit into this one."""
        try:
            if self._is_full(record):
                self._rotate()
        except Exception:  # noqa: BLE001 - what cannot be logged must not end what was being done
            self.handleError(record)
        super().emit(record)

    def _is_full(self, record: logging.LogRecord) -> bool:
        if self.stream is None or not self._path.is_file():  # closed, or a device, which stays
            return False
        self.stream.seek(0, os.SEEK_END)
        there = self.stream.tell()
        line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
        return there > 0 and there + len(line) >= MAX_BYTES

    def _rotate(self) -> None:
        if self.stream is not None:
            self.stream.close()
        try:
            numbered = [self._path, *(self._path.with_name(f"{LOG_FILE}.{n}") for n in range(1, FILES))]
            for older, newer in zip(reversed(numbered), reversed(numbered[:-1]), strict=False):
                if newer.exists():
                    newer.replace(older)
        finally:
            self.stream = self._open()


@contextlib.contextmanager
def log_file(folder: Path, level: int = logging.INFO) -> Iterator[Path | None]:
    """Write the app's records from ``level`` on, others' and Python's warnings, to a rotating file.

    Only one process may write it at a time. Where the folder cannot be written to, records go to
    standard error instead.

    Args:
        folder: Folder for the log; made when missing.
        level: Lowest level of the app's own records; all others are logged from WARNING on.

    Yields:
        The log file, or None when it cannot be written.
    """
    path: Path | None = folder / LOG_FILE
    handler = _open_handler(folder)
    if handler is None:
        path, handler = None, logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbedFormatter(_FORMAT))
    root, app = logging.getLogger(), logging.getLogger("desktop_app")
    level_before = app.level
    app.setLevel(level)
    root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield path
    finally:
        logging.captureWarnings(False)
        root.removeHandler(handler)
        app.setLevel(level_before)
        handler.close()


def _open_handler(folder: Path) -> logging.Handler | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return RotatingFile(folder / LOG_FILE)
    except OSError:
        return None
