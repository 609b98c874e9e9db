"""The user's preferences, kept in one small file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desktop_app.core.errors import StorageError
from desktop_app.core.files import open_regular, write_whole
from desktop_app.core.images.sources import printable
from desktop_app.core.library.card import Fit
from desktop_app.core.storage import storage_errors

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1024 * 1024
"""Real ones have about a kilobyte."""

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=65536)]


class Settings(BaseModel):
    """What the user chose and how the window looked; `model_copy(update=...)` makes a changed one.

    Attributes:
        model_id: None until the user chooses a model.
        fit: None fits pictures as the model's card says.
        allow_private_hosts: Whether links may lead to this computer and the local network.
        window_geometry: Qt's own bytes in base64; empty before the first close.
        window_state: Likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    theme: Literal["system", "light", "dark"] = "system"
    model_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    fit: Fit | None = None
    allow_private_hosts: bool = False
    window_geometry: Base64 = ""
    window_state: Base64 = ""


class SettingsStore:
    """Reads and writes the settings file; never fails while reading.

    Args:
        path: The file; its folder is made when it is first saved.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._settings = Settings()
        self._problem = ""
        self._overridden: dict[str, tuple[object, object]] = {}

    @property
    def settings(self) -> Settings:
        """The settings in effect: the last loaded or saved."""
        return self._settings

    @property
    def problem(self) -> str:
        """What was wrong with the file when it was loaded, as sentences; empty when nothing was."""
        return self._problem

    def load(self) -> Settings:
        """Read the file; without one, or with one that does not validate, the defaults are used.

        A file that does not validate is kept beside as ``settings.invalid.json``, so that the next save
        does not destroy it; `problem` says so.
        """
        self._settings, self._problem, self._overridden = Settings(), "", {}
        try:
            with open_regular(self._path) as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                self._put_aside("it is too large")
            else:
                self._settings = Settings.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            self._put_aside(f"{where}: {first['msg']}" if where else str(first["msg"]))
        except StorageError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                self._problem = f"{error} The default settings are used."
        return self._settings

    def override(self, **changes: object) -> None:
        """Change settings for this run only, as an option of the command line does.

        What was overridden is written down only once the user changes it to something else.
        """
        for name, value in changes.items():
            self._overridden[name] = (value, getattr(self._settings, name))
        self._settings = self._settings.model_copy(update=changes)

    def save(self, settings: Settings) -> None:
        """Make the settings the ones in effect and write them whole.

        They are in effect for this run even when they cannot be written.

        Raises:
            StorageError: They cannot be written; the old file is untouched.
        """
        self._settings = settings
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            name: stored
            for name, (override, stored) in self._overridden.items()
            if getattr(settings, name) == override
        }
        write_whole(self._path, settings.model_copy(update=kept).model_dump_json(indent=2) + "\n")

    def _put_aside(self, reason: str) -> None:
        kept = self._path.with_suffix(".invalid.json")
        try:
            self._path.replace(kept)
        except OSError:
            where = "it could not be put aside"
        else:
            where = f"it was kept as {printable(str(kept))}"
        self._problem = (
            f"The settings file {printable(str(self._path))} is not valid ({reason}); {where}. "
            "The default settings are used."
        )
