"""Promise 10: any path works, for pictures as for the user's folder, the data of a training and its model."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote_from_bytes

import numpy as np

from desktop_app.core.images.decoding.decode import read_image, read_preview
from desktop_app.core.images.dropped import sources_from_text
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.sources import FileSource
from tests.core.images.samples import valid_files

FULL = 2_000
PICTURES_PER_TRAINING = 40
TRAININGS_AT_ONCE = 10
MAX_NAME_BYTES = 255

ODD_NAMES = [
    "\N{CAT FACE}\n".encode() + b"\xff 50%",
    "\N{CAT FACE}\N{ZERO WIDTH JOINER}\N{BLACK LARGE SQUARE}".encode(),
    "\N{FAMILY}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}".encode(),
    b"x" * MAX_NAME_BYTES,
    "\u00e4".encode() * 127,
    b"new\nline",
    b"carriage\rreturn",
    b"tab\tand\x07bell",
    b"\x1b[31mred\x1b[0m",
    b"caf\xe9",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "cafe\N{COMBINING ACUTE ACCENT}".encode(),
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe".encode(),
    b" leading and trailing ",
    b"-rf",
    b"--help",
    b"~",
    b"$HOME `id` $(id)",
    b"a'b\"c",
    b"50%20off%",
    b"#hash?query&amp;",
    b"http:",
    b"file:",
    b"C:\\x",
    b"*.[a-z]?",
    b"...",
    b"a.png.txt",
    b"\\",
]
"""Names that a POSIX file system takes, and programs do not."""


def run(count: int) -> str:
    """Open ``count`` pictures under odd and random names, and train in a fortieth as many odd folders.

    Returns:
        The sentence with the figures.
    """
    return f"{open_pictures(count)} {train_everywhere(count // PICTURES_PER_TRAINING)}"


def open_pictures(count: int) -> str:
    """Put ``count`` pictures under odd and random names, half of them in odd folders, some read-only.

    Returns:
        The sentence with the figures.
    """
    assert os.name == "posix", "names of bytes exist only on POSIX"
    files = list(valid_files().values())
    with tempfile.TemporaryDirectory(prefix="sightline-paths-") as name:
        folder = Path(name)
        pictures = {_place(folder, number): files[number % len(files)] for number in range(count)}
        for number, (path, data) in enumerate(pictures.items()):
            path.write_bytes(data)
            if number % 7 == 0:
                path.parent.chmod(0o555)
        found = list(find_pictures(folder))
        assert sorted(found) == sorted(pictures), f"found {len(found)} of {count}"
        for path, data in pictures.items():
            _check(path, data)
        for path in {path.parent for path in pictures}:
            path.chmod(0o755)
    odd = min(count, 2 * len(ODD_NAMES))
    return f"{count} pictures under {odd} known odd and {count - odd} random names: all found and opened."


def train_everywhere(count: int) -> str:
    """Train in ``count`` homes with odd names, on read-only folders with odd names, interrupt and resume.

    Returns:
        The sentence with the figures.
    """
    for first in range(0, count, TRAININGS_AT_ONCE):
        numbers = range(first, min(first + TRAININGS_AT_ONCE, count))
        command = [sys.executable, "-m", "tests.torture._train_at", *map(str, numbers)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"ended with {done.returncode}: {done.stderr[-2000:]}"
        assert not done.stderr, f"the terminal got: {done.stderr[:500]}"
        assert done.stdout.split() == list(map(str, numbers)), f"only {done.stdout.split()} were done"
    return (
        f"{count} trainings in odd homes on read-only folders with odd names: all examined, trained, resumed "
        "and saved, each model loaded again and answering."
    )


def odd_name(number: int) -> bytes:
    """One of `ODD_NAMES`, then random bytes; none is hidden."""
    if number < len(ODD_NAMES):
        name = ODD_NAMES[number]
    else:
        dice = random.Random(number)
        name = bytes(dice.choice([*range(1, 47), *range(48, 256)]) for _ in range(dice.randint(1, 80)))
    return b"_" + name[1:] if name.startswith(b".") else name  # hidden ones are left out on purpose


def _place(folder: Path, number: int) -> Path:
    """Make up a path: each odd name as a file, each as a folder, then random bytes."""
    name = odd_name(number // 2 if number < 2 * len(ODD_NAMES) else number)
    parent = folder / str(number)
    if number % 2:
        path = parent / os.fsdecode(name) / "picture.jpg"
    else:
        path = parent / os.fsdecode(name[: MAX_NAME_BYTES - 4] + b".jpg")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _check(path: Path, data: bytes) -> None:
    expected = read_image(data)
    assert np.array_equal(read_image(path), expected), f"{path!r} was read wrongly"
    assert max(read_preview(path, 20)[0].shape[:2]) <= 20
    link = f"file://{quote_from_bytes(os.fsencode(path))}"
    assert sources_from_text(f"# dragged\r\n{link}\r\n") == [FileSource(path)], (
        f"{path!r} was dropped wrongly"
    )
    source = FileSource(path)
    for shown in (source.name, source.text):
        assert shown.isprintable(), f"{path!r} cannot be shown"
        shown.encode("utf-8")
