"""Photos to measure with: the user's own where a folder is given, else generated ones."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from desktop_app.core.images.folders import find_pictures

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

DIFFERENT = 60
"""Generated photos of one size; further ones are copies."""

TWELVE_MEGAPIXELS = (4000, 3000)


def generated(width: int, height: int, seed: int = 0) -> bytes:
    """Make a JPEG that is as hard to decode as a photo: smooth shapes with sensor noise.

    At quality 90 it takes about 2.5 bits a pixel, as cameras' files do.
    """
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (max(2, height // 100), max(2, width // 100), 3), np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), np.int16)
    noise = random.integers(-9, 10, (height, width, 1), np.int16)
    stream = io.BytesIO()
    Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def photos(plan: Plan, count: int, size: tuple[int, int] = (1200, 900)) -> list[Path]:
    """Return the given number of photo files: the user's, repeated as needed, or generated ones.

    Args:
        plan: Names the folder, and where copies are written.
        count: Files to be had.
        size: Width and height of generated photos.
    """
    folder = plan.scratch / "photos"
    folder.mkdir(exist_ok=True)
    originals = [] if plan.data is None else list(find_pictures(plan.data))[:count]
    if not originals:
        for number in range(min(count, DIFFERENT)):
            originals.append(folder / f"{number:05}.jpg")
            originals[-1].write_bytes(generated(*size, seed=number))
    else:
        originals = [
            Path(shutil.copyfile(path, folder / f"{number:05}{path.suffix.lower()}"))
            for number, path in enumerate(originals)
        ]
    paths = list(originals)
    for number in range(len(paths), count):
        original = originals[number % len(originals)]
        paths.append(Path(shutil.copyfile(original, folder / f"{number:05}{original.suffix}")))
    return paths


def large_photo(plan: Plan) -> Path:
    """A JPEG of 12 megapixels: a photo of the user's folder, enlarged where needed, or a generated one."""
    path = plan.scratch / "large.jpg"
    first = None if plan.data is None else next(iter(find_pictures(plan.data)), None)
    if first is None:
        path.write_bytes(generated(*TWELVE_MEGAPIXELS))
        return path
    with Image.open(first) as picture:
        large = picture.convert("RGB").resize(TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC)
    large.save(path, "JPEG", quality=90)
    return path


def class_folders(plan: Plan, count: int, size: tuple[int, int] = (400, 300)) -> Path:
    """A folder with two classes of JPEG files, ``count`` in all, for a training.

    The user's folder serves when it holds at least two folders with pictures.
    """
    folder = plan.scratch / "classes"
    sources = _user_classes(plan.data)
    for label in range(2):
        place = folder / (sources[label].name if sources else f"class {label}")
        place.mkdir(parents=True)
        found = list(find_pictures(sources[label]))[: count // 2] if sources else []
        for number in range(count // 2):
            target = place / f"{number:05}.jpg"
            if found:
                shutil.copyfile(found[number % len(found)], target)
            else:
                target.write_bytes(generated(*size, seed=2 * number + label))
    return folder


def _user_classes(data: Path | None) -> list[Path]:
    if data is None:
        return []
    folders = [
        path for path in sorted(data.iterdir()) if path.is_dir() and next(iter(find_pictures(path)), None)
    ]
    return folders[:2] if len(folders) >= 2 else []
