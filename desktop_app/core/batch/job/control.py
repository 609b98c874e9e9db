"""Pausing and cancelling a job from another thread."""

from __future__ import annotations

from desktop_app.core.foundation.control import WorkControl, WorkToken


class BatchToken(WorkToken):
    """What is wanted of a job; one that is cancelled keeps what is answered, and can go on later."""

    _interrupted = False

    @property
    def cancelled(self) -> bool:
        """Whether to end now, for whichever reason."""
        return self._interrupted or super().cancelled

    @property
    def interrupted(self) -> bool:
        """Whether to end now although it is still wanted."""
        return self._interrupted and not self._cancelled


class BatchControl(WorkControl[BatchToken]):
    """The side that the requester of a job keeps."""

    def __init__(self) -> None:
        super().__init__(BatchToken)

    def interrupt(self) -> None:
        """End after the present batch, since the app ends; who wanted the job shall hear of it again."""
        self._set("_interrupted", value=True)


UNCONTROLLED = BatchControl().token
"""A token that nobody pauses or cancels."""
