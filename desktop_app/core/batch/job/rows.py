"""One picture of a job, as the job's file has it."""

from __future__ import annotations

import json
import os
import struct
from dataclasses import asdict, dataclass, fields, replace
from enum import IntEnum
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.classify.prediction import PartSeen
from desktop_app.core.classify.results import Result
from desktop_app.core.foundation.text import printable
from desktop_app.core.inference.choice import ENGINE_NAMES, AnsweredBy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from desktop_app.core.batch.job.spec import JobSpec
    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.images.decoding.decode import Layout

_ANSWER = np.dtype([("class", "<u4"), ("probability", "<f4")])
"""Eight bytes for each class that is kept; six digits of a probability are written out anywhere."""

_NONE = b"\xff"
_NO_CLASS = 0xFFFFFFFF

_COLUMNS = (
    "id",
    "source",
    "path",
    "status",
    "probability",
    "seconds",
    "answers",
    "reason",
    "kind",
    "kind_probability",
    "distance",
    "seen",
    "engine",
)


class Status(IntEnum):
    """The status of a picture; the numbers are stored in the files of jobs."""

    WAITING = 0
    DONE = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one picture, on its way into the job.

    Attributes:
        number: The number of the picture in its job.
        classes: The indices of the best classes in the network's outputs, best first, or of the amounts;
            empty if it failed.
        probabilities: The probability, 0..1, of each of them; or the amounts.
        seconds: The time for its own decoding and its share of the network's batch.
        reason: The reason of a failure, as a sentence; empty otherwise.
        kind: The name of the broader kind; empty where the classes have none.
        kind_probability: The probability, 0..1, of all classes of the kind.
        distance: The distance from the model's training pictures, see `Prediction`; None if unknown.
        seen: What of the file was seen, as `seen_text` writes it.
        by: What computed it; None if it failed.
    """

    number: int
    classes: Sequence[int] = ()
    probabilities: Sequence[float] = ()
    seconds: float = 0.0
    reason: str = ""
    kind: str = ""
    kind_probability: float = 0.0
    distance: float | None = None
    seen: str = ""
    by: AnsweredBy | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One picture.

    Attributes:
        number: The number from 1, in the order in which the pictures were found.
        source: The index of the source that it was found in.
        path: The path of the file; begins with the source as it was named.
        status: The status of the picture.
        prediction: The prediction; None unless it was classified.
        seconds: The time from reading the file to its labels.
        reason: The reason of a failure, as a sentence; empty otherwise.
        by: What computed the prediction; None if an earlier version of Sightline did, or none.
    """

    number: int
    source: int
    path: Path
    status: Status
    prediction: Prediction | None = None
    seconds: float = 0.0
    reason: str = ""
    by: AnsweredBy | None = None

    @property
    def name(self) -> str:
        """The file's name, printable even when it is not valid UTF-8."""
        return printable(self.path.name)

    def as_result(self, model_id: str) -> Result:
        """The row as `results.Result`, which knows how to write itself."""
        return Result(
            printable(str(self.path)), model_id, self.prediction, self.seconds, self.reason, self.by
        )


def pack(classes: Sequence[int], probabilities: Sequence[float]) -> bytes:
    """Write the best classes of a picture compactly."""
    return _packer(len(classes)).pack(*chain.from_iterable(zip(classes, probabilities, strict=True)))


@lru_cache(16)
def _packer(count: int) -> struct.Struct:
    """What packs so many classes as `_ANSWER`, in a quarter of the time that an array takes."""
    return struct.Struct("<" + count * "If")


def unpack(answers: bytes) -> tuple[list[int], list[float]]:
    """Read what `pack` wrote: classes and probabilities."""
    found = np.frombuffer(answers, _ANSWER)
    return found["class"].tolist(), found["probability"].astype(np.float64).tolist()


def seen_text(part: PartSeen | None, layout: Layout) -> str:
    """Write what of a file was seen compactly; empty where it was all of it.

    Args:
        part: The part of a thin picture.
        layout: What there is in the file.
    """
    if part is None and layout.planes == 1 and not layout.squashed:
        return ""
    return json.dumps([list(part[:2]) if part is not None else None, *layout])


