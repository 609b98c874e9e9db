"""One picture of the grid, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import percent, printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop_app.core.datasets.decision import Decision
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.label_mistakes.mistake import LabelMistake


@dataclass(frozen=True, slots=True)
class LabelItem:
    """What a cell shows.

    Attributes:
        path: Path of the picture.
        label: First line: its class.
        outcome: Second line: the suggested class, or what was decided.
        figure: Right end of the second line; may be empty.
        words: All of it as a sentence.
        suggested: Class that is suggested; empty when there is none.
    """

    path: Path
    label: str
    outcome: str
    figure: str
    words: str
    suggested: str = ""


def item_of_mistake(mistake: LabelMistake) -> LabelItem:
    """Show a label that is probably wrong."""
    name = printable(mistake.path.name)
    sure = "" if mistake.probability is None else percent(mistake.probability)
    likely = f"looks like {mistake.suggested}{f' ({sure})' if sure else ''}"
    label, words = mistake.given, f"{name}: labeled {mistake.given}, {likely}"
    if mistake.kind == "copy":
        label = f"Same in {' and '.join(mistake.copies_in)}"
        words = f"{name}: the same picture is in {' and '.join(mistake.copies_in)}; {likely}"
    return LabelItem(mistake.path, label, f"→ {mistake.suggested}", sure, words, mistake.suggested)


def items_of_decisions(report: DatasetReport, decisions: Mapping[Path, Decision]) -> list[LabelItem]:
    """Show what was decided, in the order of the pictures."""
    base = report.uncorrected or report
    items = []
    for example in base.examples:
        decision = decisions.get(example.path)
        if decision is None:
            continue
        given, name = base.class_names[example.label], printable(example.path.name)
        match decision.action:
            case "relabel":
                outcome, words = f"→ {decision.label}", f"relabeled from {given} to {decision.label}"
            case "exclude":
                outcome, words = "excluded", f"excluded from {given}"
            case _:
                outcome, words = "kept", f"kept in {given}"
        items.append(LabelItem(example.path, given, outcome, "", f"{name}: {words}"))
    return items
