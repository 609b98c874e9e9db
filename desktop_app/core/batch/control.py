"""Pausing and cancelling a job from another thread."""

from __future__ import annotations

from desktop_app.core.control import WorkControl, WorkToken


class BatchToken(WorkToken):
    """What is wanted of a job; one that is cancelled keeps what is answered, and can go on later."""


class BatchControl(WorkControl[BatchToken]):
    """The side that the requester of a job keeps."""

    def __init__(self) -> None:
        super().__init__(BatchToken)


UNCONTROLLED = BatchControl().token
"""A token that nobody pauses or cancels."""
