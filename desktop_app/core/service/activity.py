"""The activity of the service: figures for Prometheus, and a few lines for a person."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.inference.choice import AnsweredBy

KEPT_ERRORS = 20
_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 60)
_BATCHES = (1, 2, 4, 8, 12, 16)


@dataclass(frozen=True, slots=True)
class RequestError:
    """A request that got an error for an answer.

    Attributes:
        when: The time in UTC.
        status: The HTTP status.
        sentence: The sentence sent to the client.
    """

    when: datetime
    status: int
    sentence: str


class Activity:
    """Counts in a registry of its own, so that two services in one process do not mix; for any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "sightline_requests", "Requests answered", ["path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "sightline_request_seconds",
            "Seconds from a whole request's arrival to its answer",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._batches = Histogram(
            "sightline_batch_pictures",
            "Pictures in one run of the network",
            buckets=_BATCHES,
            registry=self._registry,
        )
        self._pictures = Counter(
            "sightline_pictures",
            "Pictures classified",
            ["model", "engine", "precision"],
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._lock = threading.Lock()
        self._request_count = self._picture_count = 0
        self._errors: deque[RequestError] = deque(maxlen=KEPT_ERRORS)

    def watch(self, name: str, description: str, value: Callable[[], int]) -> None:
        """Show a number that is asked for when the figures are."""
        Gauge(name, description, registry=self._registry).set_function(value)

    def request_ended(self, path: str, status: int, seconds: float) -> None:
        """Count a request; ``path`` is one of few."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)
        with self._lock:
            self._request_count += 1

    def batch_ran(self, size: int) -> None:
        """Count a run of the network."""
        self._batches.observe(size)

    def picture_classified(self, model_id: str, by: AnsweredBy) -> None:
        """Count a picture with its labels, and what computed them."""
        self._pictures.labels(model_id, by.engine, by.precision).inc()
        with self._lock:
            self._picture_count += 1

    def failed(self, status: int, sentence: str) -> None:
        """Remember an error for the person who looks after the service."""
        with self._lock:
            self._errors.append(RequestError(datetime.now(UTC), status, sentence))

    @property
    def requests(self) -> int:
        """Requests answered so far, errors included."""
        return self._request_count

    @property
    def pictures(self) -> int:
        """Pictures classified so far."""
        return self._picture_count

    def last_errors(self) -> tuple[RequestError, ...]:
        """The last errors, the newest first."""
        with self._lock:
            return tuple(reversed(self._errors))

    def as_text(self) -> bytes:
        """Everything in Prometheus's text format 0.0.4."""
        return generate_latest(self._registry)
