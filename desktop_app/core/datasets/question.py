"""Questions about a data set that only a person can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import DatasetError

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.images.decoding.reading import PixelReading


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question.

    Attributes:
        text: What it means, in a few words: "2 levels down: airfield, alley, barn and beach".
        option: How the command line chooses it: "--classes-at 2".
        answers: All answers about the data set, this one included; checking the data with them uses it.
        detail: A sentence on what follows from it, such as counts or what it may cost; may be empty.
        pictures: A few pictures that show it.
        reading: How the numbers of these pictures are read, where that is what is chosen; else None.
    """

    text: str
    option: str
    answers: Answers
    detail: str = ""
    pictures: tuple[Path, ...] = ()
    reading: PixelReading | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its possible answers.

    Attributes:
        key: Name of the question in `Answers.settled`: "classes-at", "plane".
        text: The question: "Which level holds the classes?"
        choices: Answers, the most likely one first.
        reason: What was seen that makes it necessary.
        proposed: Whether the first answer is likely enough to be proposed.
        required: Whether nothing can be trained before it is answered. Otherwise the data are read as
            ``standing`` says until somebody chooses.
        standing: Sentence on how the data are read meanwhile; empty for a required question.
    """

    key: str
    text: str
    choices: tuple[Choice, ...]
    reason: str = ""
    proposed: bool = True
    required: bool = True
    standing: str = ""

    @property
    def advice(self) -> str:
        """The answers for the command line, one in each sentence."""
        return " ".join(f"Add {choice.option} for {choice.text}." for choice in self.choices)


class DatasetQuestion(DatasetError):
    """The data cannot be read before a question is answered.

    Attributes:
        question: The question.
    """

    def __init__(self, question: Question) -> None:
        super().__init__(f"{question.reason} {question.text}".strip(), question.advice)
        self.question = question