def with_seen(prediction: Prediction, text: str) -> Prediction:
    """Add what `seen_text` wrote to a prediction.

    Raises:
        ValueError: It is something else.
    """
    if not text:
        return prediction
    try:
        part, planes, word, side, squashed = json.loads(text)
        seen = None if part is None else PartSeen(int(part[0]), int(part[1]))
        return replace(prediction, part=seen).looked_at(int(planes), str(word), str(side), bool(squashed))
    except (TypeError, IndexError) as error:
        message = "what was seen of a picture is not written in full"
        raise ValueError(message) from error


def engine_text(by: AnsweredBy) -> str:
    """Write what computes compactly, for the table of a job's engines."""
    return json.dumps(asdict(by), ensure_ascii=False)


def engine_from(text: str) -> AnsweredBy:
    """Read what `engine_text` wrote; what a later version adds is left out.

    Raises:
        ValueError: It is something else.
    """
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("engine") not in ENGINE_NAMES:
        message = "what computed a prediction is not written in full"
        raise ValueError(message)
    known = {field.name: found.get(field.name, "") for field in fields(AnsweredBy)}
    if not all(isinstance(value, str) for value in known.values()):
        message = "what computed a prediction is not written in words"
        raise ValueError(message)
    return AnsweredBy(**known)


def unpack_classes(answers: Sequence[bytes], top: int) -> NDArray[np.int64]:
    """Read only the classes of many pictures out of what `pack` wrote, all at once.

    Args:
        answers: Of one picture each.
        top: How many classes to read of each, at most.

    Returns:
        int64 ``(pictures, top)``, the best first; -1 where fewer classes were kept.

    Raises:
        ValueError: The answers are not what `pack` wrote.
    """
    size = top * _ANSWER.itemsize
    if any(not answer or len(answer) % _ANSWER.itemsize for answer in answers):
        message = "an answer has not the size of one"
        raise ValueError(message)
    found = np.frombuffer(b"".join(answer[:size].ljust(size, _NONE) for answer in answers), _ANSWER)
    classes = found["class"].reshape(len(answers), top).astype(np.int64)
    classes[classes == _NO_CLASS] = -1
    return classes


def unpack_amounts(answers: Sequence[bytes], count: int) -> NDArray[np.float64]:
    """Read the amounts of many pictures out of what `pack` wrote, in their order.

    Args:
        answers: Of one picture each.
        count: The number of amounts.

    Returns:
        float64 ``(pictures, count)``.

    Raises:
        ValueError: The answers are not what `pack` wrote.
    """
    if any(not answer or len(answer) != count * _ANSWER.itemsize for answer in answers):
        message = "an answer has not the size of one"
        raise ValueError(message)
    found = np.frombuffer(b"".join(answers), _ANSWER)
    return np.asarray(found["probability"].reshape(len(answers), count), np.float64)


def columns(missing: Collection[str]) -> str:
    """List the columns that `row_of` reads, in SQL; NULL in place of those that a file lacks."""
    return ", ".join("NULL" if name in missing else name for name in _COLUMNS)


def row_of(
    values: tuple[
        int,
        int,
        bytes,
        int,
        float | None,
        float | None,
        bytes | None,
        str | None,
        str | None,
        float | None,
        float | None,
        str | None,
        int | None,
    ],
    spec: JobSpec,
    engines: Mapping[int, AnsweredBy],
) -> Row:
    """Read one row of `columns`.

    Args:
        values: The columns.
        spec: The job's settings.
        engines: What computed predictions, by its number.

    Raises:
        ValueError: The answers are not what `pack` wrote.
        IndexError: They name a class that the model has not.
    """
    number, source, path, status, probability, seconds, answers, reason = values[:8]
    kind, together, distance, seen, engine = values[8:]
    prediction = None
    if status == Status.DONE:
        classes, probabilities = unpack(answers or b"")
        probabilities[0] = probability if probability is not None else probabilities[0]
        prediction = spec.prediction(classes, probabilities, kind or "", together or 0.0, distance)
        prediction = with_seen(prediction, seen or "")
    return Row(
        number,
        source,
        Path(os.fsdecode(path)),
        Status(status),
        prediction,
        seconds or 0.0,
        reason or "",
        engines.get(engine) if prediction is not None and engine is not None else None,
    )
