"""Promise 8: a download is whole or absent, and resumes after every interruption."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, DownloadError, StorageError
from desktop_app.core.foundation.files import sweep_leftovers
from desktop_app.core.library.download import download as module
from desktop_app.core.library.download.download import download
from tests.file_server import NAME, FileServer
from tests.servers import LocalServer

FULL = 500


@dataclass(frozen=True)
class Way:
    """One way to disturb a download.

    Attributes:
        plan: What the server does wrong, request by request; afterwards it is honest.
        fails: Whether one call ends with a sentence, instead of recovering on its own.
        size_known: Whether the publisher says how long the file is.
        force: What is done to the client instead.
    """

    plan: tuple[str, ...] = ()
    fails: bool = False
    size_known: bool = True
    force: str = ""


PASSING = [
    ("cut",), ("reset",), ("cut", "cut", "reset"), ("refuse_connection",), ("busy",), ("redirect",),
    ("cut", "ignore_range"), ("cut", "unsatisfiable"), ("cut", "wrong_piece"), ("cut", "changed"),
    ("no_validator",), ("busy", "cut", "busy", "reset", "redirect"),
]  # fmt: skip
FAILING = [
    ("missing",), ("web_page",), ("too_long",), ("too_short",), ("says_too_much",), ("other_content",),
    ("compressed",), ("redirect_loop",), ("busy",) * 9, ("refuse_connection",) * 9, ("cut", "web_page"),
    ("cut", "missing"),
]  # fmt: skip
WAYS = [
    *(Way(plan) for plan in PASSING),
    *(Way(plan, fails=True) for plan in FAILING),
    Way(("cut", "changed"), size_known=False),
    Way(("endless",), fails=True, size_known=False),
    Way(("other_content",), fails=True, size_known=False),
    Way(("stall",), force="kill"),
    Way(("cut",), force="cancel"),
    Way(force="full disk"),
]

_VICTIM = """
import sys
from pathlib import Path
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.library.download.download import download
from desktop_app.core.library.download.published_file import PublishedFile
url, size, md5, folder = sys.argv[1:]
file = PublishedFile("weights.h5", url, int(size), md5)
download(file, Path(folder), on_progress=str, cancel=NEVER)
"""


def run(count: int) -> str:
    """Download ``count`` times, from servers that misbehave, or interrupted by force.

    Returns:
        The sentence with the figures.
    """
    resumed = 0
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        content = random.Random(number).randbytes(200_000 + 1013 * (number % 97))
        with tempfile.TemporaryDirectory(prefix="sightline-download-") as folder:
            resumed += _one(Path(folder), way, content)
    return (
        f"{count} downloads of {min(count, len(WAYS))} kinds (cuts, kills, wrong lengths and sums, "
        f"web pages, full disks): 0 partial or wrong files used, all fetched in the end, "
        f"{resumed} resumed by Range."
    )


def _one(folder: Path, way: Way, content: bytes) -> bool:
    """Interrupt one download in one way, then let an honest server finish it; whether that used Range."""
    handler = FileServer(content, *way.plan)
    with LocalServer(handler) as server:
        file = handler.published(server.url, size_known=way.size_known)
        if way.force:
            {"kill": _kill, "cancel": _cancel, "full disk": _full_disk}[way.force](handler, file, folder)
        else:
            _misbehave(file, folder, fails=way.fails)
        sweep_leftovers(folder)  # as every start does
        part = folder / f"{NAME}.part"
        kept = part.stat().st_size if part.exists() else 0
        handler.plan.clear()
        before = len(server.requests)
        assert _fetch(file, folder).read_bytes() == content
        assert [path.name for path in folder.iterdir()] == [NAME], list(folder.iterdir())
        ranges = [headers.get("range") for _, _, headers in server.requests[before:]]
        if kept:
            assert ranges[0] == f"bytes={kept}-", (
                f"{way}: {kept} bytes were there, but {ranges} was asked for"
            )
        return any(headers.get("range") for _, _, headers in server.requests)


def _fetch(file, folder, cancel=NEVER, on_progress=lambda transfer: None):
    return download(file, folder, on_progress=on_progress, cancel=cancel, retry_seconds=0)


def _misbehave(file, folder, *, fails: bool) -> None:
    failure = None
    try:
        _fetch(file, folder)
    except DownloadError as error:
        failure = error
    if failure is None:
        assert not fails, "a misdeed was not noticed"
    else:
        assert fails, f"gave up: {failure}"
        assert str(failure).endswith("."), str(failure)
        assert not (folder / NAME).exists(), "a file that is not the published one was kept"


def _kill(handler, file, folder) -> None:
    """Kill the process some moments after half of the file was sent, while it waits for the rest."""
    process = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, file.url, str(file.bytes), file.md5, str(folder)]
    )
    assert handler.half_sent.wait(60), "the process never asked for the file"
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(random.Random(file.md5).uniform(0, 0.1))
    process.kill()
    process.wait()
    handler.released.set()
    assert not (folder / NAME).exists(), "half a file has the final name"


def _cancel(_handler, file, folder) -> None:
    source = CancelSource()

    def on_progress(transfer):
        if transfer.done:
            source.cancel()

    try:
        _fetch(file, folder, source.token, on_progress)
    except Cancelled:
        assert not (folder / NAME).exists()
    else:
        raise AssertionError("a cancelled download went on")


def _full_disk(_handler, file, folder) -> None:
    honest, module.require_space = module.require_space, _no_space
    sentence = ""
    try:
        _fetch(file, folder)
    except StorageError as error:
        sentence = str(error)
    finally:
        module.require_space = honest
    assert "needed" in sentence, f"a full disk was not noticed: {sentence}"


def _no_space(folder: Path, needed: int) -> None:
    from desktop_app.core.foundation.storage import require_space

    require_space(folder, needed + 10**18)
