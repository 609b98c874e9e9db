"""A data set with everything in it that a folder of pictures should not have, and that folders do have."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from PIL import Image

from desktop_app.core.images.decoding import decode
from tests.core.images.samples import encode

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def low_pixel_limit() -> Iterator[None]:
    """Lower the limit of pixels in the body, so that `make_odd_dataset` has a picture beyond it."""
    with patch.object(decode, "MAX_PIXELS", 100_000):
        yield


@dataclass
class OddDataset:
    """What was made: the number of good pictures, and the kind of each bad file."""

    folder: Path
    good: int = 0
    bad: dict[Path, str] = field(default_factory=dict)


def distinct_picture(number: int, height: int = 48, width: int = 64) -> Image.Image:
    """A smooth picture that looks like no other number's."""
    blocks = np.random.default_rng(number).integers(0, 256, (6, 6, 3), np.uint8)
    return Image.fromarray(blocks).resize((width, height), Image.Resampling.BICUBIC)


def photo(number: int) -> bytes:
    """A JPEG file that looks like no other number's."""
    return encode(distinct_picture(number), "JPEG", quality=90)


def make_classes(folder: Path, counts: dict[str, int], first: int = 0) -> Path:
    """Make ``folder/<name>/<number>.jpg`` for each name; all pictures differ."""
    for name, count in counts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            (folder / name / f"{number}.jpg").write_bytes(photo(first))
            first += 1
    return folder


