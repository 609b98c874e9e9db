"""The message of a second start of the app to the first: what to open, as one line of JSON."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES = 16 * 1024 * 1024
"""The longest command line that Linux accepts is 6 MB, and base64 adds a third."""

_MAX_PANE = 100


class HandoverError(ValueError):
    """The message is not one of ours."""


class TooMuchToHandOver(SightlineError):
    """The pictures that the command line itself holds make the message larger than `MAX_BYTES`."""


@dataclass(frozen=True, slots=True)
class FurtherStart:
    """What a second start asks for.

    Attributes:
        sources: The pictures, folders and links to open, maybe none.
        pane: The pane to show, as named in `desktop_app.cli.PANES` or by another version; empty for the
            one that shows the pictures.
    """

    sources: tuple[Source, ...] = ()
    pane: str = ""


def encode(sources: Sequence[Source], pane: str = "") -> bytes:
    """Encode what a command line asks for; paths become absolute.

    Raises:
        TooMuchToHandOver: They take more than `MAX_BYTES`.
        TypeError: A source consists of pixels; no word of a command line stands for one.
    """
    message: dict[str, object] = {
        "schema_version": 1,
        "sources": [_encoded(source) for source in sources],
    }
    if pane:  # omitted when none is asked for: an older version, which knows no panes, still accepts that
        message["pane"] = pane
    line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
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
        HandoverError: The message is something else.
    """
    try:
        return _further_start(json.loads(line))
    except (ValueError, RecursionError) as error:
        reason = f"not a message of a second start: {line[:80]!r}"
        raise HandoverError(reason) from error


def _further_start(message: object) -> FurtherStart:
    match message:
        case {"schema_version": 1, "sources": list(entries), **more}:
            pane = more.pop("pane", "")
            if not more and isinstance(pane, str) and len(pane) <= _MAX_PANE:
                return FurtherStart(tuple(map(_decoded, entries)), pane)
    reason = "unknown fields or values"
    raise ValueError(reason)


def _encoded(source: Source) -> dict[str, str]:
    """A source; all texts are in base64, because what is not valid UTF-8 does not fit into JSON."""
    if isinstance(source, FileSource):
        return {"kind": "file", "path": _packed(os.fsencode(source.path.absolute()))}
    if isinstance(source, LinkSource):
        return {"kind": "link", "url": _packed(os.fsencode(source.url))}
    if isinstance(source, DataSource):
        return {"kind": "data", "name": _packed(os.fsencode(source.name)), "data": _packed(source.data)}
    message = f"{source.name} cannot be handed to another process"
    raise TypeError(message)


def _decoded(entry: object) -> Source:
    match entry:
        case {"kind": "file", "path": str(path), **more} if not more:
            return FileSource(Path(os.fsdecode(_unpacked(path))))
        case {"kind": "link", "url": str(url), **more} if not more:
            return LinkSource(os.fsdecode(_unpacked(url)))
        case {"kind": "data", "name": str(name), "data": str(data), **more} if not more:
            return DataSource(os.fsdecode(_unpacked(name)), _unpacked(data))
    reason = "not a source"
    raise ValueError(reason)


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
