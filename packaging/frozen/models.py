"""The built-in models as they go into the frozen app: the same, whichever machine builds it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "openvino.json"


def copy(source: Path, target: Path) -> None:
    """Copy the models, and take out of their records for OpenVINO what is true of one computer alone.

    The proof in float32 holds on every processor. Whether bfloat16 will do is found out by each computer that
    has it, and a package gives the weights a time of its own.

    Args:
        source: The folder of built-in models, made ready.
        target: The folder to make; one that is there is replaced.

    Raises:
        FileNotFoundError: One of them was not made ready.
    """
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".sightline-*", "none"))
    for folder in sorted(target.iterdir()):
        path = folder / RECORD
        record = json.loads(path.read_text(encoding="utf-8"))
        size, *_times = record["weights_stamp"]
        proofs = [proof | {"processor": ""} for proof in record["proofs"] if proof["precision"] == "float32"]
        record |= {"weights_stamp": [size, 0], "proofs": proofs}
        path.write_text(json.dumps(record, indent=2), encoding="utf-8", newline="\n")
