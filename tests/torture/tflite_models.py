"""Promise 7 for TensorFlow Lite: a model file cannot run code, reach other files or exhaust the machine."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from tests.hostile_models.tflite_files import TFLITE_CASES, write_honest
from tests.torture.hostile_models import MAX_SECONDS, _inspect, _judge, damage

FULL = 3000


def run(count: int) -> str:
    """Offer the first ``count`` of all hostile kinds, and beyond those randomly damaged files, to the import.

    Returns:
        The sentence with the figures.
    """
    kinds = list(TFLITE_CASES)[:count]
    with tempfile.TemporaryDirectory(prefix="sightline-hostile-") as name:
        folder = Path(name)
        files = [folder / f"{kind}.tflite" for kind in kinds]
        for path in files:
            TFLITE_CASES[path.stem](path)
        honest = write_honest(folder / "honest.tflite")
        report = _inspect(folder, [honest, *files], limits="low")
        assert report["results"].pop(str(honest))["refusal"] is None, "an honest model was refused"
        for path in files:
            _judge(path.name, report["results"][str(path)])
        outcome = _damaged(folder, honest, max(0, count - len(kinds)))
    seconds = max(result["seconds"] for result in report["results"].values())
    return (
        f"{len(kinds)} kinds of hostile TensorFlow Lite files: {len(kinds)} refused with a sentence, 0 code "
        f"run, 0 other files touched, at most {seconds:.1f} s and {report['peak'] / 1e6:.0f} MB{outcome}."
    )


def _damaged(folder: Path, honest: Path, count: int) -> str:
    """Offer damaged files: each is refused with a sentence, or is a model whose numbers or names changed."""
    if not count:
        return ""
    original = honest.read_bytes()
    files = []
    for seed in range(count):
        path = folder / f"damaged{seed}.tflite"
        path.write_bytes(damage(original, random.Random(seed)))
        files.append(path)
    report = _inspect(folder, files, limits="real")
    refused = 0
    for path in files:
        result = report["results"][str(path)]
        kind = None if result["refusal"] is None else result["refusal"]["kind"]
        assert kind in {None, "Refusal", "ModelError", "MeaningNeeded"}, f"{path.name}: {result['refusal']}"
        assert result["seconds"] < MAX_SECONDS, f"{path.name} took {result['seconds']:.1f} s"
        refused += kind is not None
    return (
        f"; {count} randomly damaged files: {refused} refused, the others changed in numbers or names alone"
    )
