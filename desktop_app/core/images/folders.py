"""Finding the pictures in a folder and the folders below it."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.errors import UnreadableImage
from desktop_app.core.foundation.gc_pause import sorted_gently
from desktop_app.core.foundation.text import natural_key
from desktop_app.core.images.decoding.opening import explain, read_head
from desktop_app.core.images.decoding.sniff import HEAD_BYTES, picture_format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from desktop_app.core.images.left_out import LeftOut

_READABLE = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".bmp", ".dib", ".tif", ".tiff"),
    *(".ico", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".avif", ".avifs", ".heic", ".heics", ".heif", ".hif"),
)
_SCIENCE = (
    *(
        ".dcm",
        ".dicom",
        ".fits",
        ".fit",
        ".fts",
        ".nii",
        ".exr",
        ".czi",
        ".jxl",
        ".jp2",
        ".j2k",
        ".jpf",
        ".jpx",
    ),
    *(".dng", ".nef", ".nrw", ".cr2", ".cr3", ".crw", ".arw", ".sr2", ".orf", ".rw2", ".rwl", ".raf", ".pef"),
    *(".srw", ".3fr", ".iiq", ".kdc", ".dcr", ".erf", ".mef", ".mos", ".mrw", ".x3f", ".gpr"),
)
"""What `core.images.science` reads where its packages are installed, and says so where they are not."""

_UNREADABLE = (".svg", ".psd", ".eps")
"""Pictures to people, but not to the decoder: better listed with a reason than passed over in silence."""

PICTURE_EXTENSIONS = frozenset(_READABLE + _SCIENCE + _UNREADABLE)

_NOISE_FILES = frozenset(
    {"thumbs.db", "desktop.ini", "ehthumbs.db", "ehthumbs_vista.db", "icon\r", "picasa.ini"}
)
NOISE_FOLDERS = frozenset(
    {
        *("@eadir", "#recycle", "#snapshot", "@tmp", "@recycle", "@recently-snapshot"),  # network storage
        *("@__thumb", "network trash folder", "temporary items", "@snapshot", "~snapshot"),
        *("$recycle.bin", "recycler", "recycled", "system volume information", "found.000"),  # Windows
        *("lost+found", "lost.dir", ".thumbnails", "__macosx", ".trashes", "__pycache__"),
    }
)
"""Folders, in lower case, that systems, storage devices and archive programs make for themselves."""


_PREVIEWS = (".lrdata", ".lrcat-data")
"""Endings of the folders in which Lightroom keeps small copies."""

_LIBRARIES = (".photoslibrary", ".photolibrary", ".aplibrary")
_ORIGINALS = frozenset({"originals", "masters"})
"""The folders of such a library that hold the pictures themselves; the others hold copies."""


def is_library(name: str) -> bool:
    """Whether a folder is the library of Photos, iPhoto or Aperture."""
    return name.casefold().endswith(_LIBRARIES)


def find_pictures(
    folder: Path,
    cancel: CancelToken = NEVER,
    on_unreadable: Callable[[Path, UnreadableImage], None] | None = None,
    left_out: LeftOut | None = None,
) -> Iterator[Path]:
    """Walk through a folder, its pictures first, then its sub-folders, each in natural order (2 before 10).

    A file with a picture's extension is always given, even when it turns out to be damaged or gone, so that
    it gets listed with its reason; so is one without an extension unless it is text, as programs and notes
    are. Any other file is given when its content is a picture, else counted. Hidden files and folders and the
    system's own are skipped. A folder that a link leads to again is not entered twice.

    Args:
        folder: The folder to search.
        cancel: Token checked at every file.
        on_unreadable: Callback for every sub-folder that cannot be read, with the reason; it is skipped.
        left_out: The count of the files that are not given; gets each of them.

    Yields:
        Paths that begin with ``folder``.

    Raises:
        UnreadableImage: ``folder`` itself cannot be read.
        Cancelled: The user cancelled.
    """
    for path in walk_pictures(folder, cancel, on_unreadable, left_out):
        if path is not None:
            yield path


def walk_pictures(
    folder: Path,
    cancel: CancelToken = NEVER,
    on_unreadable: Callable[[Path, UnreadableImage], None] | None = None,
    left_out: LeftOut | None = None,
) -> Iterator[Path | None]:
    """Walk like `find_pictures`, and give None for each folder and for each file that is no picture.

    So whoever looks for pictures among many other files can do something else in between.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            files, folders = list_folder(current, seen)
        except (OSError, ValueError) as error:
            problem = folder_problem(error)
            if current == folder:
                raise problem from error
            if on_unreadable is not None:
                on_unreadable(current, problem)
            continue
        for name in files:
            cancel.check()
            path = current / name
            if looks_like_picture(path, left_out):
                yield path
            else:
                yield None
        yield None
        waiting += [current / name for name in reversed(folders)]


def list_folder(folder: Path, seen: set[tuple[int, int]]) -> tuple[list[str], list[str]]:
    """List what a person put into a folder; nothing when the folder is in ``seen`` already.

    Args:
        folder: The folder to list.
        seen: Device and inode of each folder that was listed; gets this one.

    Returns:
        Names of the files and of the folders, links to them included, in natural order.

    Raises:
        OSError: It cannot be read.
        ValueError: No system has such a path.
    """
    status = folder.stat()
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return [], []
    seen.add(identity)
    files: list[str] = []
    folders: list[str] = []
    in_library = is_library(folder.name)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            is_folder = _is_folder(entry)
            name = entry.name.casefold()
            if is_folder and (name.endswith(_PREVIEWS) or (in_library and name not in _ORIGINALS)):
                continue
            if name not in (NOISE_FOLDERS if is_folder else _NOISE_FILES):
                (folders if is_folder else files).append(entry.name)
    return sorted_gently(files, natural_key), sorted_gently(folders, natural_key)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def looks_like_picture(path: Path, left_out: LeftOut | None = None) -> bool:
    """Whether a file is meant to be a picture: by its extension, else by its first bytes.

    Args:
        path: The file.
        left_out: The count of the files that are not; gets this one unless it is.
    """
    if path.suffix.lower() in PICTURE_EXTENSIONS:
        return True
    head = None
    with contextlib.suppress(UnreadableImage):
        head = read_head(path, HEAD_BYTES)
    if head is not None and (picture_format(head) is not None or (not path.suffix and not _is_text(head))):
        return True
    if left_out is not None:
        left_out.add(path, head)
    return False


def _is_text(head: bytes) -> bool:
    """Whether the beginning of a file is text; an empty file is not."""
    try:
        # The last character may be cut in two.
        text = head[:-3].decode() if len(head) == HEAD_BYTES else head.decode()
    except UnicodeDecodeError:
        return False
    return bool(text) and all(character.isprintable() or character.isspace() for character in text)


def folder_problem(error: OSError | ValueError) -> UnreadableImage:
    """Put into words why a folder cannot be read."""
    problem = explain(error)
    return UnreadableImage(str(problem).replace("file", "folder"), problem.advice)
