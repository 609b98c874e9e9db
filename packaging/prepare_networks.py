"""Makes the built-in models of this checkout ready, where they are missing or outdated.

The folders of the ImageNet networks are made out of the installed packages. Then OpenVINO's answers are
compared with TensorFlow's for these and for Everyday, whose graph is converted. That takes some seconds, and
is done again only for other weights or another version of OpenVINO.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.files import sweep_leftovers
from desktop_app.core.inference.derived import read_shipped_record
from desktop_app.core.library.built_in import is_current, prepare
from desktop_app.core.library.imagenet.published import NETWORKS
from desktop_app.core.library.store import EVERYDAY_ID, Library

MODELS = Path(__file__).resolve().parent.parent / "models"


def main() -> int:
    """Prepare what is missing.

    Returns:
        The exit status: 0 when all models are there, 1 when one cannot be made.
    """
    try:
        for network in NETWORKS:
            if not is_current(network, MODELS / network.model_id):
                prepare(network, MODELS)
        make_ready(MODELS)
    except SightlineError as error:
        print(error.reason.sentence, file=sys.stderr)
        return 1
    return 0


def make_ready(models: Path) -> list[str]:
    """Make the models of a folder ready for OpenVINO that are not.

    Args:
        models: A folder of built-in models.

    Returns:
        The ids of those that were made ready.

    Raises:
        SightlineError: One cannot be loaded, or OpenVINO cannot answer for it.
    """
    library = Library(models, models / "none", models / "none")
    made = []
    for model_id in (*(network.model_id for network in NETWORKS), EVERYDAY_ID):
        entry = library.get(model_id)
        if read_shipped_record(entry, openvino_version()) is None:
            # What ships was compared on a processor, whatever the machine that builds has.
            os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
            from desktop_app.core.classify.readying import make_shipped_ready

            assert entry.folder is not None
            sweep_leftovers(entry.folder)
            make_shipped_ready(entry)
            made.append(model_id)
    return made


if __name__ == "__main__":
    sys.exit(main())
