"""What a second start of the app tells the first: which pictures to open, as one line of JSON."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from desktop_app.core.images.sources import FileSource, LinkSource, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 16 * 1024 * 1024
"""The longest command line that Linux accepts is 6 MB, and base64 adds a third."""


class HandoverError(ValueError):
    """What arrived is not a message of ours."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["file"] = "file"
    path: str
    """The bytes of the path in base64: names that are not valid UTF-8 do not fit into JSON."""


class _Link(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["link"] = "link"
    url: str


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schema_version: Literal[1] = 1
    sources: list[_File | _Link]


def encode(sources: Sequence[Source]) -> bytes:
    """Write the sources of a command line down; paths become absolute.

    Raises:
        TypeError: A source is neither a file nor a link; a command line has no others.
    """
    return _Message(sources=[_encoded(source) for source in sources]).model_dump_json().encode() + b"\n"


def decode(line: bytes) -> tuple[Source, ...]:
    """Read what `encode` wrote.

    Raises:
        HandoverError: It is something else.
    """
    try:
        return tuple(_decoded(entry) for entry in _Message.model_validate_json(line).sources)
    except (ValidationError, ValueError) as error:
        message = f"not a message of a second start: {line[:80]!r}"
        raise HandoverError(message) from error


def _encoded(source: Source) -> _File | _Link:
    if isinstance(source, FileSource):
        return _File(path=base64.b64encode(os.fsencode(source.path.absolute())).decode("ascii"))
    if isinstance(source, LinkSource):
        return _Link(url=source.url)
    message = f"{source.name} cannot be handed to another process"
    raise TypeError(message)


def _decoded(entry: _File | _Link) -> Source:
    if isinstance(entry, _Link):
        return LinkSource(entry.url)
    return FileSource(Path(os.fsdecode(base64.b64decode(entry.path, validate=True))))
