"""Whether the files are there that ship with the app and that no other step would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.text import printable
from desktop_app.core.kinds.tree import read_tree
from desktop_app.core.library.imagenet_labels import imagenet_labels
from desktop_app.core.service.pages import PAGES, PARTS, read_page

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = (
    "cat.jpg",
    "coffee.jpg",
    "dandelion.jpg",
    "rocket.jpg",
    "drawn/airplane.jpg",
    "drawn/bird.jpg",
    "drawn/dog.jpg",
    "drawn/frog.jpg",
    "drawn/horse.jpg",
    "drawn/ship.jpg",
)
"""The sample pictures that ship with the app, by their paths in the folder."""


def check_files(samples: Path) -> str:
    """Look for the lists of classes and kinds, the pages of the local API and the sample pictures.

    Args:
        samples: Folder of the sample pictures.

    Returns:
        What was found, as a sentence.

    Raises:
        SightlineError: Something is missing or damaged.
        OSError: Likewise; `paths.damage` puts it into words.
    """
    labels = imagenet_labels()
    read_tree(paths.resources() / "wordnet")
    pages = [read_page(name) for name in (*PAGES.values(), *PARTS)]
    keras = paths.resources() / "keras" / "keras.json"
    keras.read_bytes()  # or Keras would write one there
    missing = [name for name in SAMPLES if not (samples / name).is_file()]
    if missing:
        raise DamagedInstallation(
            f"Sample pictures are missing from {printable(str(samples))}: {', '.join(missing)}.",
            "Reinstall Sightline.",
        )
    return (
        f"{len(labels):,} class names, {len(pages)} files of the local API's pages, and all sample pictures."
    )
