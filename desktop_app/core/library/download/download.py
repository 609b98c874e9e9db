"""Downloading a published file: resumed after every interruption, used only when it is whole and right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import requests

from desktop_app.core.foundation.errors import Cancelled, DownloadError
from desktop_app.core.foundation.files import sync_folder
from desktop_app.core.foundation.locking import exclusive
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.library.download.checksums import md5_of, sha512_of
from desktop_app.core.library.download.partial_file import PartialFile
from desktop_app.core.library.download.transfer import Transfer, TransferMeter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.published_file import PublishedFile

TIMEOUTS = (10.0, 5.0)
"""Seconds to connect and between two reads; a stalled read is how long a cancel can wait."""
MAX_TRIES = 100
MAX_FRUITLESS_TRIES = 4
"""Tries in a row without a new byte before giving up."""
MAX_BYTES = 4 * 10**9
"""Limit for a file whose size is not known beforehand."""
_CHUNK = 32 * 1024
"""Bytes per read; what a cut leaves of an unfinished one is lost."""
_TRY_AGAIN_STATUS = {408, 425, 429, 500, 502, 503, 504}
_RESUME_ADVICE = "Check your internet connection and try again. What has arrived is kept."


class _Interrupted(Exception):
    """This try ended early for a reason that may pass."""


def download(
    file: PublishedFile,
    folder: Path,
    *,
    on_progress: Callable[[Transfer], None],
    cancel: CancelToken,
    retry_seconds: float = 1.0,
) -> Path:
    """Download a published file into ``folder``, resuming what an earlier try left there.

    Args:
        file: The file to download.
        folder: Folder to download to, created when missing; an unfinished file stays there after a failure or
            a cancel.
        on_progress: Callback for at most 20 reports a second, in this thread.
        cancel: Token checked between reads and while waiting.
        retry_seconds: Pause before the first retry; doubled with each fruitless one.

    Returns:
        The verified file ``folder / file.name``.

    Raises:
        DownloadError: The server or the connection failed, or the file that came is not the published one.
        StorageError: The disk is too full (said before anything is fetched) or refuses.
        Cancelled: The user cancelled.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with storage_errors(folder), exclusive(folder / f"{file.name}.lock") as mine:
        if not mine:
            raise DownloadError(
                f"{file.name} is being downloaded by another Sightline.", "Wait until that one is done."
            )
        return _Download(file, folder, on_progress, cancel).run(retry_seconds)


