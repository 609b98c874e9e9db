"""Promise 7, for files of Keras 2: translating one runs no code, reaches no other file, exhausts nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hostile_models.earlier import EARLIER
from tests.keras2_file import write_h5
from tests.torture.hostile_models import damage

FULL = 5000
MAX_SECONDS = 10
MAX_BYTES = 1024**3
LOW = {"MAX_HEAP_BYTES": 100_000, "MAX_TEXTS": 100, "MAX_HEADER_BYTES": 50_000}
"""Limits of the attributes for small files."""


def run(count: int) -> str:
    """Translate the first ``count`` of all hostile kinds, and beyond those randomly damaged files.

    Returns:
        The sentence with the figures.
    """
    kinds = list(EARLIER)[:count]
    damaged = max(0, count - len(kinds))
    with tempfile.TemporaryDirectory(prefix="sightline-hostile-") as name:
        folder = Path(name)
        files = [folder / f"{kind}.h5" for kind in kinds]
        for path in files:
            EARLIER[path.stem](path)
        honest = [write_h5(folder / "honest.h5", libver="earliest"), write_h5(folder / "new.h5")]
        report = _translate([*honest, *files], "low")
        for path in honest:
            assert report["results"].pop(str(path))["refusal"] is None, "an honest model was refused"
        for path in files:
            _judge(path.stem, report["results"][str(path)])
        outcome = _fuzz(folder, honest, damaged)
    seconds = max(result["seconds"] for result in report["results"].values())
    return (
        f"{len(kinds)} kinds of hostile Keras 2 files: {len(kinds)} refused with a sentence, 0 code run, "
        f"0 other files touched, at most {seconds:.1f} s and {report['peak'] / 1e6:.0f} MB{outcome}."
    )


def _judge(kind: str, result: dict) -> None:
    refusal = result["refusal"]
    assert refusal is not None, f"{kind} was translated"
    assert refusal["kind"] == "Refusal", f"{kind}: {refusal}"
    assert refusal["text"].startswith(f"{kind}.h5 is refused: "), f"{kind}: {refusal['text']}"
    assert refusal["text"].endswith("."), f"{kind}: {refusal['text']}"
    assert len(refusal["text"]) < 300, f"{kind}: {refusal['text']}"
    assert result["seconds"] < MAX_SECONDS, f"{kind} took {result['seconds']:.1f} s"


def _fuzz(folder: Path, honest: list[Path], count: int) -> str:
    if not count:
        return ""
    files = []
    for seed in range(count):
        path = folder / f"damaged{seed}.h5"
        path.write_bytes(damage(honest[seed % 2].read_bytes(), random.Random(seed)))
        files.append(path)
    report = _translate(files, "real")
    for path in files:
        result = report["results"][str(path)]
        refusal = result["refusal"]
        assert refusal is None or refusal["kind"] in {"Refusal", "StorageError"}, f"{path.name}: {refusal}"
        assert result["seconds"] < MAX_SECONDS, f"{path.name} took {result['seconds']:.1f} s"
    accepted = sum(result["refusal"] is None for result in report["results"].values())
    return f"; {count} randomly damaged files: {count - accepted} refused, {accepted} translated"


def _translate(files: list[Path], limits: str) -> dict:
    """Translate all files in one process of its own that reports everything it touched."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.torture._translate_models", limits],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    report = json.loads(process.stdout)
    assert not report["touched"], f"touched: {report['touched'][:5]}"
    assert not report["engine"], "Keras was loaded"
    assert report["peak"] < MAX_BYTES, f"the translation took {report['peak'] / 1e6:.0f} MB"
    return report
