"""From a question to its labels, in the thread of the request."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from desktop_app.core.classify.results import meaning_json, threshold_json
from desktop_app.core.devices.cpu import cpu_count
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.text import counted
from desktop_app.core.images.load import bring_here, load_seen
from desktop_app.core.images.sources import LinkSource
from desktop_app.core.service.answers import Answer, BroaderKind, Computed, ScoredClass
from desktop_app.core.service.batching import RequestLimit
from desktop_app.core.service.formats import refuse_science
from desktop_app.core.service.limits import LARGE_BODY_BYTES, MAX_DECODERS, MAX_LARGE_BODIES, SPARE_THREADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.classify.prediction import Prediction
    from desktop_app.core.images.decoding.decode import Layout
    from desktop_app.core.images.sources import Source
    from desktop_app.core.service.activity import Activity
    from desktop_app.core.service.asking import Question
    from desktop_app.core.service.models import AnsweringModel, Models
    from desktop_app.core.service.options import ServiceOptions


class Answering:
    """Classifies pictures for many threads at once, within limits."""

    def __init__(self, models: Models, options: ServiceOptions, activity: Activity) -> None:
        """Share out the threads: most for pictures, half of those at most for links, a few for the rest."""
        self.models = models
        self._allow_private_hosts = options.allow_private_hosts
        self._activity = activity
        limit = options.threads - SPARE_THREADS
        self.pictures_limit = RequestLimit(
            limit,
            f"The service is busy with {counted(limit, 'picture')}.",
            "Ask again in a second, or send fewer at a time.",
        )
        self.links_limit = RequestLimit(
            max(1, limit // 2),
            "The service is busy with fetching links.",
            "Ask again in a second, or send the pictures themselves.",
        )
        self.large_limit = RequestLimit(
            MAX_LARGE_BODIES,
            "The service is busy with large pictures.",
            "Ask again in a second, or send the picture smaller.",
        )
        self._decoders = threading.BoundedSemaphore(max(2, min(cpu_count(), MAX_DECODERS)))
        self._stopping = CancelSource()

    def give_up_links(self) -> None:
        """Cancel what is still being fetched; those requests end with status 503."""
        self._stopping.cancel()

    def room_for(self, body_bytes: int | None) -> AbstractContextManager[None]:
        """Count a request's large body while it is in memory.

        Raises:
            Refusal: 429, on entering: too many large ones are in memory.
        """
        return self.large_limit.one() if (body_bytes or 0) > LARGE_BODY_BYTES else contextlib.nullcontext()

    def answer(self, question: Question) -> Answer:
        """Find the labels.

        Raises:
            Refusal: 404, 429 or 503.
            UnreadableImage: The picture cannot be read or the link not be fetched.
            ModelError: The network failed.
            Cancelled: The service stops.
        """
        started = time.perf_counter()
        with self.pictures_limit.one(), self.models.use(question.model_id) as model:
            source = self._bring_here(question.source)
            layouts: list[Layout] = []
            outputs = model.batcher.answer(lambda: self._prepare(model, source, layouts.append))
            classifier = model.classifier
            row, (distance,) = classifier.probabilities(outputs[None])[0], classifier.distances(outputs[None])
            (part,) = classifier.parts(outputs[None])
            prediction = classifier.prediction(row, question.top, distance, part).looked_at(*layouts[-1])
        self._activity.picture_classified(classifier.card.id, classifier.by)
        return Answer(
            message=prediction.top.label if prediction.task == "classification" else prediction.plain,
            model=classifier.card.id,
            engine=Computed(**classifier.by.as_json()),
            predictions=[
                ScoredClass(
                    rank=entry.rank,
                    class_id=entry.class_id,
                    label=entry.label,
                    name=entry.readable,
                    probability=round(entry.probability, 6),
                    **threshold_json(entry),
                )
                for entry in prediction.labels
            ],
            **meaning_json(prediction),
            kind=_kind(prediction),
            unlike=None if prediction.distance is None else prediction.unlike,
            part=None if prediction.part is None else prediction.part.words,
            plane=None if prediction.plane is None else prediction.plane.words,
            seconds=round(time.perf_counter() - started, 4),
        )

    def _bring_here(self, source: Source) -> Source:
        if not isinstance(source, LinkSource):
            return source
        with self.links_limit.one():
            return bring_here(
                source, allow_private_hosts=self._allow_private_hosts, cancel=self._stopping.token
            )

    def _prepare(
        self, model: AnsweringModel, source: Source, on_layout: Callable[[Layout], None]
    ) -> NDArray[np.uint8]:
        fitting = model.classifier.card.input.fitting()
        refuse_science(source)
        with self._decoders:
            seen = load_seen(source, fitting)
            on_layout(seen.layout)
            return seen.pixels


def _kind(prediction: Prediction) -> BroaderKind | None:
    kind = prediction.kind
    if kind is None:
        return None
    return BroaderKind(
        name=kind.name,
        probability=round(kind.probability, 6),
        classes=kind.classes,
        first=kind.first,
    )
