"""What came of the zoo, kept from run to run, and the page that shows it."""

from __future__ import annotations

import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.frame.report import write_into
from benchmarks.zoo_models.judge import RIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.zoo_models.judge import Verdict

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "zoo.json"
PAGE = ROOT / "docs" / "zoo.md"
PACKAGES = ("keras", "tensorflow", "openvino", "numpy")
OWN_SIZE, SMALL = "own size", "small pictures"

Kept = dict[str, dict[str, dict[str, Any]]]
"""By the set and the model's name: the verdict with ``size`` and ``date``, and ``versions`` in words."""


def keep(name: str, verdicts: Sequence[Verdict], *, date: str, size: str, path: Path = RESULTS) -> Kept:
    """Put verdicts among the kept ones, in the place of earlier ones of the same models.

    A model that has been judged at its own size keeps that verdict when it is judged with small pictures.

    Args:
        name: The set.
        verdicts: The new ones.
        date: Of today, ``2026-11-29``.
        size: `OWN_SIZE` or `SMALL`.
        path: Where they are kept.
    """
    kept: Kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    models = kept.setdefault(name, {})
    versions = ", ".join(f"{_title(package)} {_version(package)}" for package in PACKAGES)
    for verdict in verdicts:
        before = models.get(verdict.name, {})
        if size == SMALL and before.get("size") == OWN_SIZE:
            continue
        models[verdict.name] = {
            **verdict.as_record(),
            "size": size,
            "date": date,
            "versions": versions,
        }
    text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return kept


def markdown(kept: Kept, names: Mapping[str, Sequence[str]]) -> str:
    """Write both tables.

    Args:
        kept: The verdicts.
        names: Each set's models, in the order of the table; those without a verdict are named as such.
    """
    parts = []
    for title, wanted in names.items():
        found = [kept.get(title, {}).get(name) for name in wanted]
        parts.append(f"### {title[0].upper()}{title[1:]}\n\n{_counts(wanted, found)}\n")
        if title != "tutorials":
            parts.append(_all_models(wanted, found))
        parts.append(_others(wanted, found))
    return "\n".join(filter(None, parts)).rstrip() + "\n"


def write(kept: Kept, names: Mapping[str, Sequence[str]], page: Path = PAGE) -> None:
    """Put the tables into the page."""
    write_into(page, markdown(kept, names))


def _counts(wanted: Sequence[str], found: Sequence[dict[str, Any] | None]) -> str:
    there = [each for each in found if each is not None]
    dates = sorted({each["date"] for each in there})
    outcomes = Counter(each["outcome"] for each in there)
    first = sum(each["asked"] == "decided" or each["asked"].startswith("asked: 1") for each in there)
    taken = sum(bool(each["asked"]) for each in there)
    when = " to ".join(dict.fromkeys((*dates[:1], *dates[-1:])))
    versions = "; ".join(sorted({each["versions"] for each in there}))
    lines = [
        f"{len(there)} of {len(wanted)} judged, {when}, with {versions}.",
        "",
        "| outcome | models |",
        "|---|---|",
        *(f"| {outcome} | {count} |" for outcome, count in outcomes.most_common()),
        f"| not judged | {len(wanted) - len(there)} |",
        "",
        f"The right pixels were decided or proposed first for {first} of the {taken} that got that far.",
    ]
    return "\n".join(lines)


def _all_models(wanted: Sequence[str], found: Sequence[dict[str, Any] | None]) -> str:
    lines = ["| model | outcome | at | pixels | TensorFlow | OpenVINO |", "|---|---|---|---|---|---|"]
    for name, each in zip(wanted, found, strict=True):
        if each is None:
            lines.append(f"| {name} | not judged | | | | |")
            continue
        apart = each["apart"] or {}
        cells = [f"{apart[engine]:.0e}" if engine in apart else "" for engine in ("tensorflow", "openvino")]
        lines.append("| " + " | ".join([name, each["outcome"], each["size"], each["asked"], *cells]) + " |")
    return "\n".join([*lines, ""])


def _others(wanted: Sequence[str], found: Sequence[dict[str, Any] | None]) -> str:
    lines = []
    for name, each in zip(wanted, found, strict=True):
        if each is not None and each["outcome"] != RIGHT:
            lines.append(f"| {name} | {each['outcome']} | {each['words'].replace('|', '/')} |")
    if not lines:
        return ""
    return "\n".join(["| not right | outcome | what Sightline says |", "|---|---|---|", *lines, ""])


def _title(package: str) -> str:
    return {"keras": "Keras", "tensorflow": "TensorFlow", "openvino": "OpenVINO", "numpy": "NumPy"}[package]


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError

    for name in (package, f"{package}-cpu"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "?"
