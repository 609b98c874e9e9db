"""``python -m benchmarks``: runs measurements, prints a table and keeps it."""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.frame import machine, prepared
from benchmarks.frame.plan import Plan
from benchmarks.frame.registry import MEASURED, by_hand, find
from benchmarks.frame.report import Entry, Report, write_into

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "benchmarks" / "results"
GUIDE = ROOT / "docs" / "performance.md"
ALL = "all"


def main(words: Sequence[str]) -> int:
    """Run what the words name; returns the exit status, 1 when a measurement failed.

    A module that has no goal and prints in its own way gets the words behind its name.
    """
    if words and words[0] in by_hand():
        sys.argv = [f"benchmarks.{words[0]}", *words[1:]]
        runpy.run_module(sys.argv[0], run_name="__main__")
        return 0
    options = _options(words)
    names = list(MEASURED) if ALL in options.names else options.names
    if len(names) == 1:
        return _measure(names[0], options)
    results = options.results.resolve()
    began, failed = time.monotonic(), []
    for name in names:
        command = [sys.executable, "-m", "benchmarks", name, *words_without_names(words, options.names)]
        print(f"{name} ...", flush=True)
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    report = _kept(results)
    if report is not None and options.effort != "trial":
        report.entries = {name: entry for name, entry in report.entries.items() if name in names}
        print(f"\n{report.text()}")
    print(f"{(time.monotonic() - began) / 60:.1f} minutes. Failed: {', '.join(failed) or 'none'}.")
    return 1 if failed else 0


def as_module(name: str, **ways: Callable[..., object]) -> None:
    """Be ``python -m benchmarks.NAME``, or with ``--way WAY ARGUMENT ...`` one way in this fresh process."""
    if sys.argv[1:2] == ["--way"]:
        print(json.dumps(ways[sys.argv[2]](*sys.argv[3:])), flush=True)
    else:
        sys.exit(main([name, *sys.argv[1:]]))


def words_without_names(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """Leave out the names that begin the command line."""
    return list(words[len(names) :]) if list(words[: len(names)]) == list(names) else list(words)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="+",
        metavar="NAME",
        choices=(ALL, *MEASURED),
        help=f"{ALL}, or some of: {', '.join(MEASURED)}; alone and with own options: {', '.join(by_hand())}",
    )
    parser.add_argument("--data", type=Path, help="folder with photos, or one folder of them per class")
    parser.add_argument("--runs", type=int, default=5, help="rounds that count, after a warm-up")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument(
        "--trial",
        dest="effort",
        action="store_const",
        const="trial",
        help="one round of little, kept nowhere",
    )
    effort.add_argument(
        "--full", dest="effort", action="store_const", const="full", help="as many pictures as the goals name"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the figures are kept")
    parser.set_defaults(effort="usual")
    return parser.parse_args(words)


def _measure(name: str, options: argparse.Namespace) -> int:
    """Run one measurement in this process, print it and keep it."""
    prepared.environment()
    runs = 1 if options.effort == "trial" else options.runs
    load, began = machine.load(), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as scratch:
        data = options.data.resolve() if options.data else None
        figures = find(name)(Plan(Path(scratch), runs, options.effort, data))
    entry = Entry(
        date=datetime.now(UTC).date().isoformat(),
        commit=machine.commit(),
        load=load,
        seconds=round(time.perf_counter() - began, 1),
        runs=runs,
        effort=options.effort,
        pictures="generated" if options.data is None else "real",
        figures=tuple(figures),
    )
    report = Report(machine.machine(), machine.versions(), {name: entry})
    print(report.text(), flush=True)
    if options.effort != "trial":
        _keep(report, options.results)
    return 0


def _keep(new: Report, results: Path) -> None:
    """Put new figures among the last ones of this kind of machine, into today's file and the guide."""
    kept = _kept(results)
    if kept is not None:
        new.entries = kept.entries | new.entries
    new.in_order(MEASURED)
    today = datetime.now(UTC).date().isoformat()
    new.save(results / f"{today}-{machine.host_kind()}.json")
    if results == RESULTS:
        write_into(GUIDE, new.markdown())


def _kept(results: Path) -> Report | None:
    """The last figures of this kind of machine."""
    found = sorted(results.glob(f"????-??-??-{machine.host_kind()}.json"))
    return Report.load(found[-1]) if found else None
