"""Checks whether there is a newer Sightline, only when the user asks.

Whoever publishes Sightline puts a small file beside the installers, whose address the build knows::

    {"version": "1.2.3", "notes": "- What is new.", "page": "https://..."}

Nothing is sent but the request for that file.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import requests
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, StringConstraints, ValidationError

from desktop_app import __version__
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import DownloadError, UsageError

TIMEOUTS = (10.0, 5.0)
"""Seconds to connect and between two reads."""
TOTAL_SECONDS = 20.0
MAX_BYTES = 64 * 1024
LONGEST_NOTES = 4000
"""Most characters of the release notes that are shown."""

_MAX_REDIRECTS = 5
_CHUNK = 4096
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_CHECK_ADDRESS = "Ask whoever gave you this Sightline, or look for a newer one there."
_CHECK_CONNECTION = "Check the connection and try again."


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """The published version beside the installed one.

    Attributes:
        installed: The version that runs.
        newest: The published one.
        notes: Release notes in plain text; may be empty.
        page: Address of the download page; empty when none is given.
    """

    installed: str
    newest: str
    notes: str
    page: str

    @property
    def newer(self) -> bool:
        """Whether the published version is newer than this one."""
        return Version(self.newest) > Version(self.installed)

    @property
    def sentence(self) -> str:
        """The answer for a person."""
        if self.newer:
            return f"Sightline {self.newest} is available; this is {self.installed}."
        if Version(self.newest) == Version(self.installed):
            return f"This is the newest version, {self.installed}."
        return f"This version, {self.installed}, is newer than the published one, {self.newest}."


class _Published(BaseModel):
    version: Annotated[str, StringConstraints(max_length=50)]
    notes: str = ""
    page: str = ""


def check_for_updates(url: str, *, installed: str = __version__, cancel: CancelToken = NEVER) -> UpdateAnswer:
    """Fetch what is published and compare.

    Args:
        url: Address of the file; ``https``, or anything on this computer.
        installed: The version to compare with.
        cancel: Token checked between reads.

    Raises:
        UsageError: The address is not valid or not encrypted.
        DownloadError: The server does not respond, or with something else.
        Cancelled: The user cancelled.
    """
    if not _is_safe(url):
        raise UsageError(
            f"Updates cannot be checked at {url or 'an empty address'}: it does not begin with https://.",
            _CHECK_ADDRESS,
        )
    data = _fetch(url, cancel)
    try:
        published = _Published.model_validate_json(data)
        Version(published.version)
    except (ValidationError, InvalidVersion) as error:
        raise DownloadError(f"What is published at {url} names no version.", _CHECK_ADDRESS) from error
    page = published.page if _is_safe(published.page) else ""
    return UpdateAnswer(installed, published.version, published.notes[:LONGEST_NOTES].strip(), page)


def _fetch(url: str, cancel: CancelToken) -> bytes:
    deadline = time.monotonic() + TOTAL_SECONDS
    headers = {
        "User-Agent": f"Sightline/{__version__}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # nothing that unpacks to more than it weighs
    }
    try:
        with requests.Session() as session:
            session.max_redirects = _MAX_REDIRECTS
            # A proxy from the environment cannot reach this very machine.
            session.trust_env = urlsplit(url).hostname not in _LOOPBACK
            with session.get(url, headers=headers, stream=True, timeout=TIMEOUTS) as response:
                _check(response, url)
                data = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    cancel.check()
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise DownloadError(
                            f"What is published at {url} is too large to name a version.", _CHECK_ADDRESS
                        )
                    if time.monotonic() > deadline:
                        raise DownloadError(f"{url} takes too long to answer.", _CHECK_CONNECTION)
                return bytes(data)
    except requests.Timeout as error:
        raise DownloadError(f"{url} takes too long to answer.", _CHECK_CONNECTION) from error
    except (requests.exceptions.SSLError, requests.TooManyRedirects) as error:
        raise DownloadError(f"{url} cannot be trusted: {_reason(error)}.", _CHECK_ADDRESS) from error
    except (requests.RequestException, ValueError) as error:
        raise DownloadError(f"{url} cannot be reached.", _CHECK_CONNECTION) from error


def _check(response: requests.Response, url: str) -> None:
    if not all(_is_safe(hop.url) for hop in (*response.history, response)):
        raise DownloadError(f"{url} leads to an address without encryption.", _CHECK_ADDRESS)
    if response.status_code != requests.codes.ok:
        raise DownloadError(
            f"Nothing is published at {url}: the server answered {response.status_code}.", _CHECK_ADDRESS
        )


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.TooManyRedirects):
        return f"it redirects more than {_MAX_REDIRECTS} times"
    return "it cannot prove that it is what it claims to be"


def _is_safe(url: str) -> bool:
    """Whether nobody on the way can change what comes from there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
