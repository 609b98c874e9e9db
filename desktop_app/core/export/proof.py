"""What the proof of a written model found, and what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from pydantic import Field

from desktop_app.core.export.conversion.formats import ExportFormat, ExportPrecision
from desktop_app.core.foundation.record import Record
from desktop_app.core.foundation.text import counted, percent
from desktop_app.core.inference.proof import agreement, largest_difference
from desktop_app.core.library.proof import CLEAR_MARGIN
from desktop_app.core.networks.outputs import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from desktop_app.core.library.card import ModelCard

MOST_APART: Mapping[ExportPrecision, float] = {"float32": 1e-4, "float16": 2e-3, "int8": 1.0}
"""Difference of a probability (0..1) up to which a file may leave. A smaller precision leaves only when a
float32 file, written in the same way, has held: so rounding hides no fault. What int8 loses is shown."""

FEWEST_PICTURES = 32

_OF_WHAT: Mapping[Task, str] = {
    "classification": "",
    "multi-label": "",
    "regression": " of the largest amount",
    "embedding": " of the features' length",
}
_SAME: Mapping[Task, str] = {
    "classification": ", and has the same first class for {}",
    "multi-label": ", and has the same labels for {}",
    "regression": "",
    "embedding": ", and finds the same picture most alike for {}",
}

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Compared(NamedTuple):
    """What a proof compares.

    Attributes:
        card: The model's card, which says what the answers are.
        reference: What gave the expected ones.
        precision: The numbers of the file's weights.
    """

    card: ModelCard
    reference: str
    precision: ExportPrecision


class ExportProof(Record):
    """The answers of the written file beside those of Sightline, for the same pictures.

    Attributes:
        engine: What opened the file, in a process of its own: "ONNX Runtime 1.28.0".
        reference: What it was compared with: "Sightline with TensorFlow 2.20.0".
        precision: The numbers that the file's weights are kept as.
        pictures: Number of pictures.
        largest_difference: Largest difference of a probability (0..1).
        mean_difference: Mean difference of the probabilities.
        same_first: Share of the pictures for which both name the same class first; the same labels, where
            several are right at once; the same picture as the most alike, for features; 1 for amounts.
        task: What the answers are. Amounts differ by shares of the largest one, features by shares of their
            length.
    """

    engine: str
    reference: str
    precision: str
    pictures: int
    largest_difference: _Share
    mean_difference: _Share
    same_first: _Share
    task: Task = "classification"

    def holds(self, precision: ExportPrecision) -> bool:
        """Whether a file of this precision may leave."""
        return self.largest_difference <= MOST_APART[precision] and self.pictures >= FEWEST_PICTURES

    @property
    def sentence(self) -> str:
        """The finding for people."""
        return (
            f"{self.engine} opened the {self.precision} file in a process of its own and answered "
            f"{self.pictures} pictures: it differs from Sightline by {self.largest_difference:.1e}"
            f"{_OF_WHAT[self.task]} at most{_SAME[self.task].format(percent(self.same_first))}."
        )


class HeldAccuracy(Record):
    """Accuracy on pictures that the model was validated on in its training.

    Attributes:
        pictures: Number of pictures.
        before: Share that Sightline names rightly.
        after: Share that the written file names rightly.
    """

    pictures: Annotated[int, Field(ge=1)]
    before: _Share
    after: _Share

    @property
    def sentence(self) -> str:
        """The finding for people."""
        change = 100 * (self.after - self.before)
        moved = "the same as before" if abs(change) < 0.05 else f"{change:+.1f} points"
        return (
            f"On {counted(self.pictures, 'validation picture')} {percent(self.after)} are right with the "
            f"written file and {percent(self.before)} in Sightline: {moved}."
        )


class ExportReport(Record):
    """``proof.json`` in the package.

    Attributes:
        model: Id of the model in the library.
        weights_sha256: SHA-256 of its weights there.
        format: The format.
        precision: The numbers that the weights are kept as.
        limit: Difference of a probability up to which the file was allowed to leave; None for int8, of which
            only the float32 file beside it is held to one.
        proofs: What engines found that opened the file.
        whole: What they found with the float32 file beside which one of a smaller precision was made.
        not_opened: Engines that cannot open the file, with what they said.
        accuracy: Accuracy before and after, where it was measured.
        accuracy_note: Why it was not measured, as a sentence; may be empty.
        remark: What the proof does not cover, as a sentence; may be empty.
        files: SHA-256 of the package's other files.
    """

    model: str
    weights_sha256: str
    format: ExportFormat
    precision: ExportPrecision
    limit: float | None
    proofs: tuple[ExportProof, ...]
    whole: tuple[ExportProof, ...] = ()
    not_opened: dict[str, str] = Field(default_factory=dict)
    accuracy: HeldAccuracy | None = None
    accuracy_note: str = ""
    remark: str = ""
    files: dict[str, str] = Field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that was found, for people."""
        refused = tuple(f"{engine} cannot open this file." for engine in self.not_opened)
        measured = self.accuracy.sentence if self.accuracy else self.accuracy_note
        said = tuple(sentence for sentence in (measured, self.remark) if sentence)
        return (*(proof.sentence for proof in self.proofs), *refused, *said)


def compare(
    expected: NDArray[np.floating], found: NDArray[np.floating], engine: str, facts: Compared
) -> ExportProof | None:
    """Compare the answers of a file with Sightline's.

    Args:
        expected: Sightline's probabilities ``(N, classes)``, amounts or features.
        found: The file's.
        engine: What opened the file.
        facts: What is compared.

    Returns:
        The proof; None where the answers have another shape, or are not numbers.
    """
    if expected.shape != found.shape or not np.isfinite(found).all():
        return None
    rows, others = np.asarray(expected, np.float64), np.asarray(found, np.float64)
    same, _five, _clear = agreement(rows, others, facts.card, CLEAR_MARGIN)
    scale = max(1.0, float(np.abs(rows).max()))
    return ExportProof(
        engine=engine,
        reference=facts.reference,
        precision=facts.precision,
        pictures=len(found),
        largest_difference=largest_difference(rows, others, facts.card.task),
        mean_difference=min(1.0, float(np.abs(rows - others).mean()) / scale),
        same_first=same,
        task=facts.card.task,
    )
