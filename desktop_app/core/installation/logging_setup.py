"""The log file: small, rotating, and without anything that says who the user is."""

from __future__ import annotations

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
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
        return RotatingFileHandler(
            folder / LOG_FILE,
            maxBytes=MAX_BYTES,
            backupCount=FILES - 1,
            encoding="utf-8",
            errors="backslashreplace",  # file names that are not valid UTF-8
        )
    except OSError:
        return None
