"""Filing pictures into folders by label: first a plan to look at, then the work, which can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desktop_app.core.batch.filing.journal import Journal
from desktop_app.core.batch.filing.planned_folder import FolderTally
from desktop_app.core.batch.filing.planned_steps import PlannedSteps
from desktop_app.core.batch.filing.steps import FileProblem, Step, take_back, take_step
from desktop_app.core.batch.job.control import UNCONTROLLED
from desktop_app.core.batch.job.folder_names import FreeNames, folder_names
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from desktop_app.core.batch.filing.planned_folder import PlannedFolder
    from desktop_app.core.batch.filing.steps import How
    from desktop_app.core.batch.job.control import BatchToken
    from desktop_app.core.batch.job.rows import Row
    from desktop_app.core.batch.job.spec import JobSpec

__all__ = ["FileProblem", "Filed", "Plan", "Step", "carry_out", "give_up_undo", "plan", "undo"]

DONE: dict[How, Literal["copied", "moved", "linked"]] = {
    "copy": "copied",
    "move": "moved",
    "link": "linked",
}
"""What `Filed.what` says of each way."""
_PLURALS = {"copy": "copies"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done.

    Attributes:
        how: Copy, move or (symbolically) link.
        folder: In which the folders of the labels lie.
        steps: One for each picture, in the order found.
        in_place: Pictures that lie in the right folder already.
        unanswered: Pictures that have no label.
        folders: Those that get pictures, by name. Counted once, where the plan is made: with 100,000 steps
            that takes a noticeable part of a second.
    """

    how: How
    folder: Path
    steps: Sequence[Step]
    in_place: int
    unanswered: int
    folders: tuple[PlannedFolder, ...]

    @property
    def renamed(self) -> int:
        """Pictures that get another name, since theirs is taken."""
        return sum(folder.renamed for folder in self.folders)

    @property
    def sentence(self) -> str:
        """The plan in words."""
        count = len(self.steps)
        into = counted(len(self.folders), "folder")
        words = [f"{counted(count, 'picture')} will be {DONE[self.how]} into {into}"]
        words += [f"{self.renamed:,} of them renamed"] if self.renamed else []
        words += [f"{self.in_place:,} already there"] if self.in_place else []
        words += [f"{self.unanswered:,} without a label"] if self.unanswered else []
        return "; ".join(words) + "."


@dataclass(frozen=True, slots=True)
class Filed:
    """What was done, or undone.

    Attributes:
        what: In words, such as ``copied``.
        done: How many.
        problems: Files with which it did not work, each with its reason; all others are done.
        left: Pictures that were not tried, since it was cancelled.
        kind: What it was done to.
        folder: In which the folders of the labels lie; None when something was taken back.
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


def plan(rows: Iterable[Row], spec: JobSpec, folder: Path, how: How) -> Plan:
    """Find out what filing would do; nothing is touched.

    Args:
        rows: Pictures; those without an answer are only counted.
        spec: Of their job.
        folder: In which the folders of the labels lie, or will be made.
        how: Copy, move or link.
    """
    names = folder_names(spec)
    free = FreeNames()
    steps = PlannedSteps()
    tallies: dict[str, FolderTally] = {}
    in_place = unanswered = 0
    folder = folder.absolute()
    for row in rows:
        if row.prediction is None:
            unanswered += 1
            continue
        source = (spec.base / row.path).absolute()
        name = names[row.prediction.top.class_id]
        home = folder / name
        if source.parent == home:
            in_place += 1
            continue
        step = Step.between(source, free.take(home, source.name))
        steps.append(step)
        if name not in tallies:
            tallies[name] = FolderTally(home)
        tallies[name].add(step)
    folders = tuple(tallies[name].result() for name in sorted(tallies, key=str.casefold))
    return Plan(how, folder, steps, in_place, unanswered, folders)


def carry_out(
    planned: Plan,
    journal: Path,
    control: BatchToken = UNCONTROLLED,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Filed:
    """Do what was planned, step by step. Nothing is ever overwritten; a file that fails keeps no other back.

    Args:
        planned: By `plan`.
        journal: File that notes each step before and after it is taken, for `undo`; its folder is made.
        control: Pauses and cancels between two files.
        on_progress: Told the files tried and all files.

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
    """Take back what `carry_out` did, the last step first; also after a crash, and after a crash of `undo`.

    Copies and links are removed, unless they were changed since; moved pictures go back to where they were,
    unless something else is there now. Folders that were made are removed when they are empty.

    Args:
        journal: As it was given to `carry_out`; removed when all is restored.
        control: Pauses and cancels between two files.
        on_progress: Told the files tried and all files.

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
    """Note that what a journal tells of is to stay as it is; no picture is touched.

    The journal is kept: it knows where moved pictures are.

    Raises:
        StorageError: The journal cannot be read or written.
        JobError: It is not such a journal, or its work goes on.
    """
    with Journal.open(journal) as notes:
        notes.settle()
