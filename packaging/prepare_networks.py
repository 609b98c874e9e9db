"""Makes the model folders of the ImageNet networks in this checkout, where they are missing or outdated."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.built_in import is_current, prepare
from desktop_app.core.library.imagenet.published import NETWORKS

MODELS = Path(__file__).resolve().parent.parent / "models"


def main() -> int:
    """Prepare what is missing.

    Returns:
        The exit status: 0 when all networks are there, 1 when one cannot be made.
    """
    try:
        for network in NETWORKS:
            if not is_current(network, MODELS / network.model_id):
                prepare(network, MODELS)
    except SightlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
