"""Errors as HTTP answers: a status, a sentence, and what to do next; never a stack trace."""

from __future__ import annotations

import logging

from werkzeug.exceptions import HTTPException

from desktop_app.core.foundation.errors import (
    Cancelled,
    LinkTimeout,
    PrivateHostError,
    SightlineError,
    UnreadableImage,
)
from desktop_app.core.service.answers import ErrorAnswer
from desktop_app.core.service.limits import MAX_BODY_BYTES
from desktop_app.core.service.public_text import public_text

logger = logging.getLogger(__name__)

SEE_DOCS = "See /docs for what can be asked."

_SENTENCES: dict[int, tuple[str, str]] = {
    400: ("The request is not valid.", SEE_DOCS),
    404: ("There is nothing at this address.", SEE_DOCS),
    405: ("This address does not take this kind of request.", SEE_DOCS),
    413: (
        "The request is too large.",
        f"Up to {MAX_BODY_BYTES // 1_000_000} MB and few fields are taken: save the picture smaller.",
    ),
    414: ("The request's address is too long.", SEE_DOCS),
    431: ("The request's headers are too long.", "Send fewer headers or cookies."),
    501: ("The request is encoded in a way that the service does not understand.", SEE_DOCS),
}
_SEND_PICTURE = (
    "Send the picture itself, or have the service started with `sightline serve --allow-private-hosts`."
)
"""Who asks has no say in what the service may reach, and its window has no such switch."""
_DEFECT = ("The service met a problem of its own.", "Its log says more.")


class Refusal(SightlineError):
    """A request that gets an error for an answer.

    Attributes:
        status: HTTP status, 400..599.
        headers: Headers that belong to this status, such as Retry-After.
    """

    def __init__(
        self, status: int, message: str, advice: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, advice)
        self.status = status
        self.headers = headers or {}

    @classmethod
    def of_status(cls, status: int, headers: dict[str, str] | None = None) -> Refusal:
        """The refusal for a status about which no more is known."""
        return cls(status, *_SENTENCES.get(status, _SENTENCES[400] if status < 500 else _DEFECT), headers)

    def answer(self) -> ErrorAnswer:
        """The body: text that any program can read and print."""
        return ErrorAnswer(error=public_text(str(self)), advice=public_text(self.advice))


def retry_later(status: int, message: str, advice: str, seconds: int = 1) -> Refusal:
    """A refusal that says when to ask again."""
    return Refusal(status, message, advice, {"Retry-After": str(seconds)})


def as_refusal(error: Exception) -> Refusal:
    """Find the answer for whatever a request ended with.

    What is not meant for a person is logged with its traceback, and the client reads a neutral sentence.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, Cancelled):
        return retry_later(503, "The service is stopping.", "Ask again when it runs again.", seconds=5)
    if isinstance(error, PrivateHostError):
        return Refusal(400, str(error), _SEND_PICTURE)
    if isinstance(error, SightlineError):
        status = _status_of(error)
        if status == 500:
            logger.error("%s", error.reason.sentence)
        return Refusal(status, str(error), error.advice)
    logger.error("A request failed.", exc_info=error)
    return Refusal.of_status(500)


def _status_of(error: SightlineError) -> int:
    if isinstance(error, LinkTimeout):
        return 504
    return 400 if isinstance(error, UnreadableImage) else 500


def _of_http(error: HTTPException) -> Refusal:
    """Keep the status and the headers that it needs, such as Allow, but not the web page."""
    kept = {"allow"}
    headers = {name: value for name, value in error.get_headers() if name.lower() in kept}
    return Refusal.of_status(error.code or 500, headers)
