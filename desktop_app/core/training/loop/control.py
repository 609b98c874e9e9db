"""Stopping, cancelling and pausing a fit from another thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.control import WorkControl, WorkToken

if TYPE_CHECKING:
    import threading
    from pathlib import Path


class ControlToken(WorkToken):
    """The requests to a fit; one that is cancelled is discarded."""

    def __init__(self, changed: threading.Condition) -> None:
        super().__init__(changed)
        self._stopped = self._interrupted = False
        self._tried: Path | None = None

    @property
    def interrupted(self) -> bool:
        """Whether to end now, so that the run can be resumed later."""
        return self._interrupted

    @property
    def tried(self) -> Path | None:
        """The picture to try the network on after every epoch; None for none."""
        return self._tried

    def try_on(self, picture: Path) -> None:
        """Take another picture to try the network on."""
        with self._changed:
            self._tried = picture

    @property
    def stopping(self) -> bool:
        """Whether to end now, for any reason; without another request, the best so far is kept."""
        return self._stopped or self._interrupted or super().stopping


class TrainingControl(WorkControl[ControlToken]):
    """The side that the requester of a fit keeps; `cancel` discards the run."""

    def __init__(self) -> None:
        super().__init__(ControlToken)

    def stop(self) -> None:
        """End at the next batch and keep the best epoch so far as a model."""
        self._set("_stopped", value=True)

    def interrupt(self) -> None:
        """End at the next batch and leave the run as it is, to be resumed."""
        self._set("_interrupted", value=True)

    def try_out(self, picture: Path) -> None:
        """Report from the next epoch on what the network says about this picture."""
        self.token.try_on(picture)
