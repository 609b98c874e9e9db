"""Promise 1: no model is lost, whenever the app is killed while it imports, exports, replaces or removes."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from desktop_app.core.foundation.files import LEFTOVER_PREFIX
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.store import Library
from tests.keras_file import write_keras

FULL = 200
LONGEST_LIFE = 0.4
"""Seconds after its first save that the process lives at most: dozens of saves."""


def run(count: int) -> str:
    """Kill a process that saves models without pause, at ``count`` random moments.

    Returns:
        The sentence with the figures.
    """
    saves = caught = 0
    with tempfile.TemporaryDirectory(prefix="sightline-saves-") as name:
        folder = Path(name)
        for seed in range(count):
            acknowledged = _live_and_die(folder, random.Random(seed).uniform(0, LONGEST_LIFE))
            caught += any(_stray_files(folder))
            _check(folder, acknowledged)
            saves += len(acknowledged)
    return (
        f"{count} kills during {saves} saves (import, replace, export, remove, restore, settings), {caught} "
        "of them in the middle of one: 0 models lost, 0 damaged, 0 stray files after the next start."
    )


def library_in(folder: Path) -> Library:
    """The library that the victim works on."""
    return Library(folder / "shipped", folder / "models", folder / "trash", folder / "downloads")


def _live_and_die(folder: Path, seconds: float) -> list[dict]:
    """Let the victim work for a while, kill it, and return what it had acknowledged."""
    write_keras(folder / "source.keras")
    command = [sys.executable, "-m", "tests.torture._save_models", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    rest = process.communicate()[0]
    assert process.returncode == -9, f"the saving process ended by itself: {process.returncode}"
    lines = [first, *rest.splitlines()]
    return [json.loads(line) for line in lines if line.strip().endswith("}")]


def _check(folder: Path, acknowledged: list[dict]) -> None:
    """Start again: whatever was acknowledged is there whole, in its last version or the one being written."""
    library = library_in(folder)
    library.sweep()
    strays = _stray_files(folder)
    assert not strays, f"stray files: {strays}"
    entries = {entry.model_id: entry for entry in library.entries() if entry.folder is not None}
    for entry in entries.values():
        assert not entry.problem, f"{entry.model_id}: {entry.problem}"
        assert sha256_of(entry.weights) == entry.card.weights_sha256, f"{entry.model_id} is damaged"
    assert "kept" in entries, "a model was lost"
    last = {entry["what"]: entry["version"] for entry in acknowledged}
    if "kept" in last:
        version = int(entries["kept"].card.description)
        assert version in {last["kept"], last["kept"] + 1}, f"version {version} after {last['kept']}"
    present = {model.model_id for model in library.trashed()} | set(entries)
    if "moved" in last:
        assert "moved" in present, "a removed model was lost"
    _check_export(folder / "exports" / "kept.zip", expected="export" in last)
    _check_settings(folder / "settings.json", last.get("settings"))


def _check_export(path: Path, *, expected: bool) -> None:
    if not path.exists():
        assert not expected, "an exported file was lost"
        return
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None, "an exported file is damaged"
        card = json.loads(archive.read(CARD_FILE))
        assert hashlib.sha256(archive.read("model.keras")).hexdigest() == card["weights_sha256"]


def _check_settings(path: Path, version: int | None) -> None:
    if path.exists() or version is not None:
        assert json.loads(path.read_text())["version"] >= (version or 0), "settings were lost"


def _stray_files(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob(f"{LEFTOVER_PREFIX}*")]
