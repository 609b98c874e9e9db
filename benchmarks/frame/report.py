"""Keeps the last figures of a kind of machine: as JSON, as a table in Markdown, and in the guide."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.frame.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BEGIN, END = "<!-- written by python -m benchmarks: begin -->", "<!-- end -->"
"""Around what the script writes into the guide; everything else there is left alone."""

COLUMNS = ("what", "Sightline", "against", "ratio", "goal", "met", "measured")


@dataclass(frozen=True)
class Entry:
    """The figures of one measurement, and the circumstances in which they were taken.

    Attributes:
        date: Day, as in 2026-11-21.
        commit: The checkout's commit.
        load: Processes that wanted a core in the minute before; None where unknown.
        seconds: How long it took.
        runs: Rounds that count.
        effort: As in `Plan`.
        pictures: Which ones: generated, or of a folder.
        figures: In the order of the table.
    """

    date: str
    commit: str
    load: float | None
    seconds: float
    runs: int
    effort: str
    pictures: str
    figures: tuple[Figure, ...]


@dataclass
class Report:
    """All measurements of one kind of machine, each as it was taken last."""

    machine: dict[str, str]
    versions: dict[str, str]
    entries: dict[str, Entry] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write JSON, and beside it the table in Markdown."""
        record = {
            "machine": self.machine,
            "versions": self.versions,
            "benchmarks": {
                name: vars(entry) | {"figures": [figure.as_record() for figure in entry.figures]}
                for name, entry in self.entries.items()
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        path.with_suffix(".md").write_text(self.markdown(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Report:
        """Read what `save` wrote."""
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        entries = {
            name: Entry(**entry | {"figures": tuple(map(Figure.from_record, entry["figures"]))})
            for name, entry in record["benchmarks"].items()
        }
        return cls(record["machine"], record["versions"], entries)

    def in_order(self, names: Iterable[str]) -> None:
        """Sort the measurements as they are listed; unknown ones are dropped."""
        self.entries = {name: self.entries[name] for name in names if name in self.entries}

    def rows(self) -> list[tuple[str, ...]]:
        """The table's cells, a row for each figure, under `COLUMNS`."""
        return [
            (
                figure.what,
                _samples(figure.own, figure),
                _against(figure),
                _ratio(figure),
                _goal(figure),
                {True: "yes", False: "**no**", None: ""}[figure.met],
                f"{entry.date}, {entry.commit}".rstrip(", "),
            )
            for entry in self.entries.values()
            for figure in entry.figures
        ]

    def markdown(self) -> str:
        """The table, with notes, machine and versions."""
        lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
        lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in self.rows()]
        notes = [
            f"- {figure.what}{f' against {figure.against}' if figure.against else ''}: {text}"
            for entry in self.entries.values()
            for figure in entry.figures
            for text in [" ".join(filter(None, (figure.missing, figure.note)))]
            if text
        ]
        if notes:
            lines += ["", "Notes:", "", *notes]
        lines += ["", "Measured by:", ""]
        lines += [
            f"- `{name}`: {entry.runs} rounds after a warm-up, {entry.effort} effort, {entry.pictures} "
            f"pictures, {entry.seconds:.0f} s, load {'unknown' if entry.load is None else entry.load} before"
            for name, entry in self.entries.items()
        ]
        for title, table in (("Machine", self.machine), ("Versions", self.versions)):
            lines += ["", f"{title}: " + "; ".join(f"{name} {value}" for name, value in table.items()) + "."]
        return "\n".join(lines) + "\n"

    def text(self) -> str:
        """The table for a terminal, without machine and versions."""
        table = [COLUMNS[:-1], *(row[:-1] for row in self.rows())]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table
        ]
        missing = [f.missing for entry in self.entries.values() for f in entry.figures if f.missing]
        return "\n".join([*lines, *dict.fromkeys(missing)])


def write_into(guide: Path, text: str) -> None:
    """Replace what stands between the marks of a guide.

    Raises:
        ValueError: The guide lacks the marks.
    """
    before, begin, rest = guide.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        message = f"{guide} has no lines '{BEGIN}' and '{END}'."
        raise ValueError(message)
    guide.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")


def _samples(samples: tuple[float, ...], figure: Figure) -> str:
    """Median and spread in the figure's unit, or that there is nothing."""
    if not samples:
        return "not measured"
    middle = figure.median if samples is figure.own else figure.other_median
    low, high = min(samples), max(samples)
    digits = figure.digits
    spread = f" ({low:,.{digits}f} to {high:,.{digits}f})" if len(samples) > 1 else ""
    return f"{middle:,.{digits}f} {figure.unit}{spread}"


def _against(figure: Figure) -> str:
    if not figure.against:
        return ""
    return f"{figure.against}: {_samples(figure.other, figure)}"


def _ratio(figure: Figure) -> str:
    if figure.ratio is None:
        return ""
    spread = figure.ratio_spread
    return f"{figure.ratio:.2f}" + (f" ({spread[0]:.2f} to {spread[1]:.2f})" if spread else "")


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    sign = ">=" if figure.goal.at_least else "<="
    unit = "x" if figure.against else figure.unit
    return f"{sign} {figure.goal.limit:g} {unit}"
