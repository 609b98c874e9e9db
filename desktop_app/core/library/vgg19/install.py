"""Installing VGG19: downloaded from where Keras publishes its weights, or from a file that the user has."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError, StorageError
from desktop_app.core.foundation.files import open_regular
from desktop_app.core.foundation.storage import require_space, storage_errors
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.download.checksums import copy_and_sum, md5_of_pieces, pieces
from desktop_app.core.library.download.download import download
from desktop_app.core.library.download.transfer import TransferMeter
from desktop_app.core.library.download.vgg19_weights import OFFICIAL, vgg19_file
from desktop_app.core.library.inspection.containers.refusal import naming_the_file
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.library.vgg19.layout import check_layout

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.download.published_file import PublishedFile
    from desktop_app.core.library.download.transfer import Transfer
    from desktop_app.core.library.store import Library


WEIGHTS_ENDINGS = (".h5", ".hdf5")


class WrongChecksum(ModelError):
    """A weights file is not the published one.

    Attributes:
        path: The file.
        actual: Its MD5.
        expected: The published MD5.
    """

    def __init__(self, path: Path, actual: str, expected: str) -> None:
        super().__init__(
            f"{printable(path.name)} is not the published VGG19 weights file: its MD5 is {actual}, "
            f"the published one is {expected}.",
            "If you trained these weights yourself, import them as unverified.",
        )
        self.path = path
        self.actual = actual
        self.expected = expected


def may_be_vgg19(path: Path) -> bool:
    """Whether a file is meant to be VGG19's weights: by its ending, and its name, size or layout."""
    if path.suffix.lower() not in WEIGHTS_ENDINGS:
        return False
    try:
        if path.name == OFFICIAL.name or path.stat().st_size == OFFICIAL.bytes:
            return True
        check_layout(path)
    except (OSError, ModelError, StorageError):
        return False
    return True


def install_vgg19(
    library: Library,
    *,
    on_progress: Callable[[Transfer], None],
    cancel: CancelToken,
    file: PublishedFile | None = None,
) -> ModelCard:
    """Download VGG19's weights, or resume an unfinished download, and install them.

    Args:
        library: Library to install into.
        on_progress: Callback for at most 20 reports a second.
        cancel: Token; what has arrived by then is kept.
        file: The file to download; by default the published one, or what the environment says instead.

    Returns:
        The installed model's card; unverified when ``file`` is not the published one.

    Raises:
        DownloadError: It could not be fetched, or is not the right file.
        ModelError: A file from a mirror with its own checksum does not have VGG19's layout.
        StorageError: The disk is too full or refuses.
        Cancelled: The user cancelled.
    """
    file = file or vgg19_file()
    weights = download(file, library.downloads, on_progress=on_progress, cancel=cancel)
    verified = file.md5 == OFFICIAL.md5
    if not verified:
        check_layout(weights)
    card = vgg19_card(verified=verified, origin="downloaded")
    installed = library.add(card, lambda target: _link_or_copy(weights, target), size=file.bytes)
    with storage_errors(weights):
        weights.unlink(missing_ok=True)
    assert installed.card is not None
    return installed.card


def import_vgg19(
    library: Library,
    path: Path,
    *,
    unverified: bool = False,
    on_progress: Callable[[Transfer], None],
    cancel: CancelToken,
    file: PublishedFile = OFFICIAL,
) -> ModelCard:
    """Install VGG19's weights from a file that the user has; the file itself is not touched.

    Args:
        library: Library to install into.
        path: The weights file.
        unverified: Whether to take other weights of the same layout too.
        on_progress: Callback for the progress of checking, then of copying.
        cancel: Token checked while reading.
        file: The published file.

    Returns:
        The installed model's card.

    Raises:
        WrongChecksum: It is not the published file, and ``unverified`` is not set.
        ModelError: It does not have VGG19's layout.
        StorageError: It cannot be read, or the disk is too full or refuses.
        Cancelled: The user cancelled.
    """
    with open_regular(path) as source:
        size = source.seek(0, 2)
    md5 = md5_of_pieces(pieces(path, cancel, TransferMeter(on_progress, size).update))
    verified = md5 == file.md5
    if not verified and not unverified:
        check_layout(path)
        raise WrongChecksum(path, md5, file.md5)
    require_space(library.installed, size)

    def copy(target: Path) -> None:
        with target.open("wb") as out:
            copied = copy_and_sum(pieces(path, cancel, TransferMeter(on_progress, size).update), out)
        if copied.md5 != md5:
            raise ModelError(f"{printable(path.name)} changed while it was copied.", "Import it again.")
        if not verified:
            check_layout(target)

    with naming_the_file(path):
        installed = library.add(vgg19_card(verified=verified, origin="imported"), copy, size=size)
    assert installed.card is not None
    return installed.card


def _link_or_copy(source: Path, target: Path) -> None:
    """Give the file a second name, so that a kill before the first is removed loses nothing."""
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
