"""The evaluation of a model that gives several labels at once: how well it finds each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.classify.calibration import fit_label_temperature, label_calibration_error
from desktop_app.core.foundation.text import counted, percent
from desktop_app.core.networks.outputs import DEFAULT_THRESHOLD
from desktop_app.core.networks.readings import sigmoid
from desktop_app.core.training.task.evaluation import Evaluation
from desktop_app.core.training.task.label_scores import (
    STEPS,
    area_under_roc,
    at_thresholds,
    average_precision,
    best_threshold,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Literal

    from numpy.typing import NDArray

CALIBRATION_PICTURES = 100
"""Pictures below which a temperature says more about chance than about the model."""

MISTAKES_OF_LABEL = 8
MAX_MISTAKES = 2_000
MAX_CURVES = 1_000
"""Labels from which on the counts at every threshold are not kept: a file of them would be large."""

MAX_TOGETHER = 40
"""Labels up to which it is counted which are given together."""

_MOST_CALIBRATED = 2_000_000
_MOST_NAMES = 5
_LEAST = 1e-7


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well a model finds one label.

    Attributes:
        name: Name of the label.
        pictures: Number of pictures that have it.
        threshold: Probability (0..1) from which on the model gives it.
        found: Number of pictures that have it and get it.
        wrong: Number of pictures that get it without having it.
        average_precision: Area under precision over recall, 0..1; None when no picture has the label.
        auc: Area under the ROC curve, 0..1; None unless some pictures have the label and others do not.
        hits: Pictures that have it and get it at the thresholds 0, 0.01, ..., 1; empty for very many labels.
        false: Pictures that get it without having it at these thresholds.
    """

    name: str
    pictures: int
    threshold: float
    found: int
    wrong: int
    average_precision: float | None
    auc: float | None
    hits: tuple[int, ...] = ()
    false: tuple[int, ...] = ()

    @property
    def precision(self) -> float | None:
        """Share of the pictures that get the label that have it; None when none gets it."""
        return _share(self.found, self.found + self.wrong)

    @property
    def recall(self) -> float | None:
        """Share of the pictures that have the label that get it; None when none has it."""
        return _share(self.found, self.pictures)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when no picture has or gets the label."""
        return _share(2 * self.found, self.found + self.wrong + self.pictures)

    def at(self, threshold: float) -> LabelScore:
        """The same with another threshold, in hundredths; without the counts for it unchanged."""
        if not self.hits:
            return self
        step = min(max(round(threshold * STEPS), 0), STEPS)
        return LabelScore(
            self.name,
            self.pictures,
            step / STEPS,
            self.hits[step],
            self.false[step],
            self.average_precision,
            self.auc,
            self.hits,
            self.false,
        )


@dataclass(frozen=True, slots=True)
class LabelMistake:
    """A picture that gets a label wrongly, or does not get one that it has.

    Attributes:
        path: Path of the picture.
        label: Index of the label.
        has: Whether the picture has it.
        probability: Probability that the model gives it, 0..1.
    """

    path: Path
    label: int
    has: bool
    probability: float


@dataclass(frozen=True, slots=True)
class MultiLabelEvaluation(Evaluation):
    """The evaluation of a model that gives several labels at once.

    Its metrics are ``mean_ap``, ``macro_f1``, ``micro_f1``, ``exact_match`` and ``macro_auc``, which is
    missing where no label has pictures of both kinds. Means are over the labels that some picture has.

    Attributes:
        labels: The labels in the order of the outputs.
        temperature: Divisor of the logits that the probabilities are made with.
        error_before: Calibration error at temperature 1; None where the temperature was not fitted here.
        error_after: Calibration error at ``temperature``; None likewise.
        mistakes: The most confident mistakes of each label, those of the first label first.
        together: Number of pictures that have the label of the row and get that of the column; empty for many
            labels.
        alike: Whether all pictures get the same labels.
    """

    labels: tuple[LabelScore, ...]
    temperature: float
    error_before: float | None
    error_after: float | None
    mistakes: tuple[LabelMistake, ...]
    together: tuple[tuple[int, ...], ...]
    alike: bool

    @property
    def sentence(self) -> str:
        """How good the model is, as the beginning of a sentence."""
        figures = f"mean average precision {percent(self.metrics['mean_ap'])}"
        exact = f"all labels right on {percent(self.metrics['exact_match'])}"
        return f"{figures}, {exact} of {counted(self.pictures, f'{self.part} picture')}"

    @property
    def tells_apart(self) -> bool:
        """Whether not all pictures get the same labels."""
        return not self.alike

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What the figures hide, as sentences."""
        sentences = []
        if self.alike:
            pictures = counted(self.pictures, f"{self.part} picture")
            sentences.append(
                f"The model gives the same labels to all {pictures}: add pictures, train longer, or try "
                "another network."
            )
        absent = [score.name for score in self.labels if not score.pictures]
        if absent:
            sentences.append(f"No {self.part} picture has {_some(absent)}: not measured.")
        never = [score.name for score in self.labels if score.pictures and not score.found]
        if never:
            sentences.append(f"It never finds {_some(never)}.")
        if self.part == "validation":
            sentences.append(
                "The thresholds were chosen on these very pictures, so precision, recall and F1 of new "
                "pictures will be somewhat lower."
            )
        return tuple(sentences)

    def mistakes_of(self, label: int) -> tuple[LabelMistake, ...]:
        """The most confident mistakes of a label."""
        return tuple(mistake for mistake in self.mistakes if mistake.label == label)


