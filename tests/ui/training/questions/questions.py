"""Questions for widgets to show."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.datasets.answers import Answers, GroupRule
from desktop_app.core.datasets.question import Choice, Question

PICTURES = tuple(Path(f"/data/pets/{number}.png") for number in range(8))
TWO, ONE = Answers(classes_at=2), Answers(classes_at=1)
LEVELS = Question(
    "classes-at",
    "Which level holds the classes?",
    (
        Choice("2 levels down: airfield and barn", "--classes-at 2", TWO, "2 classes.", PICTURES),
        Choice("1 level down: a and b", "--classes-at 1", ONE),
    ),
    "The folders a and b hold the same names.",
)
TOGETHER = Answers(groups=GroupRule(kind="folder"))
GROUPS = Question(
    "groups",
    "Keep the pictures of one folder together?",
    (
        Choice("Keep them together", "--group folder:1", TOGETHER, "4 groups."),
        Choice("Split them one by one", "--group none", Answers(groups=GroupRule())),
    ),
    "Folders below the classes hold several pictures each.",
    required=False,
    standing="Pictures of one folder may be in training and test.",
)
