"""What a further start of the app tells the first: what to open, as one line of JSON."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desktop_app.core.errors import SightlineError
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, Source
from desktop_app.core.storage import readable_size

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 16 * 1024 * 1024
"""The longest command line that Linux accepts is 6 MB, and base64 adds a third."""


class HandoverError(ValueError):
    """What arrived is not a message of ours."""


class TooMuchToHandOver(SightlineError):
    """The pictures that the command line itself holds make the message larger than `MAX_BYTES`."""


@dataclass(frozen=True, slots=True)
class FurtherStart:
    """What the words of a further start ask for.

    Attributes:
        sources: Pictures, folders and links to open, maybe none.
        pane: To turn to, as `desktop_app.cli.PANES` names them, or as another version does; empty for the
            one that shows the pictures.
    """

    sources: tuple[Source, ...] = ()
    pane: str = ""


class _Entry(BaseModel):
    """A source; all texts are in base64, because what is not valid UTF-8 does not fit into JSON."""

    model_config = ConfigDict(extra="forbid")


class _File(_Entry):
    kind: Literal["file"] = "file"
    path: str


class _Link(_Entry):
    kind: Literal["link"] = "link"
    url: str


class _Data(_Entry):
    kind: Literal["data"] = "data"
    name: str
    data: str


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schema_version: Literal[1] = 1
    sources: list[_File | _Link | _Data]
    pane: Annotated[str, Field(max_length=100)] | None = None
    """Left out when none is asked for: an older version, which knows no panes, still takes that."""


def encode(sources: Sequence[Source], pane: str = "") -> bytes:
    """Write down what a command line asks for; paths become absolute.

    Raises:
        TooMuchToHandOver: They take more than `MAX_BYTES`.
        TypeError: A source consists of pixels; no word of a command line stands for one.
    """
    message = _Message(sources=[_encoded(source) for source in sources], pane=pane or None)
    line = message.model_dump_json(exclude_none=True).encode() + b"\n"
    if len(line) > MAX_BYTES:
        raise TooMuchToHandOver(
            f"The open window takes {readable_size(MAX_BYTES)} from a command line, "
            f"but these pictures come to {readable_size(len(line))}.",
            "Save pictures that are written out as data: links to files, and open those.",
        )
    return line


def decode(line: bytes) -> FurtherStart:
    """Read what `encode` wrote.

    Raises:
        HandoverError: It is something else.
    """
    try:
        message = _Message.model_validate_json(line)
        return FurtherStart(tuple(_decoded(entry) for entry in message.sources), message.pane or "")
    except (ValidationError, ValueError) as error:
        reason = f"not a message of a further start: {line[:80]!r}"
        raise HandoverError(reason) from error


def _encoded(source: Source) -> _File | _Link | _Data:
    if isinstance(source, FileSource):
        return _File(path=_packed(os.fsencode(source.path.absolute())))
    if isinstance(source, LinkSource):
        return _Link(url=_packed(os.fsencode(source.url)))
    if isinstance(source, DataSource):
        return _Data(name=_packed(os.fsencode(source.name)), data=_packed(source.data))
    message = f"{source.name} cannot be handed to another process"
    raise TypeError(message)


def _decoded(entry: _File | _Link | _Data) -> Source:
    if isinstance(entry, _File):
        return FileSource(Path(os.fsdecode(_unpacked(entry.path))))
    if isinstance(entry, _Link):
        return LinkSource(os.fsdecode(_unpacked(entry.url)))
    return DataSource(os.fsdecode(_unpacked(entry.name)), _unpacked(entry.data))


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
