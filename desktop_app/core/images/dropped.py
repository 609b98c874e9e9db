"""What was dragged or pasted, as text or HTML -> sources. Nothing is opened here."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, picture_format
from desktop_app.core.images.folders import PICTURE_EXTENSIONS
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, Source

MAX_TEXT = 64_000_000
"""Characters: a data URI of the largest picture that a link may lead to, and then some."""

_IMG = re.compile(r"""<img\b((?:[^<>"']|"[^"<]*"|'[^'<]*')*)""", re.IGNORECASE)
_SRC = re.compile(r"""(?<![\w-])src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
_ALT = re.compile(r"""(?<![\w-])alt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)
"""Expressions instead of an HTML parser: they take time in proportion to the text, whatever it is."""

_SCHEME = re.compile(r"(https?|file|data):", re.IGNORECASE)
_DATA_URI = re.compile(r"data:image/[\w.+-]+((?:;[\w.+=-]+)*),", re.IGNORECASE)
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]")
_LINK_NAME = "picture from a web page"
_NAME_LENGTH = 80


def sources_from_text(text: str) -> list[Source]:
    """Read lines of text: what ``text/uri-list`` and ``text/plain`` carry.

    Each line may be a ``file:``, ``http:``, ``https:`` or ``data:`` URI or an absolute path, also with ``~``
    or in quotation marks. Comment lines (``#``, RFC 2483) and all other lines are left out.

    Returns:
        The sources in order, each once.
    """
    if len(text) > MAX_TEXT:
        return []
    found = (_source(line.strip()) for line in re.split(r"[\r\n\0]+", text))
    return list(dict.fromkeys(source for source in found if source is not None))


def sources_from_html(html: str) -> list[Source]:
    """Read the picture out of HTML that a browser gives along when a picture is dragged or copied.

    Returns:
        The first ``img`` whose source is a link, a file or a ``data:`` URI, as the only element; or nothing.
    """
    if len(html) > MAX_TEXT:
        return []
    for element in _IMG.finditer(html):
        text = _attribute(_SRC, element[1])
        source = _from_uri(_with_scheme(text))
        if source is not None:
            return [source]
    return []


def is_picture(data: bytes) -> bool:
    """Whether the bytes of a file begin as a picture that can be opened here."""
    return picture_format(data[:HEAD_BYTES]) is not None


def name_in_html(html: str) -> str:
    """Find a name for a picture whose bytes came along with the HTML.

    Returns:
        The file's name in the address of the first ``img``, else its description (``alt``), printable and of
        80 characters at most; empty where neither says anything.
    """
    element = _IMG.search(html) if len(html) <= MAX_TEXT else None
    if element is None:
        return ""
    link = _from_uri(_with_scheme(_attribute(_SRC, element[1])))
    name = link.name if isinstance(link, LinkSource) else ""
    described = " ".join(_attribute(_ALT, element[1]).split())
    if not described or os.path.splitext(name)[1].lower() in PICTURE_EXTENSIONS:  # noqa: PTH122 - of a link
        described = name
    return printable(described)[:_NAME_LENGTH]


def _attribute(which: re.Pattern[str], element: str) -> str:
    # Its table of 2,231 names is needed for what comes from a browser only.
    from html import unescape

    found = which.search(element)
    return unescape(next(filter(None, found.groups()), "")).strip() if found else ""


def _with_scheme(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address


def source_from_argument(word: str) -> Source:
    """Read one word of a command line: a link, a ``file:`` or ``data:`` URI, or a path, also relative."""
    return _from_uri(word) or FileSource(Path(word))


def _source(line: str) -> Source | None:
    if not line or line.startswith("#"):
        return None
    if len(line) > 2 and line[0] == line[-1] and line[0] in "\"'":
        line = line[1:-1]
    return _from_uri(line) or _from_path(line)


def _from_uri(text: str) -> Source | None:
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme in {"http", "https"}:
        return LinkSource(text)
    if scheme == "data":
        return _from_data(text)
    return _from_file_uri(text) if scheme == "file" else None


def _from_data(text: str) -> Source | None:
    """Unpack a ``data:`` URI (RFC 2397)."""
    head = _DATA_URI.match(text)
    if head is None:
        return None
    data = unquote_to_bytes(text[head.end() :])
    if head[1].lower().endswith(";base64"):
        try:
            data = base64.b64decode(data)
        except binascii.Error:
            return None
    return DataSource(_LINK_NAME, data)


def _from_file_uri(text: str) -> Source | None:
    """Unpack a ``file:`` URI (RFC 8089); names that are not UTF-8 come through unchanged."""
    try:
        parts = urlsplit(text)
        path = os.fsdecode(unquote_to_bytes(parts.path))
    except ValueError:
        return None
    if os.name == "nt":
        host = parts.netloc if parts.netloc.lower() != "localhost" else ""
        path = f"//{host}{path}" if host else path.lstrip("/")
    elif parts.netloc.lower() not in {"", "localhost"}:
        return None  # on another computer
    return FileSource(Path(path)) if Path(path).is_absolute() else None


def _from_path(text: str) -> Source | None:
    if text.startswith("~"):
        text = os.path.expanduser(text)  # noqa: PTH111 Path.expanduser raises for an unknown user
    if Path(text).is_absolute() or (os.name == "nt" and _WINDOWS_PATH.match(text)):
        return FileSource(Path(text))
    return None
