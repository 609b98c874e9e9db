"""What is asked of a model on trial, and what it answers; both travel between processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.pixel_choices import Clue

if TYPE_CHECKING:
    from desktop_app.core.foundation.errors import SightlineError
    from desktop_app.core.images.decoding.fitting import Fit, Resample
    from desktop_app.core.library.exchange.sources import Format
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import Task
    from desktop_app.core.networks.pixels import Preprocessing


@dataclass(frozen=True, slots=True)
class TrialInput:
    """How a model gets its pictures, as far as a person can choose it; see `InputSpec`.

    Attributes:
        preprocessing: The pixel values.
        fit: How pictures are fitted.
        crop_share: The share of each side that a crop keeps.
        resample: How they are scaled.
        grey: The shares of red, green and blue in grey pictures.
    """

    preprocessing: Preprocessing
    fit: Fit
    crop_share: float
    resample: Resample
    grey: tuple[float, float, float]

    @classmethod
    def of(cls, spec: InputSpec) -> TrialInput:
        """What a card says."""
        return cls(spec.preprocessing, spec.fit, spec.crop_share, spec.resample, spec.grey)

    def changes(self, channels: int) -> dict[str, Any]:
        """Fields of an `InputSpec` for pictures with 1 or 3 channels."""
        said = asdict(self)
        if channels != 1:
            del said["grey"]
        return said


@dataclass(frozen=True, slots=True)
class TrialSubject:
    """A model to be tried.

    Attributes:
        path: The file or folder of a model from elsewhere, or the weights of an installed one.
        task: What its outputs are for; None where the file says it, or nobody knows yet.
        kept: The card's name of the format of an installed model; None for a model from elsewhere.
    """

    path: Path
    task: Task | None = None
    kept: Format | None = None


Best = tuple[int, float]
"""The likeliest output, and its probability; or the first amount. Names are not settled yet."""


@dataclass(frozen=True, slots=True)
class TrialAnswers:
    """What a model answers when it gets its pictures in one way.

    Attributes:
        given: The way.
        best: For each picture the best output; empty for a model that gives features; None where its numbers
            are beyond all bounds.
    """

    given: TrialInput
    best: tuple[Best, ...] | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the process.

    Attributes:
        subject: The model.
        given: How it gets its pictures.
        pictures: The files of the pictures.
        leading: The pixel values that the file speaks for; where it is asked, what speaks for others from
            within the network is looked for; empty where the file speaks for none.
    """

    subject: TrialSubject
    given: TrialInput
    pictures: tuple[Path, ...]
    leading: Preprocessing | None = None

    def line(self) -> str:
        """The question as a line of text."""
        said = {
            "path": str(self.subject.path),
            "task": self.subject.task,
            "kept": self.subject.kept,
            "given": asdict(self.given),
            "pictures": [str(path) for path in self.pictures],
            "leading": self.leading,
        }
        return json.dumps(said)

    @classmethod
    def read(cls, line: str) -> Question:
        """Read what `line` wrote."""
        said = json.loads(line)
        return cls(
            TrialSubject(Path(said["path"]), said["task"], said["kept"]),
            _input(said["given"]),
            tuple(map(Path, said["pictures"])),
            said["leading"],
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What the process says to a question.

    Attributes:
        best: As of `TrialAnswers`.
        clue: What speaks for pixel values from within the network; None where nothing does.
    """

    best: tuple[Best, ...] | None
    clue: Clue | None = None

    def line(self) -> str:
        """The reply as a line of text."""
        return json.dumps({"best": self.best, "clue": asdict(self.clue) if self.clue else None})

    @classmethod
    def read(cls, line: str) -> Reply:
        """Read what `line` wrote.

        Raises:
            ModelError: The process says that it cannot answer; the sentence is the reason.
            ValueError: It is no reply.
        """
        said = json.loads(line)
        if "error" in said:
            raise ModelError(said["error"], said["advice"])
        best, clue = said["best"], said["clue"]
        found = None if best is None else tuple((int(index), float(value)) for index, value in best)
        return cls(found, Clue(**clue) if clue else None)


def refusal(error: SightlineError) -> str:
    """Why there is no reply, as a line of text."""
    return json.dumps({"error": error.reason.text, "advice": error.reason.advice})


def _input(said: dict[str, Any]) -> TrialInput:
    values = {each.name: said[each.name] for each in fields(TrialInput)}
    return TrialInput(**values | {"grey": tuple(values["grey"])})
