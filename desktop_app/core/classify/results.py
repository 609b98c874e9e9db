"""Results as text, CSV and JSON, the same from the window and from the command."""

from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from desktop_app.core.classify.results_csv import CsvStyle, CsvWriter
from desktop_app.core.foundation.text import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop_app.core.classify.prediction import Prediction, ScoredLabel
    from desktop_app.core.inference.choice import AnsweredBy

ResultFormat = Literal["text", "json", "csv"]
_PLAIN = CsvStyle()


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one source.

    Attributes:
        source: The path, link or name.
        model_id: The id of the model.
        prediction: The prediction; None if it failed.
        seconds: The time from reading the picture to its labels.
        reason: The reason of a failure, as a sentence; empty otherwise.
        by: What computed the prediction; None where that is unknown, as in batch jobs of earlier versions.
    """

    source: str
    model_id: str
    prediction: Prediction | None = None
    seconds: float = 0.0
    reason: str = ""
    by: AnsweredBy | None = None

    def as_json(self, document_model_id: str, document_by: AnsweredBy | None = None) -> dict[str, Any]:
        """The result as an object of the JSON document, naming its model and engine where those differ."""
        if self.prediction is None:
            return {"source": self.source, "status": "error", "reason": self.reason}
        another: dict[str, Any] = {} if self.model_id == document_model_id else {"model": self.model_id}
        if self.by != document_by:
            another["engine"] = None if self.by is None else self.by.as_json()
        return {
            "source": self.source,
            "status": "ok",
            **another,
            **meaning_json(self.prediction),
            "predictions": [
                {
                    "rank": entry.rank,
                    "class_id": entry.class_id,
                    "label": entry.label,
                    "probability": round(entry.probability, 6),
                    **threshold_json(entry),
                }
                for entry in self.prediction.labels
            ],
            "sure": self.prediction.sure,
            **kind_json(self.prediction),
            **unlike_json(self.prediction),
            **seen_json(self.prediction),
            "seconds": round(self.seconds, 4),
        }

    def as_text(self) -> str:
        """The result as lines for a person."""
        if self.prediction is None:
            return f"{self.source}\n  could not be read: {self.reason}"
        lines = [f"{self.source}{_first_words(self.prediction)}"]
        lines += [_label_line(entry) for entry in self.prediction.labels]
        width = max((len(each.figure) for each in self.prediction.amounts), default=0)
        lines += [f"  {each.figure:>{width}}  {each.readable}" for each in self.prediction.amounts]
        return "\n".join(lines)


def meaning_json(prediction: Prediction) -> dict[str, Any]:
    """What is right of several labels, or the amounts, as members of a JSON object.

    There are none where one of several classes is right.
    """
    if prediction.task == "multi-label":
        return {"task": prediction.task, "labels": [entry.label for entry in prediction.right]}
    if prediction.task == "regression":
        amounts = [
            {"class_id": each.class_id, "name": each.name, "value": each.value, "unit": each.unit}
            for each in prediction.amounts
        ]
        return {"task": prediction.task, "amounts": amounts}
    return {}


def threshold_json(entry: ScoredLabel) -> dict[str, Any]:
    """The threshold of a label and whether it is right, as members; none for one of several classes."""
    if entry.threshold is None:
        return {}
    return {"threshold": entry.threshold, "right": entry.right}


def _label_line(entry: ScoredLabel) -> str:
    """A label with its probability; with a mark before it where it is one of several and right."""
    mark = "" if entry.threshold is None else "* " if entry.right else "  "
    return f"  {percent(entry.probability):>6}  {mark}{entry.readable}"


def kind_json(prediction: Prediction) -> dict[str, Any]:
    """The kind as a member of a JSON object; nothing for models whose classes have none."""
    kind = prediction.kind
    if kind is None:
        return {}
    return {
        "kind": {
            "name": kind.name,
            "probability": round(kind.probability, 6),
            "classes": kind.classes,
            "first": kind.first,
        }
    }


def unlike_json(prediction: Prediction) -> dict[str, bool]:
    """Whether a picture is unlike the training pictures, as a member of a JSON object.

    There is none where the model cannot tell.
    """
    return {} if prediction.distance is None else {"unlike": prediction.unlike}


def seen_json(prediction: Prediction) -> dict[str, Any]:
    """What of the file was seen, as members of a JSON object; none where it was all of it."""
    part, plane = prediction.part, prediction.plane
    found: dict[str, Any] = {}
    if part is not None:
        found["part"] = {"number": part.number, "of": part.of, **({"from": part.side} if part.side else {})}
    if plane is not None:
        found["plane"] = {"number": 1, "of": plane.of, "kind": plane.word}
    if prediction.squashed:
        found["squashed"] = True
    return found


def _first_words(prediction: Prediction) -> str:
    """What stands behind the source, where the labels below it do not say all."""
    part = f"  ({prediction.seen})" if prediction.seen else ""
    if prediction.unlike:
        return f"  (unlike the training pictures){part}"
    if prediction.task == "multi-label":
        return f"  {prediction.name}{part}"
    if prediction.doubtful:
        return f"  (not sure){part}"
    return part if prediction.kind is None else f"  {prediction.sentence_with_kind}"


def most_by(results: Iterable[Result]) -> AnsweredBy | None:
    """What computed most of some results; None where none of them knows."""
    counts = Counter(result.by for result in results if result.by is not None)
    return counts.most_common(1)[0][0] if counts else None


def document_head(model_id: str, by: AnsweredBy | None) -> dict[str, Any]:
    """What stands before the results in a JSON document."""
    return {"model": model_id, **({} if by is None else {"engine": by.as_json()})}


def format_results(
    results: Sequence[Result], form: ResultFormat, model_id: str, style: CsvStyle = _PLAIN
) -> str:
    """Write results as one document.

    Args:
        results: The results in the order of the sources.
        form: The format: ``json`` gives ``{"model": ..., "engine": ..., "results": [...]}``, ``text`` lines
            for a person.
        model_id: The id of the requested model; in JSON, results of another one name theirs, and those of
            another engine than computed most name that.
        style: The style of CSV.

    Returns:
        The document, ending with a newline.
    """
    if form == "json":
        by = most_by(results)
        document = {
            **document_head(model_id, by),
            "results": [result.as_json(model_id, by) for result in results],
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return _as_csv(results, style)
    return "".join(result.as_text() + "\n" for result in results)


def _as_csv(results: Sequence[Result], style: CsvStyle) -> str:
    text = io.StringIO()
    predictions = [result.prediction for result in results if result.prediction is not None]
    top = max((len(found.labels or found.amounts) for found in predictions), default=1)
    writer = CsvWriter(text, style, top, {found.task for found in predictions})
    for result in results:
        writer.write(result)
    return text.getvalue()
