"""Filing pictures into folders by label: first a plan to preview, then the work, which can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.batch.filing.journal import Journal
from desktop_app.core.batch.filing.planned_folder import FolderTally
from desktop_app.core.batch.filing.planned_steps import PlannedSteps
from desktop_app.core.batch.filing.steps import FileProblem, Step, take_back, take_step
from desktop_app.core.batch.job.control import UNCONTROLLED
from desktop_app.core.batch.job.folder_names import folder_names
from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.foundation.file_names import FreeNames, folder_name
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.planned_folder import PlannedFolder
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.classify.prediction import Prediction

__all__ = ["FileProblem", "Filed", "Plan", "Step", "carry_out", "give_up_undo", "plan", "undo"]

DONE: dict[How, Literal["copied", "moved", "linked"]] = {
    "copy": "copied",
    "move": "moved",
    "link": "linked",
}
"""The word in `Filed.what` for each way."""
_PLURALS = {"copy": "copies"}


class CannotSort(UsageError):
    """A job's pictures cannot be sorted into folders, or not in this way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a filing.

    Attributes:
        how: The way: copy, move or (symbolically) link.
        folder: The folder that contains the folders of the labels.
        steps: The steps, one for each picture, in the order found.
        in_place: The number of pictures already in the right folder.
        unanswered: The number of pictures without a label.
        labeled: The number of pictures that get copies or links, where each may have several labels; None
            where each has one.
        folders: The folders that get pictures, by name. Counted once with the plan: with 100,000 steps
            that takes a noticeable part of a second.
    """

    how: How
    folder: Path
    steps: Sequence[Step]
    in_place: int
    unanswered: int
    folders: tuple[PlannedFolder, ...]
    labeled: int | None = None

    @property
    def renamed(self) -> int:
        """Number of pictures that get another name because theirs is taken."""
        return sum(folder.renamed for folder in self.folders)

    @property
    def sentence(self) -> str:
        """The plan in words."""
        count = len(self.steps)
        into = counted(len(self.folders), "folder")
        pictures = count if self.labeled is None else self.labeled
        words = [f"{counted(pictures, 'picture')} will be {DONE[self.how]} into {into}"]
        words += [f"one file for each label, {count:,} in all"] if self.labeled is not None else []
        words += [f"{self.renamed:,} of them renamed"] if self.renamed else []
        words += [f"{self.in_place:,} already there"] if self.in_place else []
        words += [f"{self.unanswered:,} without a label"] if self.unanswered else []
        return "; ".join(words) + "."


@dataclass(frozen=True, slots=True)
class Filed:
    """What was done, or undone.

    Attributes:
        what: The action in words, such as ``copied``.
        done: The number of files done.
        problems: The files that failed, each with its reason; all others are done.
        left: The number of pictures not tried because it was cancelled.
        kind: The kind of the files.
        folder: The folder that contains the folders of the labels; None for an undo.
    """

    what: Literal["copied", "moved", "linked", "restored", "removed"]
    done: int
    problems: tuple[FileProblem, ...]
    left: int = 0
    kind: Literal["picture", "copy", "link"] = "picture"
    folder: Path | None = None

    @property
    def sentence(self) -> str:
        """The result in words."""
        words = f"{counted(self.done, self.kind, _PLURALS.get(self.kind, ''))} {self.what}"
        if self.folder is not None and self.done:
            words += f" into {printable(str(self.folder))}"
        if self.problems:
            words += f", {len(self.problems):,} not"
        return f"{words}; {self.left:,} left." if self.left else f"{words}."


def plan(rows: Iterable[Row], spec: JobSpec, folder: Path, how: How, *, by_kind: bool = False) -> Plan:
    """Plan a filing; nothing is touched.

    Args:
        rows: The pictures; those without a prediction are only counted.
        spec: The settings of their job.
        folder: The folder for the folders of the labels.
        how: The way: copy, move or link.
        by_kind: Whether the folders are named after kinds, where a picture has one, rather than labels.

    Raises:
        CannotSort: The model gives no labels, or moving a picture with several labels is asked for.
    """
    check_sorting(spec, how)
    names = folder_names(spec)
    free = FreeNames()
    steps = PlannedSteps()
    tallies: dict[str, FolderTally] = {}
    in_place = unanswered = labeled = 0
    folder = folder.absolute()
    for row in rows:
        if row.prediction is None:
            unanswered += 1
            continue
        source = (spec.base / row.path).absolute()
        wanted = [folder / name for name in _folders_for(row.prediction, names, by_kind=by_kind)]
        homes = [home for home in wanted if source.parent != home]
        unanswered += not wanted
        in_place += len(wanted) > len(homes)
        labeled += bool(homes)
        for home in homes:
            step = Step.between(source, free.take(home, source.name))
            steps.append(step)
            if home.name not in tallies:
                tallies[home.name] = FolderTally(home)
            tallies[home.name].add(step)
    folders = tuple(tallies[name].result() for name in sorted(tallies, key=str.casefold))
    several = spec.task == "multi-label"
    return Plan(how, folder, steps, in_place, unanswered, folders, labeled if several else None)


def check_sorting(spec: JobSpec, how: How) -> None:
    """Make sure that pictures can be sorted into folders of labels.

    Raises:
        CannotSort: The model estimates amounts; or pictures that may have several labels are to be moved.
    """
    if spec.task == "regression":
        raise CannotSort(
            f"{spec.model_name} estimates amounts, not labels: its pictures can't be sorted into folders.",
            "Sort the table by the amount instead, or export it.",
        )
    if spec.task == "multi-label" and how == "move":
        raise CannotSort(
            "A picture with several labels can't be moved into several folders.", "Copy or link the pictures."
        )


def _folders_for(prediction: Prediction, names: Mapping[str, str], *, by_kind: bool) -> list[str]:
    """Name the folders that a picture belongs in; none where it has no label."""
    if prediction.task == "multi-label":
        return [names[entry.class_id] for entry in prediction.right]
    kind = prediction.kind if by_kind else None
    return [names[prediction.top.class_id] if kind is None else folder_name(kind.name)]


def carry_out(
    planned: Plan,
    journal: Path,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Filed:
    """Carry out a plan step by step. Nothing is ever overwritten; a failure does not stop the others.

    Args:
        planned: The plan of `plan`.
        journal: The file that records each step before and after it is taken, for `undo`; its folder is made.
        control: The token that pauses and cancels between two files.
        on_progress: The callback that gets the number of files tried and of all files.

    Raises:
        StorageError: The journal cannot be written; what was done until then is in it.
    """
    total = len(planned.steps)
    problems: list[FileProblem] = []
    tried = 0
    with Journal.create(journal, planned.how) as notes:
        for step in planned.steps:
            control.wait_while_paused()
            if control.cancelled:
                break
            problem = take_step(step, planned.how, notes)
            tried += 1
            if problem is not None:
                problems.append(problem)
            on_progress(tried, total)
    done = tried - len(problems)
    return Filed(DONE[planned.how], done, tuple(problems), total - tried, folder=planned.folder)


def undo(
    journal: Path,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Filed:
    """Undo `carry_out`, the last step first; also after a crash, even a crash of `undo`.

    Copies and links are removed, unless they were changed since; moved pictures go back to where they were,
    unless something else is there now. Folders that were made are removed when they are empty.

    Args:
        journal: The journal of `carry_out`; removed when all is restored.
        control: The token that pauses and cancels between two files.
        on_progress: The callback that gets the number of files tried and of all files.

    Raises:
        StorageError: The journal cannot be read or written.
        JobError: It is not such a journal.
    """
    with Journal.open(journal) as notes:
        entries = notes.to_undo()
        problems: list[FileProblem] = []
        done = tried = 0
        for entry in reversed(entries):
            control.wait_while_paused()
            if control.cancelled:
                break
            problem, undone = take_back(entry, notes)
            tried += 1
            done += undone
            if problem is not None:
                problems.append(problem)
            on_progress(tried, len(entries))
        notes.remove_made_folders()
    if tried == len(entries) and not problems:
        notes.delete()
    left = len(entries) - tried
    how = entries[0].how if entries else "move"
    if how == "move":
        return Filed("restored", done, tuple(problems), left)
    return Filed("removed", done, tuple(problems), left, kind=how)


def give_up_undo(journal: Path) -> None:
    """Record that a journal's work stays as it is; no picture is touched.

    The journal is kept: it knows where moved pictures are.

    Raises:
        StorageError: The journal cannot be read or written.
        JobError: It is not such a journal, or its work is still running.
    """
    with Journal.open(journal) as notes:
        notes.settle()
