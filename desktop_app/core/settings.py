"""The user's preferences, kept in one small file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from desktop_app import __version__
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import open_regular, write_whole
from desktop_app.core.foundation.migration import DocumentKind, NewerVersion, replace_outdated
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.card_limits import MAX_ID

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.networks.input_spec import Fit


def _with_maker(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"made_by": ""}


def _with_engine(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"engine": "automatic", "precision": "automatic"}


SETTINGS = DocumentKind((_with_maker, _with_engine))
"""Version 2 says which Sightline wrote the file; version 3 has the engine and its precision."""

MAX_BYTES = 1024 * 1024
"""Limit of the file's size; real ones have about a kilobyte."""

_MAX_BASE64 = 65_536
_MAX_VERSION = 50
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")


@dataclass(frozen=True)
class Settings:
    """The user's choices and the state of the window; validated by hand, as the window waits for it.

    Attributes:
        schema_version: Version of the file's format.
        made_by: The version of Sightline that wrote the file; empty for versions that did not store theirs.
        theme: Colours of the window; ``system`` follows the desktop.
        model_id: Id of the chosen model; None until the user chooses one.
        fit: How pictures are fitted; None follows the model's card.
        engine: The engine that classifies; ``automatic`` as `core.inference.choice` has it.
        precision: The numbers that it computes with, likewise.
        show_seen: Whether a frame over the picture shows what the network sees.
        allow_private_hosts: Whether links to local addresses are allowed.
        window_geometry: Geometry of the window as Qt's bytes in base64; empty before the first close.
        window_state: State of the window, in the same form.

    Raises:
        ValueError: A value is not allowed; the text begins with its name.
    """

    schema_version: Literal[3] = 3
    made_by: str = __version__
    theme: Literal["system", "light", "dark"] = "system"
    model_id: str | None = None
    fit: Fit | None = None
    engine: Literal["automatic", "tensorflow"] = "automatic"
    precision: Literal["automatic", "float32"] = "automatic"
    show_seen: bool = False
    allow_private_hosts: bool = False
    window_geometry: str = ""
    window_state: str = ""

    def __post_init__(self) -> None:
        """Check every value: the file may hold anything."""
        _require_one_of("schema_version", self.schema_version, (SETTINGS.version,))
        if not _is_text(self.made_by, 0, _MAX_VERSION):
            message = f"made_by: it must be a text of at most {_MAX_VERSION} characters"
            raise ValueError(message)
        _require_one_of("theme", self.theme, ("system", "light", "dark"))
        if self.model_id is not None and not _is_text(self.model_id, 1, MAX_ID):
            message = f"model_id: it must be a text of 1 to {MAX_ID} characters, or null"
            raise ValueError(message)
        _require_one_of("fit", self.fit, ("squash", "crop", "both", None))
        _require_one_of("engine", self.engine, ("automatic", "tensorflow"))
        _require_one_of("precision", self.precision, ("automatic", "float32"))
        _require_one_of("show_seen", self.show_seen, (True, False))
        _require_one_of("allow_private_hosts", self.allow_private_hosts, (True, False))
        for name in ("window_geometry", "window_state"):
            value = getattr(self, name)
            if not _is_text(value, 0, _MAX_BASE64) or _BASE64.fullmatch(value) is None:
                message = f"{name}: it must be base64 of at most {_MAX_BASE64} characters"
                raise ValueError(message)

    @classmethod
    def from_json(cls, data: bytes) -> Settings:
        """Read what `to_json` wrote.

        Raises:
            ValueError: It is something else.
        """
        try:
            values = json.loads(data)
        except RecursionError as error:
            message = "it is nested too deeply"
            raise ValueError(message) from error
        if not isinstance(values, dict):
            message = "it must hold an object"
            raise ValueError(message)  # noqa: TRY004 - everything wrong with the file is the same error
        known = {field.name for field in fields(cls)}
        if unknown := [name for name in values if name not in known]:
            message = f"{unknown[0]}: there is no such setting"
            raise ValueError(message)
        return cls(**values)

    def to_json(self) -> str:
        """Write all settings, also those that were never changed."""
        return json.dumps(asdict(self), indent=2)

    def changed(self, **values: Any) -> Settings:
        """Copy the settings with some other values.

        Raises:
            ValueError: A value is not allowed.
        """
        return replace(self, **values)


def _require_one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Compare types too: JSON's 1 is not true."""
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        message = f"{name}: it must be one of {json.dumps(allowed)[1:-1]}"
        raise ValueError(message)


def _is_text(value: object, shortest: int, longest: int) -> bool:
    return isinstance(value, str) and shortest <= len(value) <= longest


class SettingsStore:
    """Reads and writes the settings file; never fails while reading.

    Args:
        path: The settings file; its folder is made when it is first saved.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._settings = Settings()
        self._problem = ""
        self._overridden: dict[str, tuple[object, object]] = {}

    @property
    def settings(self) -> Settings:
        """The settings in effect, as last loaded or saved."""
        return self._settings

    @property
    def problem(self) -> str:
        """What was wrong with the file when it was loaded, as sentences; empty when nothing was."""
        return self._problem

    def load(self) -> Settings:
        """Read the file; without one, or with one that does not validate, the defaults are used.

        A file of an earlier version is upgraded. One that does not validate, or that a newer Sightline made,
        is kept next to it as ``settings.invalid.json``, so that the next save does not destroy it; `problem`
        says so.
        """
        self._settings, self._problem, self._overridden = Settings(), "", {}
        try:
            with open_regular(self._path) as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                self._put_aside_invalid("it is too large")
            else:
                current = SETTINGS.upgraded(data, self._path)
                self._settings = Settings.from_json(current)
                replace_outdated(self._path, data, current)
        except NewerVersion as error:
            self._put_aside(str(error))
        except ValueError as error:
            self._put_aside_invalid(printable(str(error)))
        except StorageError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                self._problem = f"{error} The default settings are used."
        return self._settings

    def override(self, **changes: object) -> None:
        """Change settings for this run only, as an option of the command line does.

        An overridden setting is saved only once the user changes it to something else.
        """
        for name, value in changes.items():
            self._overridden[name] = (value, getattr(self._settings, name))
        self._settings = self._settings.changed(**changes)

    def save(self, settings: Settings) -> None:
        """Put settings into effect and write the whole file.

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
        write_whole(self._path, settings.changed(**kept, made_by=__version__).to_json() + "\n")

    def _put_aside_invalid(self, reason: str) -> None:
        self._put_aside(f"The settings file {printable(str(self._path))} is not valid ({reason}).")

    def _put_aside(self, problem: str) -> None:
        kept = self._path.with_suffix(".invalid.json")
        try:
            self._path.replace(kept)
        except OSError:
            where = "It could not be put aside"
        else:
            where = f"It was kept as {printable(str(kept))}"
        self._problem = f"{problem} {where}. The default settings are used."
