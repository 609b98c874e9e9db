"""VGG19's convolutions for transfer learning: finding or downloading their weights."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DownloadError, ModelError
from desktop_app.core.foundation.files import sync_folder
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, NOTOP, VGG19_ID, weights_address
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.layout import check_convolutions, convolution_shapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import keras

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.published_file import PublishedFile
    from desktop_app.core.library.download.transfer import Transfer


class BackboneMissing(ModelError):
    """VGG19's weights are needed and not here.

    Attributes:
        file: The file that `download_backbone` downloads.
    """

    def __init__(self, file: PublishedFile) -> None:
        size = f" ({readable_size(file.bytes)})" if file.bytes is not None else ""
        super().__init__(
            f"VGG19's weights need a one-time download{size}.",
            f"Download them in the Train pane, or run 'sightline models download {BACKBONE_ID}'. "
            "'Start from scratch' needs no download, but is only for trying things out.",
        )
        self.file = file


def notop_file() -> PublishedFile:
    """Find out where to download the convolutions' weights from.

    ``SIGHTLINE_WEIGHTS_URL`` replaces the base address, as for the whole VGG19; ``SIGHTLINE_NOTOP_MD5``
    replaces the checksum, for tests and weights of one's own.

    Raises:
        DownloadError: One of the variables does not make sense.
    """
    md5 = os.environ.get("SIGHTLINE_NOTOP_MD5", "").lower()
    if md5 and not re.fullmatch(r"[0-9a-f]{32}", md5):
        raise DownloadError(f"SIGHTLINE_NOTOP_MD5 is not 32 hexadecimal digits: {md5}.")
    published = md5 in {"", NOTOP.md5}
    size = NOTOP.bytes if published else None
    return replace(NOTOP, url=weights_address(NOTOP), bytes=size, md5=md5 or NOTOP.md5)


def weights_file(library: Library | None = None) -> Path | None:
    """Find a file with VGG19's convolutions: the installed VGG19, or the file without its top.

    Args:
        library: Library in which VGG19 may be installed; the user's by default.
    """
    vgg19 = (library or Library.default()).get(VGG19_ID)
    if not vgg19.problem and vgg19.weights is not None:
        return vgg19.weights
    alone = paths.backbones() / NOTOP.name
    return alone if alone.is_file() else None


def require_weights(library: Library | None = None) -> Path:
    """Do the same where there must be one.

    Raises:
        BackboneMissing: There is none.
    """
    found = weights_file(library)
    if found is None:
        raise BackboneMissing(notop_file())
    return found


def download_backbone(cancel: CancelToken, on_progress: Callable[[Transfer], None]) -> Path:
    """Download the convolutions' weights, or resume an unfinished download, and keep them.

    Args:
        cancel: Token; what has arrived by then is kept for the next time.
        on_progress: Callback for at most 20 reports a second.

    Returns:
        The file that `weights_file` finds from now on.

    Raises:
        DownloadError: It could not be fetched, or is not the right file.
        ModelError: A file from a mirror with its own checksum does not have VGG19's layout.
        StorageError: The disk is too full or refuses.
        Cancelled: The user cancelled.
    """
    # It loads a web client, for which those who only list the recipes need not wait.
    from desktop_app.core.library.download.download import download

    came = download(notop_file(), paths.downloads(), on_progress=on_progress, cancel=cancel)
    check_convolutions(came)
    kept = paths.backbones() / NOTOP.name
    with storage_errors(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
        came.replace(kept)
        sync_folder(kept.parent)
    return kept


def load_convolutions(model: keras.Model, weights: Path) -> None:
    """Put stored weights into VGG19's convolutions.

    Args:
        model: Network with a layer for each convolution, under its published name.
        weights: HDF5 file of the published layout, with or without the dense layers.

    Raises:
        ModelError: It is not such a file.
        StorageError: It cannot be read.
    """
    import h5py

    check_convolutions(weights)
    with naming_the_file(weights), storage_errors(weights), h5py.File(weights, "r") as file:
        for name in convolution_shapes():
            group = file[name]
            stored = [
                entry.decode() if isinstance(entry, bytes) else entry for entry in group.attrs["weight_names"]
            ]
            model.get_layer(name).set_weights([np.asarray(group[entry]) for entry in stored])
