"""Trying a model that is being imported or changed, for the window: another process answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.workers.threads.task import Lane

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from desktop_app.core.foundation.cancellation import CancelToken
    from desktop_app.core.library.pixel_choices import Clue
    from desktop_app.core.networks.pixels import Preprocessing
    from desktop_app.core.trial.beside import TrialProcess
    from desktop_app.core.trial.messages import TrialAnswers, TrialInput, TrialSubject

MOST_PICTURES = 5
"""Pictures that are tried at once; more would not fit beside the choices."""
_SIDE = 256


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What to try.

    Attributes:
        subject: The model.
        ways: How it gets the pictures, the most wanted first.
        pictures: The files; empty for the photographs that ship with the app.
        leading: The pixel values that its file speaks for, where the network itself is to be looked at too;
            empty for none.
        most: The number of pictures that are tried, at most.
    """

    subject: TrialSubject
    ways: tuple[TrialInput, ...]
    pictures: tuple[Path, ...] = ()
    leading: Preprocessing | None = None
    most: int = MOST_PICTURES


@dataclass(frozen=True, slots=True)
class TrialPictures:
    """The pictures that are tried: their names, and small copies, RGB uint8 ``(h, w, 3)``."""

    pictures: tuple[tuple[str, NDArray[np.uint8]], ...]


class TrialService(QObject):
    """Lives in the GUI thread; the process ends with `close`.

    Signals:
        pictures_read: The `TrialPictures`, before the first answers.
        answered: The `TrialAnswers` for one way.
        clue_found: The `Clue` that the network itself gives.
        failed: The `Reason` why there are no (more) answers.
        ended: All ways were tried.
    """

    pictures_read = Signal(object)
    answered = Signal(object)
    clue_found = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: TrialProcess | None = None
        self._cancel = CancelSource()
        self.lane = Lane("trial", self)

    def ask(self, request: TrialRequest) -> None:
        """Try a model; what was asked before and is not answered yet is given up."""
        from desktop_app.core.trial.beside import TrialProcess

        self._cancel.cancel()
        self._cancel = CancelSource()
        if self._process is None:
            self._process = TrialProcess()
        self.lane.do(
            _try,
            self._process,
            request,
            self._cancel.token,
            work="The trial",
            advice="Choose without it.",
            on_progress=self._on_said,
            on_failure=self.failed.emit,
            on_result=lambda _nothing: self.ended.emit(),
            cancel=self._cancel.token,
        )

    def close(self) -> None:
        """Give up, and end the process."""
        self._cancel.cancel()
        process, self._process = self._process, None
        if process is not None:
            process.close()
            self.lane.do(process.release, work="The trial")

    def _on_said(self, said: TrialPictures | TrialAnswers | Clue) -> None:
        from desktop_app.core.library.pixel_choices import Clue

        if isinstance(said, TrialPictures):
            self.pictures_read.emit(said)
        elif isinstance(said, Clue):
            self.clue_found.emit(said)
        else:
            self.answered.emit(said)


def _try(
    process: TrialProcess,
    request: TrialRequest,
    cancel: CancelToken,
    *,
    on_progress: Callable[[TrialPictures | TrialAnswers | Clue], None],
) -> None:
    """Ask the process about each way, one after the other; called in the lane.

    Raises:
        UnreadableImage: A picture cannot be read.
        ModelError: The model is refused or fails.
        Cancelled: It is no longer wanted.
    """
    from desktop_app.core.images.sample_pictures import read_pictures, sample_files
    from desktop_app.core.trial.messages import Question, TrialAnswers

    files = tuple(request.pictures[: request.most] or sample_files())
    on_progress(TrialPictures(tuple(read_pictures(files, _SIDE))))
    for number, way in enumerate(request.ways):
        cancel.check()
        leading = request.leading if number == 0 else None
        reply = process.ask(Question(request.subject, way, files, leading))
        on_progress(TrialAnswers(way, reply.best))
        if reply.clue is not None:
            on_progress(reply.clue)
