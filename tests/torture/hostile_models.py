"""Promise 7: a model file cannot run code, reach other files or exhaust the machine.

The files themselves could not do so in other programs either: see `tests.hostile_models`.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hostile_models import FILES
from tests.hostile_models.greedy import GREEDY
from tests.keras_file import write_keras

FULL = 5000
MAX_SECONDS = 10
MAX_BYTES = 1024**3
MAX_RUNS = 50
"""Damaged files to load and run; each takes a fraction of a second."""


def run(count: int) -> str:
    """Offer the first ``count`` of all hostile kinds, and beyond those randomly damaged files, to the import.

    Returns:
        The sentence with the figures.
    """
    kinds = list(FILES)[:count]
    damaged = max(0, count - len(kinds))
    with tempfile.TemporaryDirectory(prefix="sightline-hostile-") as name:
        folder = Path(name)
        files = [folder / kind for kind in kinds]
        for path in files:
            FILES[path.name](path)
        honest = write_keras(folder / "honest.keras")
        report = _inspect(folder, [honest, *files], limits="low")
        assert report["results"].pop(str(honest))["refusal"] is None, "an honest model was refused"
        for path in files:
            _judge(path.name, report["results"][str(path)])
        outcome = _fuzz(folder, honest, damaged) + _run_greedy(folder)
    seconds = max(result["seconds"] for result in report["results"].values())
    return (
        f"{len(kinds)} kinds of hostile model files: {len(kinds)} refused with a sentence, 0 code run, "
        f"0 other files touched, at most {seconds:.1f} s and {report['peak'] / 1e6:.0f} MB{outcome}."
    )


def _judge(kind: str, result: dict) -> None:
    refusal = result["refusal"]
    assert refusal is not None, f"{kind} was accepted"
    assert refusal["kind"] == "Refusal", f"{kind}: {refusal}"
    assert refusal["text"].startswith(f"{kind} is refused: "), f"{kind}: {refusal['text']}"
    assert refusal["text"].endswith("."), f"{kind}: {refusal['text']}"
    assert len(refusal["text"]) < 300, f"{kind}: {refusal['text']}"
    assert result["seconds"] < MAX_SECONDS, f"{kind} took {result['seconds']:.1f} s"


def _fuzz(folder: Path, honest: Path, count: int) -> str:
    if not count:
        return ""
    original = honest.read_bytes()
    files = []
    for seed in range(count):
        path = folder / f"damaged{seed}.keras"
        path.write_bytes(damage(original, random.Random(seed)))
        files.append(path)
    report = _inspect(folder, files, limits="real")
    for path in files:
        result = report["results"][str(path)]
        refusal = result["refusal"]
        assert refusal is None or refusal["kind"] in {"Refusal", "StorageError"}, f"{path.name}: {refusal}"
        assert result["seconds"] < MAX_SECONDS, f"{path.name} took {result['seconds']:.1f} s"
    accepted = [path for path in files if report["results"][str(path)]["refusal"] is None]
    extra = _run_accepted(accepted[:MAX_RUNS], {"Refusal", "ModelError"})
    return (
        f"; {count} randomly damaged files: {count - len(accepted)} refused, {len(accepted)} damaged only in "
        f"their weights' numbers or in words that do not matter, of which {len(accepted[:MAX_RUNS])} were "
        f"loaded and answered with {extra / 1e6:.0f} MB more"
    )


def _run_greedy(folder: Path) -> str:
    """Run networks that need nearly as much memory as is let through."""
    files = [write(folder / f"{write.__name__}.keras") for write in GREEDY]
    extra = _run_accepted(files, set())
    return f"; {len(files)} networks at the limit of memory: answered with {extra / 1e6:.0f} MB more"


def _run_accepted(files: list[Path], errors: set[str]) -> int:
    """Load files that passed and run them once; returns the bytes that this took at worst.

    Args:
        files: Each of them.
        errors: Names of the classes of errors with which one may fail.
    """
    report = _call("_run_models", [], files)
    for path in files:
        result = report["results"][str(path)]
        assert result["error"] in {None, *errors}, f"{path.name}: {result['error']}"
        assert result["seconds"] < MAX_SECONDS, f"{path.name} took {result['seconds']:.1f} s"
    assert report["extra"] < MAX_BYTES, f"running took {report['extra'] / 1e6:.0f} MB more"
    return report["extra"]


def damage(data: bytes, random_: random.Random) -> bytes:
    """Overwrite, cut out or repeat a few stretches."""
    content = bytearray(data)
    for _ in range(random_.randint(1, 4)):
        start = random_.randrange(len(content))
        length = random_.choice((1, 1, 2, 4, 8, 64))
        kind = random_.randrange(4)
        if kind < 2:
            content[start : start + length] = random_.randbytes(min(length, len(content) - start))
        elif kind == 2:
            del content[start : start + length]
        else:
            content[start:start] = content[start : start + length]
    return bytes(content)


def _inspect(folder: Path, files: list[Path], limits: str) -> dict:
    """Import all files in one process of its own that reports everything it touched."""
    report = _call("_inspect_models", [str(folder / "library"), limits], files)
    assert not report["touched"], f"touched: {report['touched'][:5]}"
    assert not report["engine"], "Keras was loaded before the check was over"
    assert report["peak"] < MAX_BYTES, f"the check took {report['peak'] / 1e6:.0f} MB"
    return report


def _call(worker: str, arguments: list[str], files: list[Path]) -> dict:
    process = subprocess.run(
        [sys.executable, "-m", f"tests.torture.{worker}", *arguments],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    return json.loads(process.stdout)
