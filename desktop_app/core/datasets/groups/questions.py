"""What there is to say and to ask about groups of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.answers import GroupRule
from desktop_app.core.datasets.groups.grouping import Grouping, groups_of
from desktop_app.core.datasets.groups.proposal import Proposal, by_columns, option_of, proposals
from desktop_app.core.datasets.question import Choice, Question
from desktop_app.core.datasets.report import PART_NAMES, PARTS
from desktop_app.core.foundation.cancellation import NEVER, CancelToken
from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.report import Example, Part

KEY, TORN = "groups", "torn-groups"
_COST = "The accuracy then says how well the model knows these groups, not new ones."


@dataclass(frozen=True, slots=True)
class GroupFindings:
    """What the report says about groups.

    Attributes:
        questions: Open questions.
        warnings: Sentences about a rule that does not fit.
    """

    questions: tuple[Question, ...] = ()
    warnings: tuple[str, ...] = ()


def find_groups(
    examples: Sequence[Example],
    class_folders: Sequence[Path],
    folder: Path,
    answers: Answers,
    cancel: CancelToken = NEVER,
) -> GroupFindings:
    """Propose groups that nobody has decided about, or check the rule that somebody has chosen.

    Args:
        examples: All readable pictures.
        class_folders: Folders that stand for a class.
        folder: Data folder.
        answers: What was decided about the data.
        cancel: Token checked at every file that is opened.

    Raises:
        Cancelled: The user cancelled.
    """
    paths = [example.path for example in examples]
    parts = [example.part for example in examples]
    if answers.groups is None:
        if KEY in answers.settled:
            return GroupFindings()
        places = [(example.label, example.part) for example in examples]
        found = [
            *by_columns(paths, places, class_folders, folder, cancel),
            *proposals(paths, places, class_folders, folder),
        ]
        return GroupFindings((_question(found, parts, answers),)) if found else GroupFindings()
    if answers.groups.kind == "none":
        return GroupFindings()
    grouping = groups_of(paths, class_folders, folder, answers.groups, cancel.check)
    torn = torn_words(grouping, parts)
    ask = torn and TORN not in answers.settled
    questions = (_about_torn(torn, grouping, answers),) if ask else ()
    return GroupFindings(questions, tuple(rule_words(grouping)))


def torn_words(grouping: Grouping, parts: Sequence[Part | None]) -> str:
    """Say how many groups the folders put into several subsets, and what it costs; empty when none is."""
    held = np.zeros((len(parts), len(PARTS)), bool)
    for column, part in enumerate(PARTS):
        held[grouping.roots[[own == part for own in parts]], column] = True
    torn = held.sum(axis=1) > 1
    if not torn.any():
        return ""
    names = [PART_NAMES[part] for column, part in enumerate(PARTS) if held[torn, column].any()]
    where = f"{', '.join(names[:-1])} and {names[-1]}"
    count, verb = int(torn.sum()), "is" if torn.sum() == 1 else "are"
    return f"{count:,} of {counted(len(grouping.sizes), 'group')} {verb} in {where}. {_COST}"


def rule_words(grouping: Grouping) -> list[str]:
    """Say that a rule finds no groups, or leaves pictures out."""
    total = len(grouping.roots)
    if not len(grouping.sizes):
        return ["No pictures belong together by the rule for groups: they are split one by one."]
    if grouping.alone:
        verb = "is" if grouping.alone == 1 else "are"
        return [f"{grouping.alone:,} of {total:,} pictures {verb} in no group, and split one by one."]
    return []


def _question(found: Sequence[Proposal], parts: Sequence[Part | None], answers: Answers) -> Question:
    first = found[0]
    choices = [choice for proposal in found for choice in _choices(proposal, parts, answers)]
    none = Choice(
        "Use the folders' split as it is" if any(parts) else "Split picture by picture",
        "--group none",
        answers.changed(groups=GroupRule()),
    )
    torn = torn_words(first.grouping, parts)
    where = "training and validation" if any(parts) else "training and test"
    standing = torn or f"{first.which[:1].upper()}{first.which[1:]} may be in {where}. {_COST}"
    if torn and not first.sure:
        standing = f"If the same number is the same thing in all folders, {torn}"
    return Question(
        KEY,
        f"Keep {first.which} together?",
        (*choices, none),
        f"{first.seen}.",
        required=False,
        standing=standing,
    )


def _choices(proposal: Proposal, parts: Sequence[Part | None], answers: Answers) -> list[Choice]:
    option, detail = option_of(proposal.rule), f"{proposal.grouping.words}."
    together = Choice(
        f"Keep {proposal.which} together",
        option,
        answers.changed(groups=proposal.rule),
        detail,
        proposal.pictures,
    )
    if not torn_words(proposal.grouping, parts):
        return [together]
    anew = Choice(
        f"Draw a new split that keeps {proposal.which} together",
        f"{option} --new-split",
        answers.changed(groups=_redrawn(proposal.rule)),
        f"{detail} The folders' own split is set aside.",
        proposal.pictures,
    )
    return [anew] if "validation" in parts else [anew, _for_validation(proposal, answers)]


def _for_validation(proposal: Proposal, answers: Answers) -> Choice:
    return Choice(
        "Keep the folders' split, and groups together where validation pictures are drawn",
        option_of(proposal.rule),
        answers.changed(groups=proposal.rule),
        f"{proposal.grouping.words}. {_COST}",
    )


def _about_torn(torn: str, grouping: Grouping, answers: Answers) -> Question:
    assert answers.groups is not None
    option = option_of(answers.groups)
    return Question(
        TORN,
        "Draw a new split that keeps each group together?",
        (
            Choice(
                "Draw a new split",
                f"{option} --new-split",
                answers.changed(groups=_redrawn(answers.groups)),
                f"{grouping.words}. The folders' own split is set aside.",
            ),
            Choice("Use the folders' split as it is", option, answers.settling(TORN), _COST),
        ),
        "The folders divide groups that belong together.",
        required=False,
        standing=torn,
    )


def _redrawn(rule: GroupRule) -> GroupRule:
    return rule.model_copy(update={"redraw": True})
