"""Whether the files are there that ship with the app and that no other step would miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.vgg19.imagenet import imagenet_labels
from desktop_app.core.service.pages import PAGES, PARTS, read_page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def check_files(samples: Path, classes: Iterable[str]) -> str:
    """Look for the list of classes, the pages of the label service and the sample pictures.

    Args:
        samples: Folder of the sample pictures, each named after the class that it shows.
        classes: Of the model that ships with the app; each has a sample.

    Returns:
        What was found, as a sentence.

    Raises:
        SightlineError: Something is missing or damaged.
        OSError: Likewise; `paths.damage` puts it into words.
    """
    labels = imagenet_labels()
    pages = [read_page(name) for name in (*PAGES.values(), *PARTS)]
    keras = paths.resources() / "keras" / "keras.json"
    keras.read_bytes()  # or Keras would write one there
    there = {path.stem for path in samples.iterdir()}
    missing = [name for name in classes if name not in there]
    if missing:
        raise DamagedInstallation(
            f"Sample pictures are missing from {printable(str(samples))}: {', '.join(missing)}.",
            "Reinstall Sightline.",
        )
    return f"{len(labels):,} names of classes, {len(pages)} parts of the service's pages, and all samples."
