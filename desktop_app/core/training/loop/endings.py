"""How a fit ends early, and the gate where it checks whether it must."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desktop_app.core.foundation.cancellation import CancelToken
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.training.records.events import PauseChanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_app.core.training.loop.control import ControlToken
    from desktop_app.core.training.records.events import TrainingEvent


class Stopped(Exception):
    """The user ends the training and keeps the best so far."""


class Interrupted(Exception):
    """The program closes: the run is to be resumed later."""


class Gate:
    """A check between any two pieces of work: waits while the fit is paused, and ends it when requested.

    Attributes:
        paused_seconds: Time spent waiting so far.
    """

    def __init__(self, control: ControlToken, on_event: Callable[[TrainingEvent], None]) -> None:
        self._control = control
        self._on_event = on_event
        self._obeys_stop = True
        self.paused_seconds = 0.0

    def ignore_stop(self) -> None:
        """Let only cancelling and interrupting end the work from now on: what comes is keeping the model."""
        self._obeys_stop = False

    @property
    def cancelled(self) -> bool:
        """Whether the run is to be discarded, which is too late once its model is kept."""
        return self._control.cancelled

    @property
    def tried(self) -> Path | None:
        """The picture to try the network on after every epoch; None for none."""
        return self._control.tried

    def check(self) -> None:
        """Return once the work may continue.

        Raises:
            Cancelled: The run is to be discarded.
            Interrupted: The run is to be left as it is.
            Stopped: The run is to end here, with a model.
        """
        if self._control.paused:
            self._wait()
        if not self._over:
            return
        if self._control.cancelled:
            raise Cancelled
        if self._control.interrupted:
            raise Interrupted
        raise Stopped

    def idle(self, seconds: float) -> None:
        """Return after so many seconds, or once `check` has something to say."""
        self._control.wait_until(lambda: self._control.paused or self._over, seconds)

    @property
    def _over(self) -> bool:
        control = self._control
        return control.stopping and (self._obeys_stop or control.cancelled or control.interrupted)

    def _wait(self) -> None:
        began = time.monotonic()
        self._on_event(PauseChanged(paused=True))
        self._control.wait_while_paused()
        self.paused_seconds += time.monotonic() - began
        self._on_event(PauseChanged(paused=False))


class GateToken(CancelToken):
    """The gate as a cancel token, for work that knows no pause and only one way to end.

    Whoever catches its `Cancelled` checks the gate for the reason.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    @property
    def cancelled(self) -> bool:
        """Whether the work should end, for any reason."""
        try:
            self._gate.check()
        except (Cancelled, Interrupted, Stopped):
            return True
        return False

    def check(self) -> None:
        """Raise `Cancelled` once the work should end."""
        if self.cancelled:
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Pause for up to ``seconds``; return True when the work should end."""
        deadline = time.monotonic() + seconds
        while not self.cancelled and (left := deadline - time.monotonic()) > 0:
            self._gate.idle(left)
        return self.cancelled