def evaluate(
    predictions: Iterable[NDArray[np.float64]],
    truth: NDArray[Any],
    *,
    part: Literal["test", "validation"],
    classes: Sequence[str],
    paths: Sequence[Path],
    validation: Evaluation | None = None,
) -> MultiLabelEvaluation:
    """Compare predictions with the truth.

    On the validation split a temperature is fitted, where there are `CALIBRATION_PICTURES`, and a threshold
    chosen for each label: the one with the highest F1 score. The test split is judged by those.

    Args:
        predictions: Probabilities in batches ``(n, labels)``, in order; N in all, at least 1.
        truth: Zeros and ones, ``(N, labels)``.
        part: Split of these pictures.
        classes: Names of the labels.
        paths: Files of the pictures ``(N,)``.
        validation: Evaluation of the validation split, where these are test pictures.
    """
    right = np.asarray(truth) > 0
    logits = _logits(predictions, right.shape)
    chosen = validation if isinstance(validation, MultiLabelEvaluation) else None
    temperature = chosen.temperature if chosen is not None else 1.0
    errors: tuple[float | None, float | None] = (None, None)
    if part == "validation" and len(right) >= CALIBRATION_PICTURES:
        temperature, errors = _calibrated(logits, right)
    scores: list[LabelScore] = []
    given = np.zeros(right.shape, np.bool_)
    mistakes: list[LabelMistake] = []
    most = max(1, min(MISTAKES_OF_LABEL, MAX_MISTAKES // max(len(classes), 1)))
    for label, name in enumerate(classes):
        probabilities = sigmoid(logits[:, label].astype(np.float64) / temperature)
        has = right[:, label]
        hits, false = at_thresholds(probabilities, has)
        if chosen is not None:
            threshold = chosen.labels[label].threshold
        else:
            threshold = best_threshold(hits, false) if part == "validation" else DEFAULT_THRESHOLD
        gets = given[:, label] = probabilities >= threshold
        curves = (hits, false) if len(classes) <= MAX_CURVES else ((), ())
        scores.append(
            LabelScore(
                name,
                int(has.sum()),
                threshold,
                int((gets & has).sum()),
                int((gets & ~has).sum()),
                average_precision(logits[:, label], has),
                area_under_roc(logits[:, label], has),
                *(tuple(int(count) for count in counts) for counts in curves),
            )
        )
        off = np.where(gets == has, -1.0, np.where(has, 1 - probabilities, probabilities))
        worst = [row for row in np.argsort(-off, kind="stable")[:most].tolist() if off[row] >= 0]
        mistakes += [
            LabelMistake(paths[row], label, bool(has[row]), float(probabilities[row])) for row in worst
        ]
    few = len(classes) <= MAX_TOGETHER
    together = right.astype(np.int64).T @ given.astype(np.int64) if few else np.zeros((0, 0), np.int64)
    return MultiLabelEvaluation(
        task="multi-label",
        part=part,
        pictures=len(right),
        metrics=_metrics(scores, exact=float((given == right).all(axis=1).mean())),
        labels=tuple(scores),
        temperature=temperature,
        error_before=errors[0],
        error_after=errors[1],
        mistakes=tuple(mistakes),
        together=tuple(tuple(row) for row in together.tolist()),
        alike=len(given) > 1 and bool((given == given[0]).all()),
    )


def _logits(predictions: Iterable[NDArray[np.float64]], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Collect the logits of all pictures, float32 ``(N, labels)``."""
    logits = np.zeros(shape, np.float32)
    done = 0
    for batch in predictions:
        shares = np.clip(batch, _LEAST, 1 - _LEAST)
        logits[done : done + len(batch)] = np.log(shares) - np.log1p(-shares)
        done += len(batch)
    return logits


def _calibrated(
    logits: NDArray[np.float32], right: NDArray[np.bool_]
) -> tuple[float, tuple[float | None, float | None]]:
    """Fit the temperature; with the calibration errors before and after."""
    every = max(1, -(-logits.size // _MOST_CALIBRATED))
    some, truth = logits[::every].astype(np.float64), right[::every]
    temperature = round(fit_label_temperature(some, truth), 4)
    before = label_calibration_error(sigmoid(some), truth)
    after = label_calibration_error(sigmoid(some / temperature), truth)
    return temperature, (round(before, 4), round(after, 4))


def _metrics(scores: Sequence[LabelScore], *, exact: float) -> dict[str, float]:
    known = [score for score in scores if score.pictures]
    found, wrong = sum(score.found for score in scores), sum(score.wrong for score in scores)
    total = found + wrong + sum(score.pictures for score in scores)
    metrics = {
        "mean_ap": _mean([score.average_precision or 0.0 for score in known]),
        "macro_f1": _mean([score.f1 or 0.0 for score in known]),
        "micro_f1": 2 * found / total if total else 0.0,
        "exact_match": exact,
    }
    areas = [score.auc for score in scores if score.auc is not None]
    return metrics | ({"macro_auc": _mean(areas)} if areas else {})


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {counted(more, 'more label')}" if more > 0 else "")
