"""From any source to pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.images.decoding.decode import (
    Layout,
    Seen,
    read_image,
    read_preview,
    read_seen,
)
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading
from desktop_app.core.images.decoding.resize import fit_inside, fitted, resize
from desktop_app.core.images.sources import DataSource, FileSource, LinkSource, PixelSource, Source

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop_app.core.images.decoding.fitting import Fitting


def load_source(
    source: Source,
    *,
    reading: PixelReading = AS_STORED,
    allow_private_hosts: bool = False,
    cancel: CancelToken = NEVER,
) -> NDArray[np.uint8]:
    """Read a picture from wherever it is.

    Args:
        source: A file, a link, the bytes of a file, or pixels.
        reading: How the numbers of its file become a picture.
        allow_private_hosts: Whether a link may lead to this computer or the local network.
        cancel: Token checked while a link is fetched.

    Returns:
        RGB, uint8 ``(H, W, 3)``, C-contiguous.

    Raises:
        UnreadableImage: Why not, as a sentence, with advice; `LinkError` is one of them.
        Cancelled: The user cancelled.
    """
    source = bring_here(source, allow_private_hosts=allow_private_hosts, cancel=cancel)
    if isinstance(source, PixelSource):
        return np.ascontiguousarray(source.pixels)
    return read_image(_encoded(source), reading)


def load_fitted(
    source: Source,
    fitting: Fitting,
    *,
    allow_private_hosts: bool = False,
    cancel: CancelToken = NEVER,
) -> NDArray[np.uint8]:
    """Read a picture for a network: the pixels of `load_seen`."""
    return load_seen(source, fitting, allow_private_hosts=allow_private_hosts, cancel=cancel).pixels


def load_seen(
    source: Source,
    fitting: Fitting,
    *,
    allow_private_hosts: bool = False,
    cancel: CancelToken = NEVER,
) -> Seen:
    """Read a picture for a network; more arguments and errors are those of `load_source`.

    Args:
        source: A file, a link, the bytes of a file, or pixels.
        fitting: What decides which pixels the network sees.
        allow_private_hosts: See `load_source`.
        cancel: See `load_source`.

    Returns:
        As of `decode.read_seen`.
    """
    source = bring_here(source, allow_private_hosts=allow_private_hosts, cancel=cancel)
    if not isinstance(source, PixelSource):
        return read_seen(_encoded(source), fitting)
    pixels = fitted(np.ascontiguousarray(source.pixels), fitting)
    height, width = source.pixels.shape[:2]
    return Seen(pixels, Layout.of((width, height), fitting, pixels))


def load_preview(
    source: Source,
    max_side: int,
    *,
    reading: PixelReading = AS_STORED,
    allow_private_hosts: bool = False,
    cancel: CancelToken = NEVER,
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Read a picture for the screen; arguments and errors are those of `load_source`.

    Returns:
        RGB, uint8 ``(h, w, 3)``, C-contiguous, no side longer than ``max_side``; the full width and height.
    """
    source = bring_here(source, allow_private_hosts=allow_private_hosts, cancel=cancel)
    if not isinstance(source, PixelSource):
        return read_preview(_encoded(source), max_side, reading)
    full_height, full_width = source.pixels.shape[:2]
    height, width = fit_inside((full_width, full_height), max_side)
    return resize(np.ascontiguousarray(source.pixels), height, width, "squash"), (full_width, full_height)


def bring_here(
    source: Source, *, allow_private_hosts: bool = False, cancel: CancelToken = NEVER
) -> FileSource | DataSource | PixelSource:
    """Fetch a link, so that it need not be fetched again for the preview; other sources are here already.

    Raises:
        LinkError: The link is refused or does not deliver a picture.
        Cancelled: The user cancelled.
    """
    cancel.check()
    if not isinstance(source, LinkSource):
        return source
    from desktop_app.core.images.links.fetch import fetch_link

    data = fetch_link(source.url, allow_private_hosts=allow_private_hosts, cancel=cancel)
    return DataSource(source.name, data)


def _encoded(source: FileSource | DataSource) -> Path | bytes:
    return source.path if isinstance(source, FileSource) else source.data
