"""What an import asks: a model is fine, but its file leaves something open that changes the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.errors import ModelError, UsageError
from desktop_app.core.foundation.text import counted, printable
from desktop_app.core.library.pixel_choices import ranked
from desktop_app.core.networks.outputs import OUTPUT_NOUNS, TASK_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.inspection.result.meaning import Meaning
    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.networks.input_spec import InputSpec
    from desktop_app.core.networks.outputs import Task


class MeaningNeeded(ModelError, UsageError):
    """A model is fine, but does not say what its outputs are for.

    Attributes:
        path: The model file.
        outputs: Number of its outputs.
        tasks: What is plausible, the likeliest first.
        seen: What was seen, as a sentence.
    """

    def __init__(self, path: Path, outputs: int, meaning: Meaning) -> None:
        words = " or ".join(TASK_WORDS[task] for task in meaning.tasks)
        super().__init__(
            f"{printable(path.name)} does not say whether its {counted(outputs, 'output')} "
            f"{'is' if outputs == 1 else 'are'} {words}. {meaning.reason}".strip(),
            "Choose what it is for.",
        )
        self.path = path
        self.outputs = outputs
        self.tasks = meaning.tasks
        self.seen = meaning.reason


class LabelsNeeded(ModelError):
    """A model is fine but does not name its classes.

    Attributes:
        path: The model file.
        outputs: Number of names that are needed.
        task: What the names are for.
        input: How it gets its pictures, or probably does; None where that is not known yet.
        decided: Whether its pixel values are known.
    """

    input: InputSpec | None = None
    decided: bool = True

    def __init__(self, path: Path, outputs: int, task: Task = "classification") -> None:
        what = counted(outputs, *OUTPUT_NOUNS[task])
        are = "is" if outputs == 1 else "are"
        super().__init__(
            f"{printable(path.name)} does not say what its {what} {are} called.",
            "Give the names, one a line, in the order of the model's outputs.",
        )
        self.path = path
        self.outputs = outputs
        self.task = task


class PixelsNeeded(ModelError, UsageError):
    """A model is fine, but does not say which pixel values it was trained on, or contradicts itself.

    Attributes:
        path: The model file.
        card: The card that it gets, but for the pixel values.
        clues: What speaks for some of them.
        producer: The program that wrote the file, as it calls itself; empty where it does not say.
        choices: The values to choose from, the likeliest first.
    """

    def __init__(
        self,
        path: Path,
        card: ModelCard,
        clues: Sequence[Clue],
        producer: str = "",
        *,
        contradicted: bool = False,
    ) -> None:
        what = (
            "contradicts itself about the pixel values that it was trained on"
            if contradicted
            else "does not say which pixel values it was trained on"
        )
        super().__init__(
            f"{printable(path.name)} {what}, and with other ones its answers are wrong.", "Choose them."
        )
        self.path = path
        self.card = card
        self.clues = tuple(clues)
        self.producer = producer
        self.choices = ranked(card.input.channels, clues)
