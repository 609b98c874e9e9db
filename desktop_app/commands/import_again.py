"""The command that answers a question of an import, to be copied as it stands."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    import argparse

_OPTIONS = {
    "name": "--name",
    "labels": "--labels",
    "label_order": "--label-order",
    "task": "--task",
    "units": "--units",
    "pixels": "--pixels",
    "fit": "--fit",
    "crop_share": "--crop-share",
    "resize": "--resize",
    "grey": "--grey",
    "try_on": "--try",
}


def import_again(options: argparse.Namespace, **answers: str) -> str:
    """Write the import once more, with what was said before and with answers.

    Args:
        options: The options of ``sightline models import``.
        answers: Options to add, by the name that they have in ``options``.

    Returns:
        A command for the shell of this system.
    """
    words = ["sightline", "models", "import", *options.words]
    for name, option in _OPTIONS.items():
        value = answers.get(name, getattr(options, name))
        if isinstance(value, tuple):
            words += [option, ",".join(f"{share:g}" for share in value)]
        elif isinstance(value, list):
            words += [option, *map(str, value)]
        elif value is not None:
            words += [option, f"{value:g}" if isinstance(value, float) else value]
    return printable(subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words))
