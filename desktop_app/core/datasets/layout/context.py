"""What is known while the folders of a data set are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_app.core.datasets.layout.advice import some
from desktop_app.core.datasets.layout.class_names import loose_key
from desktop_app.core.datasets.layout.layout import UnlabeledFolder
from desktop_app.core.datasets.layout.name_kinds import (
    is_beside_name,
    is_doubtful_name,
    is_wrapper,
)
from desktop_app.core.datasets.layout.part_names import NO_PART, PartGuess, guess_part
from desktop_app.core.datasets.report import FileProblem
from desktop_app.core.datasets.stored_names import path_of, stored_name
from desktop_app.core.foundation.errors import Reason
from desktop_app.core.foundation.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers, FolderMeaning
    from desktop_app.core.datasets.layout.tree import Folder
    from desktop_app.core.datasets.question import Question
    from desktop_app.core.datasets.report import Part

_MOST_STRAYS = 100
"""Pictures outside the class folders that are listed one by one."""


class Base(NamedTuple):
    """A folder whose sub-folders are classes, and its subset; None when nothing names one."""

    folder: Folder
    part: Part | None


class Context:
    """The answers about a data set, and what is to be said about it.

    Attributes:
        root: The folder that the user chose.
        answers: What was decided about it.
        warnings: Sentences about folders that are not used.
        unlabeled: Folders with pictures that have no class.
        questions: Questions that leave the data readable.
        problems: Skipped pictures and links.
        skipped: Folders in class folders whose pictures are not used.
    """

    def __init__(self, root: Path, answers: Answers) -> None:
        self.root = root
        self.answers = answers
        self.warnings: list[str] = []
        self.unlabeled: list[UnlabeledFolder] = []
        self.questions: list[Question] = []
        self.problems: list[FileProblem] = []
        self.skipped: list[Path] = []
        self._meanings = {path_of(name, root): meaning for name, meaning in answers.folders.items()}

    def check_answers(self, tree: Folder) -> None:
        """Say which folders that something was decided about are not there."""
        known = {tree.path, *self.ignored}
        waiting = [tree] if self._meanings else []
        while waiting:
            folder = waiting.pop()
            known.add(folder.path)
            waiting += folder.kids
        gone = [path for path in self._meanings if path not in known or not path.is_dir()]
        if gone:
            names = some([self._shown(path) for path in gone])
            self.warnings.append(f"No folder {names}: what was decided about it is not used.")

    @property
    def ignored(self) -> list[Path]:
        """Folders that are left out."""
        return self._that_are("ignore")

    @property
    def decided_unlabeled(self) -> list[Path]:
        """Folders without labels, as was decided; they may be in class folders."""
        return self._that_are("unlabeled")

    def say_unused(self, used: Iterable[Path]) -> None:
        """Say which folders were called subsets in vain, since they hold no class folders.

        Args:
            used: The class folders, and the folders without labels.
        """
        given = self._that_are("train", "validation", "test")
        if given:
            inside = {above for path in used for above in (path, *path.parents)}
            for path in given:
                if path.is_dir() and path not in inside:
                    self.warnings.append(
                        f"'{self._shown(path)}' is no subset: there are no class folders in it."
                    )

    def _that_are(self, *meanings: FolderMeaning) -> list[Path]:
        return [path for path, meaning in self._meanings.items() if meaning in meanings]

    def meaning(self, folder: Folder) -> FolderMeaning | None:
        """What was decided about a folder."""
        return self._meanings.get(folder.path)

    def guess(self, folder: Folder) -> PartGuess:
        """The subset that a folder stands for: as was decided, else by its name."""
        meaning = self.meaning(folder)
        if meaning is None:
            return guess_part(folder.name)
        return NO_PART if meaning in {"class", "ignore"} else PartGuess(meaning)  # type: ignore[arg-type]

    def is_beside(self, folder: Folder) -> bool:
        """Whether a folder's name says that masks or annotations are in it, and nothing else was decided."""
        if self.meaning(folder) is not None:
            return False
        if is_beside_name(folder.name):
            return True
        if not is_doubtful_name(folder.name):
            return False
        around = folder.parent.kids if folder.parent is not None else ()
        return not folder.total or any(is_wrapper(kid.name) for kid in around)

    def classes_in(self, folder: Folder) -> dict[str, Folder]:
        """The folders with pictures in one that may be classes, by the loose keys of their names."""
        return {loose_key(kid.name): kid for kid in self.class_kids(folder)}

    def class_kids(self, folder: Folder) -> list[Folder]:
        """The folders with pictures in one that may be classes."""
        kids = (kid for kid in folder.kids if kid.total and not self.is_beside(kid))
        return [kid for kid in kids if not self.is_unlabeled(kid)]

    def is_unlabeled(self, folder: Folder) -> bool:
        """Whether a folder's name leaves no doubt that nobody labeled its pictures, or that was decided."""
        guess = self.guess(folder)
        return guess.role == "unlabeled" and guess.kind != "weak"

    def name(self, folder: Folder) -> str:
        """The path of a folder below the chosen one, for sentences."""
        return self._shown(folder.path)

    def _shown(self, path: Path) -> str:
        inside = path.is_relative_to(self.root)
        return printable(path.relative_to(self.root).as_posix() if inside else str(path))

    def names(self, folders: Iterable[Folder], most: int = 5) -> str:
        """The paths of a few folders, for sentences."""
        names = [f"'{self.name(folder)}'" for folder in folders]
        if len(names) > most:
            return some(names, most)
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))

    def meaning_as(self, meanings: Mapping[Folder, FolderMeaning], **more: object) -> Answers:
        """All answers with some more about folders."""
        added = {stored_name(folder.path, self.root): meaning for folder, meaning in meanings.items()}
        return self.answers.changed(folders={**self.answers.folders, **added}, **more)

    def option(self, meanings: Mapping[Folder, FolderMeaning]) -> str:
        """How the command line says so."""
        given = (f"--folder {_quoted(self.name(folder))}={meaning}" for folder, meaning in meanings.items())
        return " ".join(given)

    def leave_unlabeled(self, folder: Folder, part: Part | None, why: str = "without labels") -> None:
        """Note that the pictures of a folder are not used."""
        if folder.total:
            self.unlabeled.append(UnlabeledFolder(folder.path, part, folder.total))
            pictures = counted(folder.total, "picture")
            self.warnings.append(f"'{self.name(folder)}' has {pictures} {why}: not used.")

    def leave_beside(self, folders: list[Folder]) -> None:
        """Note folders of masks or annotations that have pictures."""
        filled = [folder for folder in folders if folder.total]
        if filled:
            several = len(filled) > 1
            self.warnings.append(
                f"{self.names(filled)} {'are' if several else 'is'} skipped: by "
                f"{'their names, they are' if several else 'its name, it is'} no class."
            )

    def leave_strays(self, folder: Folder, names: list[str]) -> None:
        """Note pictures whose class is unknown: some of them one by one, many of them as one."""
        if len(names) > _MOST_STRAYS:
            text = f"{len(names):,} pictures in it are outside the class folders, so their class is unknown."
            self.problems.append(FileProblem(folder.path, Reason(text, "Move each into its class's folder.")))
        else:
            text = "The picture is outside the class folders, so its class is unknown."
            reason = Reason(text, "Move it into its class's folder.")
            self.problems += [FileProblem(folder.path / name, reason) for name in names]

    def leave_loops(self, folder: Folder) -> None:
        """Note the links in a folder that lead nowhere new."""
        reason = Reason(
            "This link leads to a folder that is used already, or contains this one.",
            "Delete the link if it is not needed.",
        )
        self.problems += [FileProblem(path, reason) for path in folder.loops]


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
