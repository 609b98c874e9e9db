"""Promise 3: a full disk does no harm, however full it is and whatever is being written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.foundation.files import LEFTOVER_PREFIX, replacing_folder, write_whole
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.download.download import download
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.exchange.exporting import export_model
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from desktop_app.core.settings import Settings, SettingsStore
from tests.file_server import NAME, FileServer
from tests.keras_file import CLASSES, keras_members, write_zip
from tests.servers import LocalServer
from tests.torture import _training_writers
from tests.torture._save_models import _card
from tests.torture._small_disk import DISK_BYTES, filling, small_disk
from tests.torture._training_writers import PAYLOAD_BYTES

if TYPE_CHECKING:
    from pathlib import Path

FULL = 20
NAMED = re.compile(r"\d (bytes|[kM]B) needed")
LEFTOVERS = {".tmp", ".lease", ".new", ".old"}
"""What `files` calls what it has not finished."""


def run(count: int) -> str:
    """Let every writer, and then whole trainings, write to a small disk at ``count`` fill levels.

    Returns:
        The sentence with the figures.
    """
    return f"{write_everything(count)} {train_everything(count)}"


def write_everything(count: int) -> str:
    """Let every writer write to a small disk at ``count`` fill levels.

    Returns:
        The sentence with the figures.
    """
    outcomes = []
    with small_disk() as (disk, real):
        for level in range(count):
            for name, writer in WRITERS.items():
                outcomes.append(_attempt(disk, real, name, writer, free_at(level, count, real=real)))
    failed = outcomes.count(False)
    assert 0 < failed < len(outcomes) or count < 2, f"{failed} of {len(outcomes)} writes failed"
    kind = "a tmpfs" if real else "a disk that pretends to be full"
    return (
        f"{len(WRITERS)} writers on {kind} at {count} fill levels: {failed} of {len(outcomes)} writes did "
        "not fit; every old file intact, every message names the space needed, 0 stray files."
    )


def train_everything(count: int) -> str:
    """Train on a small disk that fills up at different moments, to ``count`` levels; then resume.

    Returns:
        The sentence with the figures.
    """
    with small_disk() as (disk, real):
        command = [sys.executable, "-m", "tests.torture._train_on_disk", disk, str(count), str(int(real))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-2000:]}"
    assert not done.stderr, f"the terminal got: {done.stderr[:500]}"
    states = done.stdout.split()
    assert len(states) == count, f"only {len(states)} of {count} trainings were done"
    failed = states.count("failed")
    assert 0 < failed < count or count < 3, f"{failed} of {count} trainings failed"
    return (
        f"{failed} of {count} trainings did not fit: each said so with the space needed, kept its history "
        "and its last checkpoint, and was finished once there was room."
    )


def free_at(level: int, count: int, *, real: bool) -> int:
    """Free bytes at a fill level: from none to a little more than enough."""
    return int(PAYLOAD_BYTES * 1.3 * level / max(1, count - 1)) if real else level % 2 * DISK_BYTES


def _attempt(disk: Path, real: bool, name: str, writer, free: int) -> bool:
    """Prepare old content, fill the disk, write; whether it fitted."""
    work = disk / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    write, intact, written = writer(work)
    sentence = ""
    with filling(disk / "filler", free, real=real):
        try:
            write()
        except StorageError as error:
            sentence = str(error)
    require_no_strays(work, name)
    if not sentence:
        assert written(), f"{name} with {free} bytes free: nothing was written"
        return True
    assert re.search(r"\d (bytes|[kM]B) needed", sentence), (
        f"{name} does not name the space needed: {sentence}"
    )
    assert intact(), f"{name} with {free} bytes free harmed what was there"
    return False


def require_no_strays(work: Path, name: str) -> None:
    strays = [path.name for path in work.rglob(f"{LEFTOVER_PREFIX}*") if path.suffix in LEFTOVERS]
    assert not strays, f"{name} left {strays}"


# Each writer prepares old content and returns what writes the new, what checks the old, what checks the new.


def _small_file(work: Path):
    path = work / "file"
    path.write_bytes(b"old")
    new = b"n" * PAYLOAD_BYTES
    return (
        lambda: write_whole(path, new),
        lambda: path.read_bytes() == b"old",
        lambda: path.read_bytes() == new,
    )


def _settings(work: Path):
    path = work / "settings.json"
    store = SettingsStore(path)
    store.save(Settings(theme="dark"))
    old = path.read_bytes()
    new = Settings(theme="light", window_geometry="A" * 60_000)
    return lambda: store.save(new), lambda: path.read_bytes() == old, lambda: path.read_bytes() != old


def _folder(work: Path):
    target = work / "model"
    with replacing_folder(target) as folder:
        (folder / "a").write_bytes(b"old")

    def write() -> None:
        with replacing_folder(target, size=PAYLOAD_BYTES) as folder:
            (folder / "a").write_bytes(b"n" * PAYLOAD_BYTES)

    return write, lambda: (target / "a").read_bytes() == b"old", lambda: (target / "a").stat().st_size > 3


def _library(work: Path) -> Library:
    return Library(work / "shipped", work / "models", work / "trash", work / "downloads")


def _whole(library: Library, model_id: str, version: str) -> bool:
    entry = library.get(model_id)
    whole = not entry.problem and sha256_of(entry.weights) == entry.card.weights_sha256
    return whole and entry.card.description == version


def _replaced_model(work: Path):
    library = _library(work)
    library.add(_card("model", 1), lambda path: path.write_bytes(b"old"))
    payload = b"n" * PAYLOAD_BYTES
    return (
        lambda: library.add(_card("model", 2), lambda path: path.write_bytes(payload), size=PAYLOAD_BYTES),
        lambda: _whole(library, "model", "1"),
        lambda: _whole(library, "model", "2"),
    )


def _import(work: Path):
    library = _library(work)
    members = keras_members()
    source = work.parent / "source.keras"
    write_zip(source, members)
    clean = work.parent / "clean.keras"
    write_clean(source, clean, NEVER)
    library.add(_card("model", 1), lambda path: path.write_bytes(b"old"))

    def write() -> None:
        labels = ["class"] * CLASSES
        import_model(library, source, Wishes(name="new", labels=labels, preprocessing="unit"), cancel=NEVER)

    return (
        write,
        lambda: _whole(library, "model", "1") and len(library.entries()) == 2,
        lambda: sha256_of(library.get("new").weights) == sha256_of(clean),
    )


def _export(work: Path):
    library = _library(work)
    library.add(_card("model", 1), lambda path: path.write_bytes(b"n" * PAYLOAD_BYTES))
    path = work / "exports" / "model.zip"
    path.parent.mkdir()
    path.write_bytes(b"old")
    return (
        lambda: export_model(library, "model", path),
        lambda: path.read_bytes() == b"old" and _whole(library, "model", "1"),
        lambda: path.stat().st_size > PAYLOAD_BYTES,
    )


def _download(work: Path):
    content = b"n" * PAYLOAD_BYTES
    folder = work / "downloads"

    def write() -> None:
        handler = FileServer(content)
        with LocalServer(handler) as server:
            file = handler.published(server.url)
            download(file, folder, on_progress=str, cancel=NEVER, retry_seconds=0)

    target = folder / NAME
    return write, lambda: not target.exists(), lambda: target.read_bytes() == content


WRITERS = {
    "a small file": _small_file,
    "settings": _settings,
    "a folder": _folder,
    "a replaced model": _replaced_model,
    "an import": _import,
    "an export": _export,
    "a download": _download,
    **_training_writers.WRITERS,
}
