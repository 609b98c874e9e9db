"""Imports models as people have them, and compares the product's answers with Keras's own.

``python -m benchmarks zoo [--quick] [--only NAME...] [--set SET]``: builds the 40 constructors of
`keras.applications` and models of tutorials and forums (`benchmarks/zoo_models/`) with random weights that
behave like trained ones, imports each as its maker would, who knows which pixels it was trained on, and asks
TensorFlow and OpenVINO about photographs. Prints for each how its pixels were chosen and how far the answers
are from Keras's for the same resized pixels. Status 1 when one is wrong without a word.

``--onnx`` imports each as the ONNX file that tf2onnx makes of it.
``--quick`` takes the constructors with small pictures and leaves out the six largest; else they take
an hour and up to 12 GB. ``--keep`` puts what came of them into ``benchmarks/results/zoo.json``, model by
model, and writes the tables of ``docs/zoo.md``.

Both engines compute in float32, whatever the processor has: with bfloat16 OpenVINO may be up to 0.02 off
where its proof allows that, and a fault could hide in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.zoo_models.applications import cases as applications
from benchmarks.zoo_models.judge import (
    BROKEN,
    CANNOT_SAY,
    LEGIT_REFUSED,
    REFUSED,
    RIGHT,
    WRONG,
    Verdict,
    judge,
)
from benchmarks.zoo_models.patterns import PATTERNS
from benchmarks.zoo_models.table import OWN_SIZE, SMALL, Kept, keep, write
from benchmarks.zoo_models.tutorials import TUTORIALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.zoo_models.case import Case

TOGETHER = 8
"""Small models for each process."""
OUTCOMES = (RIGHT, REFUSED, LEGIT_REFUSED, CANNOT_SAY, WRONG, BROKEN)


def main() -> int:
    """Judge, print; returns the exit status."""
    options = _options()
    sets = {"applications": applications(quick=options.quick), "tutorials": [*TUTORIALS, *PATTERNS]}
    if options.child:
        wanted = [case for cases in sets.values() for case in cases if case.name in options.only]
        records = [judge(case, onnx=options.onnx).as_record() for case in wanted]
        options.child.write_text(json.dumps(records), encoding="utf-8")
        return 0
    status = 0
    for name, cases in sets.items():
        wanted = [case for case in cases if not options.only or case.name in options.only]
        if not wanted or options.set not in (None, name):
            continue
        print(f"{name}: {len(wanted)} models", flush=True)
        verdicts = []
        for part in _parts(wanted):
            found = _in_a_process(part, quick=options.quick, onnx=options.onnx)
            verdicts += found
            if options.keep:
                small = options.quick and name == "applications"
                _keep(f"{name} as ONNX" if options.onnx else name, found, SMALL if small else OWN_SIZE)
        print(summary(verdicts), flush=True)
        status |= any(verdict.outcome in (WRONG, BROKEN) for verdict in verdicts)
    return status


def _keep(name: str, verdicts: Sequence[Verdict], size: str) -> None:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    kept = keep(name, verdicts, date=today, size=size)
    write(kept, names_of(kept))


def names_of(kept: Kept) -> dict[str, list[str]]:
    """List the models of each set in their order, of those that were converted the kept ones."""
    names = {
        "applications": [case.name for case in applications()],
        "tutorials": [case.name for case in (*TUTORIALS, *PATTERNS)],
    }
    for other in list(names):
        converted = f"{other} as ONNX"
        if converted in kept:
            names[converted] = [each for each in names[other] if each in kept[converted]]
    return names


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks zoo", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="constructors with small pictures, no very large ones"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these models")
    parser.add_argument("--set", choices=("applications", "tutorials"), help="one of the two sets")
    parser.add_argument("--onnx", action="store_true", help="convert each with tf2onnx before the import")
    parser.add_argument("--keep", action="store_true", help="keep the verdicts and write docs/zoo.md")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _parts(cases: Sequence[Case]) -> list[list[Case]]:
    """Which models share a process: large ones do not."""
    heavy = [[case] for case in cases if case.heavy]
    light = [case for case in cases if not case.heavy]
    return [*heavy, *(light[start : start + TOGETHER] for start in range(0, len(light), TOGETHER))]


def _in_a_process(cases: Sequence[Case], *, quick: bool, onnx: bool) -> list[Verdict]:
    """Judge models in a fresh process, whose memory is free again afterwards."""
    with tempfile.TemporaryDirectory(prefix="sightline-zoo-") as home:
        found = Path(home) / "verdicts.json"
        command = [sys.executable, "-m", "benchmarks.zoo", "--child", str(found)]
        command += ["--quick"] * quick + ["--onnx"] * onnx
        environment = os.environ | {"SIGHTLINE_HOME": home, "TF_CPP_MIN_LOG_LEVEL": "3"}
        command += ["--only", *(case.name for case in cases)]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
            verdicts = [Verdict(case.name, BROKEN, words=last[:300]) for case in cases]
        else:
            verdicts = [Verdict(**record) for record in json.loads(found.read_text(encoding="utf-8"))]
    for verdict in verdicts:
        print(line(verdict), flush=True)
    return verdicts


def line(verdict: Verdict) -> str:
    """One line of the table."""
    apart = ", ".join(f"{engine} {value:.1g}" for engine, value in (verdict.apart or {}).items())
    how = f"{verdict.asked:<28} {verdict.meaning:<18}"
    return f"  {verdict.name:<38} {verdict.outcome:<26} {how} {apart} {verdict.words}".rstrip()


def summary(verdicts: Sequence[Verdict]) -> str:
    """The table in numbers."""
    counts: Counter[Any] = Counter(verdict.outcome for verdict in verdicts)
    first = sum(verdict.asked == "decided" or verdict.asked.startswith("asked: 1") for verdict in verdicts)
    led = sum(verdict.asked == "decided" or ", likely" in verdict.asked for verdict in verdicts)
    asked = sum(verdict.asked.startswith("asked") for verdict in verdicts)
    parts = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
    right = f"right pixels decided or first for {first}, decided or likely for {led}"
    return f"  of {len(verdicts)}: {parts}; {asked} asked; {right}"


if __name__ == "__main__":
    sys.exit(main())
