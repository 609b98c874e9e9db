"""Where files are kept: those that ship with the app, and the user's own."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from desktop_app.core.foundation.errors import DamagedInstallation

_SHIPPED = ("resources", "models")


def bundled(name: str) -> Path:
    """Find a folder that ships with the app, in a checkout, an installed wheel and a frozen build.

    A wheel carries the folders inside the package (see ``force-include`` in ``pyproject.toml``), a
    PyInstaller build beside it under ``sys._MEIPASS``, a checkout at its top.

    Args:
        name: ``resources`` or ``models``.

    Returns:
        The existing folder.

    Raises:
        DamagedInstallation: It is missing.
    """
    candidates = [place / name for place in _places()]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise DamagedInstallation(
        f"Sightline's folder '{name}' is missing from the installation.", "Reinstall Sightline."
    )


def damage(error: OSError) -> DamagedInstallation | None:
    """Say that a file which ships with the app cannot be read; None when the error is about another file."""
    if not isinstance(error.filename, str):
        return None
    path = Path(error.filename)
    if not any(path.is_relative_to(place / name) for place in _places() for name in _SHIPPED):
        return None
    message = f"A file of Sightline's installation cannot be read: {path}: {error.strerror}."
    return DamagedInstallation(message, "Reinstall Sightline.")


@cache
def _package() -> Path:
    return Path(__file__).resolve().parents[2]


def _places() -> list[Path]:
    """Where the folders that ship with the app may lie."""
    package = _package()
    frozen = getattr(sys, "_MEIPASS", None)
    return [*([Path(frozen)] if frozen else []), package / "_bundled", package.parent]


def resources() -> Path:
    """Icons, label lists, sample pictures."""
    return bundled("resources")


def shipped_models() -> Path:
    """Models that come with the app, each in its folder."""
    return bundled("models")


def home() -> Path:
    """The user's own Sightline folder; ``SIGHTLINE_HOME`` overrides the platform's folder."""
    override = os.environ.get("SIGHTLINE_HOME")
    if override:
        return Path(override).expanduser().absolute()
    return _data_folder() / "sightline"


def _data_folder() -> Path:
    """The platform's folder for what programs keep for their user.

    On Linux this is what `platformdirs` says where the environment is as usual; that brings twelve modules,
    for which every start would wait.
    """
    if sys.platform == "linux":
        for name, inside in (("XDG_DATA_HOME", ""), ("HOME", ".local/share")):
            folder = Path(os.environ.get(name, ""))
            if folder.is_absolute():
                return folder / inside
    import platformdirs

    return Path(platformdirs.user_data_dir(appauthor=False))


def library() -> Path:
    """Downloaded, imported and trained models, each in its folder."""
    return home() / "models"


def prepared_models() -> Path:
    """Models that this copy made out of its own parts, where its folder of shipped models lacks them."""
    return home() / "built-in"


def engine_data() -> Path:
    """What was made of models for OpenVINO whose own folders cannot be written."""
    return home() / "engine"


def trash() -> Path:
    """Removed models, until they are restored or the trash is emptied."""
    return home() / "trash"


def downloads() -> Path:
    """Unfinished downloads, and the runtime of exported web pages."""
    return home() / "downloads"


def backbones() -> Path:
    """Downloaded weights that trainings start from."""
    return home() / "backbones"


def runs() -> Path:
    """Training runs, each in its folder."""
    return home() / "runs"


def runs_trash() -> Path:
    """Removed training runs, until they are restored or the trash is emptied."""
    return home() / "trash-runs"


def jobs() -> Path:
    """Batch jobs, one file each, and the journals of sorted pictures."""
    return home() / "jobs"


def datasets() -> Path:
    """Unpacked archives, and what is known about pictures that were examined before."""
    return home() / "datasets"


def scratch() -> Path:
    """Pictures and features of a running training that do not fit into memory."""
    return home() / "scratch"


def logs() -> Path:
    """Rotating log files and the trace of the last crash."""
    return home() / "logs"


def settings_file() -> Path:
    """The user's preferences."""
    return home() / "settings.json"
