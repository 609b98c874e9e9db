"""VGG19's convolutions for transfer learning: where their weights are, or how to get them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DownloadError, ModelError
from desktop_app.core.foundation.files import sync_folder
from desktop_app.core.foundation.storage import storage_errors
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.library.download.published_file import PublishedFile
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID, NOTOP, VGG19_ID, weights_address
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.layout import check_convolutions, convolution_shapes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import keras

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.download.transfer import Transfer


class BackboneMissing(ModelError):
    """VGG19's weights are needed and not here.

    Attributes:
        file: What can be downloaded by `download_backbone`.
    """

    def __init__(self, file: PublishedFile) -> None:
        size = f" of {readable_size(file.bytes)}" if file.bytes is not None else ""
        super().__init__(
            "VGG19's weights are not on this computer, and this network starts from them.",
            f"Download them once in the Train pane, a file{size}, or run "
            f"'sightline models download {BACKBONE_ID}'; 'Untrained network' does without them, but only to "
            "try things out.",
        )
        self.file = file


def notop_file() -> PublishedFile:
    """Say where the convolutions' weights are to be downloaded from.

    ``SIGHTLINE_WEIGHTS_URL`` replaces the base address, as for the whole VGG19; ``SIGHTLINE_NOTOP_MD5``
    replaces the checksum, for tests and own training.

    Raises:
        DownloadError: One of the variables does not make sense.
    """
    md5 = os.environ.get("SIGHTLINE_NOTOP_MD5", "").lower()
    if md5 and not re.fullmatch(r"[0-9a-f]{32}", md5):
        raise DownloadError(f"SIGHTLINE_NOTOP_MD5 is not 32 hexadecimal digits: {md5}.")
    published = md5 in {"", NOTOP.md5}
    return PublishedFile(
        NOTOP.name, weights_address(NOTOP), NOTOP.bytes if published else None, md5 or NOTOP.md5
    )


def weights_file(library: Library | None = None) -> Path | None:
    """Find a file with VGG19's convolutions: the installed VGG19, or the file without its top.

    Args:
        library: Where VGG19 may be installed; the user's library by default.
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
    """Download the convolutions' weights, or go on with an unfinished download, and keep them.

    Args:
        cancel: What arrived until then is kept for the next time.
        on_progress: Gets at most 20 reports a second.

    Returns:
        The file that `weights_file` finds from now on.

    Raises:
        DownloadError: It could not be fetched, or is not the right file.
        ModelError: A file from a mirror with its own checksum has not VGG19's layout.
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
        model: Has a layer for each convolution, under its published name.
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
                part.decode() if isinstance(part, bytes) else part for part in group.attrs["weight_names"]
            ]
            model.get_layer(name).set_weights([np.asarray(group[part]) for part in stored])
