"""What many measurements need and takes long to make: kept in the build folder until it is cleaned."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HOME = Path(__file__).parent.parent.parent / "build" / "bench" / "home"
"""A home with VGG19 installed; the user's own stays untouched."""

SCIPY = HOME.parent / "scipy"
"""Where `make bench` puts SciPy: Keras imports it wherever it is found, which only who needs it shall pay."""


def environment() -> None:
    """Let this process and those that it starts live in `HOME`."""
    HOME.mkdir(parents=True, exist_ok=True)
    os.environ["SIGHTLINE_HOME"] = str(HOME)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def scipy() -> None:
    """Let this process find SciPy, if it is here; before Keras is imported."""
    sys.path.append(str(SCIPY))


def vgg19() -> Path:
    """The weights file of VGG19 in `HOME`: seeded random numbers in the published layout.

    It is made and installed at the first call. Random weights take as long as the published ones.
    """
    from desktop_app.core.foundation.cancellation import CancelSource
    from desktop_app.core.library.download.vgg19_weights import VGG19_ID
    from desktop_app.core.library.store import Library
    from desktop_app.core.library.vgg19.install import import_vgg19
    from tests.vgg19_file import write_vgg19_weights

    library = Library.default()
    entry = library.get(VGG19_ID)
    if entry.problem:
        made = write_vgg19_weights(HOME.parent / "vgg19_seeded.h5")
        import_vgg19(
            library, made, unverified=True, on_progress=lambda _transfer: None, cancel=CancelSource().token
        )
        made.unlink()
        entry = library.get(VGG19_ID)
    assert entry.weights is not None
    return entry.weights