def make_odd_dataset(folder: Path, seed: int = 0) -> OddDataset:
    """Fill a folder with the classes ``cats`` and ``dogs``, good and bad files in both.

    Args:
        folder: New or empty.
        seed: Decides what the pictures look like, and where the files end early.
    """
    made = OddDataset(folder)
    for number, name in enumerate(("cats", "dogs")):
        place = folder / name
        place.mkdir(parents=True)
        for offset, (file_name, data) in enumerate(_good_files(1000 * seed + 100 * number)):
            path = place / os.fsdecode(file_name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            _age(path, offset)
            made.good += 1
        for file_name, (kind, data) in _bad_files(seed).items():
            (place / file_name).write_bytes(data)
            made.bad[place / file_name] = kind
        _make_odd_entries(place, made)
        _make_harmless(place)
    (folder / "stray.jpg").write_bytes(photo(1000 * seed + 999))
    made.bad[folder / "stray.jpg"] = "outside the class folders"
    (folder / "again").symlink_to(folder, target_is_directory=True)
    made.bad[folder / "again"] = "link to the data folder"
    return made


def _good_files(first: int) -> list[tuple[bytes, bytes]]:
    image = [distinct_picture(first + number) for number in range(20)]
    grey = Image.fromarray(np.asarray(image[3].convert("L")).astype(np.uint16) * 257)
    return [
        (b"plain.jpg", encode(image[0], "JPEG")),
        (b"progressive.JPG", encode(image[1], "JPEG", progressive=True)),
        (b"cmyk.jpg", encode(image[2].convert("CMYK"), "JPEG", quality=95)),
        (b"16-bit.png", encode(grey, "PNG")),
        (b"palette.gif", encode(image[4], "GIF")),
        (b"animated.gif", encode(image[5], "GIF", save_all=True, append_images=[image[0]])),
        (b"photo.webp", encode(image[6], "WEBP")),
        (b"photo.avif", encode(image[7], "AVIF", speed=10)),
        (b"photo.heic", encode(image[8], "HEIF", quality=90)),
        (b"scan.tiff", encode(image[9], "TIFF", compression="tiff_lzw")),
        (b"drawing.bmp", encode(image[10], "BMP")),
        (b"png named.jpg", encode(image[11], "PNG")),
        (b"no extension", encode(image[12], "JPEG")),
        (b"jpeg.dat", encode(image[13], "JPEG")),
        (b"caf\xe9.jpg", encode(image[14], "JPEG")),
        (b'new\nline, "quoted".jpg', encode(image[15], "JPEG")),
        (b"x" * 251 + b".jpg", encode(image[16], "JPEG")),
        ("\N{CAT FACE}".encode() * 50 + b".jpg", encode(image[17], "JPEG")),
        (b"2023-05-01/picture.jpg", encode(image[18], "JPEG")),
        (b"folder with pictures.jpg/picture.jpg", encode(image[19], "JPEG")),
    ]


def _bad_files(seed: int) -> dict[str, tuple[str, bytes]]:
    """Name -> kind and content."""
    whole = {kind: encode(distinct_picture(seed, 96, 128), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")}
    part = 0.3 + 0.6 * np.random.default_rng(seed).random()
    cut = {kind: data[: int(part * len(data))] for kind, data in whole.items()}
    return {
        "empty.jpg": ("empty", b""),
        "empty without extension": ("empty", b""),
        "text.jpg": ("text", b"This is no picture.\n"),
        "page.jpg": ("web page", b"<!DOCTYPE html><html><title>404</title></html>"),
        "pointer.jpg": (
            "LFS pointer",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
        ),
        "truncated.jpg": ("truncated JPEG", cut["JPEG"]),
        "truncated.png": ("truncated PNG", cut["PNG"]),
        "truncated.webp": ("truncated WebP", cut["WEBP"]),
        "truncated.gif": ("truncated GIF", whole["GIF"][:40]),
        "header only.jpg": ("JPEG header", whole["JPEG"][:24]),
        "noise.png": ("noise", bytes(range(128, 256)) * 4),
        "zeros.jpg": ("zeros", bytes(4096)),
        "large.png": ("more pixels than allowed", encode(Image.new("RGB", (400, 300)), "PNG")),
        "document.jpg": ("PDF", b"%PDF-1.7\n"),
        "archive.jpg": ("zip", b"PK\x03\x04" + bytes(30)),
        "clip.jpg": ("video", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"),
        "drawing.svg": ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        "layers.psd": ("Photoshop", b"8BPS\0\1" + bytes(40)),
        "new.jxl": ("JPEG XL", b"\xff\x0a" + bytes(40)),
        "weights.png": ("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(40)),
        "wrong checksum.png": ("damaged PNG", whole["PNG"][:60] + b"\xff\xff\xff" + whole["PNG"][63:]),
    }


def _make_odd_entries(place: Path, made: OddDataset) -> None:
    """What is no ordinary file."""
    (place / "dangling.jpg").symlink_to("gone.jpg")
    (place / "loop.jpg").symlink_to("loop.jpg")
    (place / "device.jpg").symlink_to(os.devnull)
    os.mkfifo(place / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(place)  # the path of a socket may have 108 bytes only
        server.bind("socket.jpg")
        os.chdir(before)
    (place / "folder.jpg").mkdir()
    (place / "home").symlink_to("..", target_is_directory=True)  # visited already, hence nothing to say
    for name in ("dangling", "loop", "device", "pipe", "socket", "folder"):
        made.bad[place / f"{name}.jpg"] = name
    if os.geteuid():  # root may read everything
        path = place / "forbidden.jpg"
        path.write_bytes(photo(1))
        path.chmod(0)
        made.bad[path] = "forbidden"
        closed = place / "closed"
        closed.mkdir(0)
        made.bad[closed] = "forbidden folder"


def _make_harmless(place: Path) -> None:
    """What is passed over in silence."""
    for name in (
        "Thumbs.db",
        ".hidden.jpg",
        "._plain.jpg",
        ".DS_Store",
        "readme.txt",
        "labels.csv",
        "box.xml",
    ):
        (place / name).write_bytes(b"no picture at all")
    (place / "__MACOSX").mkdir()
    (place / "__MACOSX" / "plain.jpg").write_bytes(b"no picture at all")


def _age(path: Path, hours: int) -> None:
    """Let a file look as if it had lain there: what changed a moment ago is not remembered."""
    then = path.stat().st_mtime - 3600 * (1 + hours)
    os.utime(path, (then, then))
