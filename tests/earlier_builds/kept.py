"""Brings the kept files to a place where they can be opened, and what they refer to beside them.

The build that made them saw ``/sightline``, with their home folder, the pictures and what was filed in it.
`unfold` makes that folder again elsewhere. Where a file holds a whole path, the copy gets the new one, in the
notation of the file: the formats have no other way to say where the data is.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from tests.earlier_builds.pictures import write_pictures

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent
SCHEMA_1 = FOLDER / "schema_1"
SCHEMA_2 = FOLDER / "schema_2"
OLD_ROOT = "/sightline"


def expected(build: Path = SCHEMA_1) -> dict[str, Any]:
    """What the build that made the files said about them."""
    return json.loads((build / "expected.json").read_text(encoding="utf-8"))


def unfold(root: Path, build: Path = SCHEMA_1) -> Path:
    """Fill ``root`` as ``/sightline`` was.

    Returns:
        The home folder in it.
    """
    home = root / "home"
    shutil.copytree(build / "home", home)
    write_pictures(root / "pictures")
    for path in home.glob("*runs/**/run.json"):
        (path.parent / "checkpoints").mkdir(exist_ok=True)  # which git leaves out when it is empty
    uri = root.as_uri()
    for name in ("run.json", "evaluation.json"):
        _rewrite(home.rglob(name), lambda text: text.replace(f'"file://{OLD_ROOT}/', f'"{uri}/'))
    _rewrite(home.rglob("split.csv"), lambda text: text.replace(f'"{OLD_ROOT}/', f'"{root.as_posix()}/'))
    _rewrite(home.rglob("*.journal"), lambda text: _journal_at(root, text))
    for path in home.rglob("*.job"):
        _job_at(root, path)
    _scan_cache_at(root, home / "datasets" / "scan.sqlite")
    return home


def moved(path: str, root: Path) -> Path:
    """Find a path of the old root in the new one; a relative path stays."""
    return root / path.removeprefix(f"{OLD_ROOT}/") if path.startswith(OLD_ROOT) else Path(path)


def _rewrite(paths: Any, change: Callable[[str], str]) -> None:
    for path in paths:
        path.write_bytes(change(path.read_bytes().decode()).encode())


def _journal_at(root: Path, text: str) -> str:
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        for name in line.keys() & {"folder", "source", "target"}:
            line[name] = str(moved(line[name], root))
    return "".join(json.dumps(line) + "\n" for line in lines)


def _job_at(root: Path, path: Path) -> None:
    """A path stands in a job in percent escapes, and whole pictures' paths as bytes.

    What a kill left beside the file is left there: whoever closes a job last would put it into the file, so
    both are copied before.
    """
    new = os.fsencode(root)
    escaped = quote_from_bytes(new)
    log = path.with_name(f"{path.name}-wal")
    killed = log.exists()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE meta SET value = replace(replace(value, ?, ?), ?, ?) WHERE key = 'spec'",
            (f'"{OLD_ROOT}"', f'"{escaped}"', f'"{OLD_ROOT}/', f'"{escaped}/'),
        )
        _replace_bytes(connection, "pictures", new)
        _replace_bytes(connection, "problems", new)
        contents = {file: file.read_bytes() for file in (path, log) if killed}
    for file, content in contents.items():
        file.write_bytes(content)


def _scan_cache_at(root: Path, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _replace_bytes(connection, "folder", os.fsencode(root))


def _replace_bytes(connection: sqlite3.Connection, table: str, root: bytes) -> None:
    rows = connection.execute(f"SELECT id, path FROM {table}").fetchall()
    old = OLD_ROOT.encode()
    changed = [(root + path.removeprefix(old), number) for number, path in rows if path.startswith(old)]
    connection.executemany(f"UPDATE {table} SET path = ? WHERE id = ?", changed)
