"""Pausing and cancelling a job from another thread."""

from __future__ import annotations

from desktop_app.core.foundation.control import WorkControl, WorkToken


class BatchToken(WorkToken):
    """The token of a job; a cancelled job keeps its results and can be resumed."""

    _interrupted = False

    @property
    def cancelled(self) -> bool:
        """Whether to end now, for whichever reason."""
        return self._interrupted or super().cancelled

    @property
    def interrupted(self) -> bool:
        """Whether to end now although the user did not cancel."""
        return self._interrupted and not self._cancelled


class BatchControl(WorkControl[BatchToken]):
    """The side that the requester of a job keeps."""

    def __init__(self) -> None:
        super().__init__(BatchToken)

    def interrupt(self) -> None:
        """End after the current batch because the app ends; the next start offers to resume the job."""
        self._set("_interrupted", value=True)


UNCONTROLLED = BatchControl().token
"""A token that nobody pauses or cancels."""
