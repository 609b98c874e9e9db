"""Pictures out of what is dropped or pasted: files, links, encoded pictures, pixels, web pages and text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QPainter

from desktop_app.core.images.dropped import (
    is_picture,
    name_in_html,
    sources_from_html,
    sources_from_text,
)
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource, Source

if TYPE_CHECKING:
    import numpy as np
    from PySide6.QtCore import QMimeData

_FILE = "application/octet-stream"
"""Chromium, and mail programs, give a picture along as the bytes of its file, as they are stored."""
_ENCODED = ("image/png", "image/jpeg", "image/webp", "image/avif", "image/gif", "image/tiff", "image/bmp")


def read_sources(mime: QMimeData, name: str) -> list[Source]:
    """Find the pictures in a drop or on the clipboard.

    The first of these that is there wins: files (a file manager adds an icon or the path as text), the
    picture itself (no second download, which may need a log-in, and no page behind a linked picture), the
    pictures of a piece of a web page, links, text that is a path or a link. Last come the bytes of a file
    that is no picture as far as one can see: reading it says what it is.

    Args:
        mime: The data from the drop event or the clipboard.
        name: The name for a picture that has none.

    Returns:
        The sources in their order; empty when nothing can be used.
    """
    urls = mime.urls() if mime.hasUrls() else []
    files: list[Source] = [FileSource(_path(url)) for url in urls if url.isLocalFile()]
    if files:
        return files
    name = (name_in_html(mime.html()) if mime.hasHtml() else "") or name
    stored = _stored(mime, name)
    if stored is not None and is_picture(stored.data):
        return [stored]
    picture = _encoded(mime, name) or _pixels(mime, name)
    if picture is not None:
        return [picture]
    links: list[Source] = [
        LinkSource(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        for url in urls
        if url.scheme() in {"http", "https"}
    ]
    return _from_html(mime) or links or _from_text(mime) or ([stored] if stored is not None else [])


def is_usable(mime: QMimeData) -> bool:
    """Return, without fetching or decoding a picture, whether `read_sources` would find one."""
    if mime.hasImage() or any(kind in {_FILE, *_ENCODED} for kind in mime.formats()):
        return True
    if any(url.isLocalFile() or url.scheme() in {"http", "https"} for url in mime.urls()):
        return True
    return bool(_from_html(mime) or _from_text(mime))


def is_withheld(mime: QMimeData) -> bool:
    """Return whether files or links are promised but missing: the other program did not hand them over."""
    return mime.hasUrls() and not mime.urls()


def describe_unusable(mime: QMimeData) -> str:
    """Say why a drop or the clipboard cannot be used."""
    if is_withheld(mime):
        return "The other program did not hand over what was dropped or copied. Try again."
    if mime.hasUrls():
        if any(url.scheme() == "blob" for url in mime.urls()):
            return (
                "The browser gave only an address that nobody else can open (blob:), not the picture. "
                'Choose "Copy Image" on it and paste it here, or save it first.'
            )
        kinds = ", ".join(sorted({f"{url.scheme()}:" for url in mime.urls()}))
        return f"Links of the kind {kinds} cannot be opened; files, folders and http or https links can."
    if mime.hasText() or mime.hasHtml():
        return "This text is neither a link nor the path of a file, and it holds no picture."
    if mime.formats():
        return "This holds no picture: files, folders, links and pictures can be used."
    return "The clipboard is empty. Copy a picture, a file or a link first."


def _path(url: QUrl) -> Path:
    if os.name == "nt":
        return Path(url.toLocalFile())
    # toLocalFile would lose the bytes of a name that is not valid UTF-8.
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))


def _from_html(mime: QMimeData) -> list[Source]:
    return sources_from_html(mime.html()) if mime.hasHtml() else []


def _from_text(mime: QMimeData) -> list[Source]:
    return sources_from_text(mime.text()) if mime.hasText() else []


def _stored(mime: QMimeData, name: str) -> DataSource | None:
    data = mime.data(_FILE).data() if _FILE in mime.formats() else b""
    return DataSource(name, bytes(data)) if data else None


def _encoded(mime: QMimeData, name: str) -> DataSource | None:
    """Take the bytes of an encoded picture as they are; they are decoded elsewhere."""
    for kind in _ENCODED:
        data = mime.data(kind).data() if kind in mime.formats() else b""
        if data:
            return DataSource(name, bytes(data))
    return None


def _pixels(mime: QMimeData, name: str) -> PixelSource | None:
    image = mime.imageData() if mime.hasImage() else None
    if not isinstance(image, QImage) or image.isNull():
        return None
    return PixelSource(name, pixels_of(image))


def pixels_of(image: QImage) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Copy an image into an array, transparent parts over white.

    Returns:
        uint8 ``(H, W, 3)`` RGB.
    """
    import numpy as np  # the window appears before it is loaded

    if image.hasAlphaChannel():
        canvas = QImage(image.size(), QImage.Format.Format_RGB32)
        canvas.fill(Qt.GlobalColor.white)
        painter = QPainter(canvas)
        image.setDevicePixelRatio(1)
        painter.drawImage(0, 0, image)
        painter.end()
        image = canvas
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width = image.height(), image.width()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()


def image_of(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> QImage:
    """Make an image that owns its memory from uint8 ``(h, w, 3)`` RGB."""
    height, width = pixels.shape[:2]
    data = (pixels if pixels.flags.c_contiguous else pixels.copy()).data
    borrowed = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return borrowed.convertToFormat(QImage.Format.Format_RGB32)  # a copy, in the format that paints fastest