class _Download:
    """One download, holding the lock; each try either ends or raises `_Interrupted`."""

    def __init__(
        self,
        file: PublishedFile,
        folder: Path,
        on_progress: Callable[[Transfer], None],
        cancel: CancelToken,
    ) -> None:
        self._file = file
        self._folder = folder
        self._on_progress = on_progress
        self._cancel = cancel
        self._part = PartialFile(folder, file)

    def run(self, retry_seconds: float) -> Path:
        target = self._folder / self._file.name
        if target.is_file():
            if self._sum_of(target) == self._published:
                return target
            with storage_errors(target):
                target.unlink()
        if self._file.bytes is not None:
            require_space(self._folder, self._file.bytes - self._part.bytes)
        self._fetch(retry_seconds)
        actual = self._sum_of(self._part.path)
        if actual != self._published:
            self._part.discard()
            kind = "SHA-512" if self._file.sha512 else "MD5"
            raise DownloadError(
                f"What came is not {self._file.name}: its {kind} is {actual}, "
                f"that of the published file is {self._published}.",
                "Download it again; if that fails too, the server has another file.",
            )
        self._part.finish(target)
        sync_folder(self._folder)
        return target

    @property
    def _published(self) -> str:
        return self._file.sha512 or self._file.md5

    def _sum_of(self, path: Path) -> str:
        return (sha512_of if self._file.sha512 else md5_of)(path, self._cancel)

    def _fetch(self, retry_seconds: float) -> None:
        fruitless = 0
        reason = ""
        for _ in range(MAX_TRIES):
            before = self._part.bytes
            try:
                self._fetch_once()
            except _Interrupted as interruption:
                reason = str(interruption)
            else:
                return
            fruitless = 0 if self._part.bytes > before else fruitless + 1
            if fruitless == MAX_FRUITLESS_TRIES:
                break
            if self._cancel.wait(retry_seconds * 2**fruitless):
                raise Cancelled
        raise DownloadError(f"Couldn't download {self._file.title}: {reason}.", _RESUME_ADVICE)

    def _fetch_once(self) -> None:
        self._cancel.check()
        start, total = self._part.bytes, self._total
        if total is not None and start >= total:
            if start == total:
                return
            self._part.discard()
            start = 0
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if self._part.validator:
                headers["If-Range"] = self._part.validator
        try:
            with requests.Session() as session:
                session.max_redirects = 5
                # A proxy from the environment cannot reach this very machine.
                session.trust_env = not _is_loopback(self._file.url)
                with session.get(self._file.url, headers=headers, stream=True, timeout=TIMEOUTS) as response:
                    self._receive(response, start)
        except (requests.exceptions.SSLError, requests.TooManyRedirects, ValueError) as error:
            raise DownloadError(
                f"{self._file.name} cannot be fetched from {self._file.url}: {error}.",
                "Check the address, the clock and the network of this computer.",
            ) from error
        except requests.RequestException as error:
            raise _Interrupted(_reason(error)) from error

    @property
    def _total(self) -> int | None:
        """Bytes of the whole file: as published, else as the server said when it was asked last."""
        return self._file.bytes if self._file.bytes is not None else self._part.length

    def _receive(self, response: requests.Response, start: int) -> None:
        if urlsplit(self._file.url).scheme == "https" and urlsplit(response.url).scheme != "https":
            raise DownloadError(f"{self._file.url} leads to an address without encryption: {response.url}.")
        if response.status_code == 206 and start:
            self._check_continuation(response, start)
        elif response.status_code == 200:
            self._begin(response)
            start = 0
        elif response.status_code == 416 and start:
            if response.headers.get("Content-Range") == f"bytes */{start}":
                return  # all of it is here already
            self._restart("what is here does not fit the server's file any more")
        elif response.status_code in _TRY_AGAIN_STATUS:
            raise _Interrupted(f"the server answered {response.status_code} {response.reason}")
        else:
            raise DownloadError(
                f"{self._file.url} cannot be fetched: "
                f"the server answered {response.status_code} {response.reason}.",
                "Try again later, or import the file if you have it.",
            )
        self._save(response, start)

    def _begin(self, response: requests.Response) -> None:
        """Accept a whole file and start from its beginning."""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise DownloadError(
                f"The server sent a web page instead of {self._file.name}.",
                "A network that asks for a log-in does that: log in with the browser, then try again.",
            )
        length = _number(response.headers.get("Content-Length"))
        expected = self._file.bytes
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise DownloadError(f"The server sent {self._file.name} in an encoding that was not asked for.")
        if expected is not None and length is not None and length != expected:
            raise DownloadError(
                f"The server has another file than {self._file.name}: "
                f"{length:,} bytes instead of {expected:,}.",
                "Import the file if you have it, or try another address.",
            )
        if (length or 0) > MAX_BYTES:
            raise DownloadError(f"The server's {self._file.name} is too large: {length:,} bytes.")
        self._part.begin(_validator(response), length)
        if length is not None:
            require_space(self._folder, length)

    def _check_continuation(self, response: requests.Response, start: int) -> None:
        """Accept the rest of the file only if it is the rest of the same file."""
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != start:
            self._restart("the server sent another piece than the one asked for")
        same_length = match[3] == "*" or self._total in {None, int(match[3])}
        same_version = not self._part.validator or _validator(response) in {"", self._part.validator}
        if not (same_length and same_version):
            self._restart("the file on the server has changed")

    def _restart(self, reason: str) -> NoReturn:
        self._part.discard()
        raise _Interrupted(reason)

    def _save(self, response: requests.Response, start: int) -> None:
        total = self._total
        limit = MAX_BYTES if total is None else total
        meter = TransferMeter(self._on_progress, total, start)
        done = start
        with self._part.appending(None if total is None else total - start) as part:
            for chunk in _chunks(response):
                self._cancel.check()
                if done + len(chunk) > limit:
                    break
                part.write(chunk)
                done += len(chunk)
                meter.update(done)
            else:
                chunk = b""
        if chunk:
            self._part.discard()
            raise DownloadError(f"The server sent more than the {limit:,} bytes of {self._file.name}.")
        if total is not None and done < total:
            raise _Interrupted("the connection was cut")


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body in pieces; a cut connection must not look like a failing disk: both are OSErrors."""
    try:
        yield from response.iter_content(_CHUNK)
    except requests.RequestException as error:
        raise _Interrupted(_reason(error)) from error


def _validator(response: requests.Response) -> str:
    """A strong ETag, else the date of the last change: a weak ETag may name two files (RFC 9110, 8.8.1)."""
    etag = response.headers.get("ETag", "")
    return etag if etag.startswith('"') else response.headers.get("Last-Modified", "")


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "the server did not answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection was cut"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached"
    return str(error)
