"""How a model gets its pictures: the question, at its import and whenever it is to be changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from desktop_app.workers.library.wishes import Wishes

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_app.core.library.card import ModelCard
    from desktop_app.core.library.exchange.sources import Format
    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.library.store import Library
    from desktop_app.core.trial.messages import TrialInput, TrialSubject


@dataclass(frozen=True, slots=True)
class PixelsQuestion:
    """A model file does not say which pixel values it wants, or the user wants to change them.

    Attributes:
        path: The file of a model from elsewhere, or the weights of an installed one.
        card: The card of the model, which it gets but for the pixel values.
        clues: What speaks for some of them.
        producer: The program that wrote the file, as it calls itself; empty where it does not say.
        wishes: What the user has said before.
        model_id: The model in the library whose pixels are to be changed; empty for an import.
        seen: What the pixels of an installed model were taken from, as a sentence; may be empty.
    """

    path: Path
    card: ModelCard
    clues: tuple[Clue, ...] = ()
    producer: str = ""
    wishes: Wishes = field(default_factory=Wishes)
    model_id: str = ""
    seen: str = ""

    @property
    def given(self) -> TrialInput:
        """What the card says."""
        from desktop_app.core.trial.messages import TrialInput

        return TrialInput.of(self.card.input)

    @property
    def subject(self) -> TrialSubject:
        """What is tried."""
        from desktop_app.core.trial.messages import TrialSubject

        kept = cast("Format", self.card.architecture) if self.model_id else None
        return TrialSubject(self.path, self.card.task, kept)


def ask_about_installed(library: Library, model_id: str) -> PixelsQuestion:
    """Make the question about a model in the library.

    Raises:
        ModelError: There is no such model, or it is one whose input is known.
        StorageError: Its file cannot be read.
    """
    from desktop_app.core.library.exchange.asking_again import clues_of_installed

    entry = library.settable(model_id)
    clues, producer = clues_of_installed(entry)
    assert entry.card is not None
    assert entry.weights is not None
    return PixelsQuestion(entry.weights, entry.card, clues, producer, model_id=model_id)
