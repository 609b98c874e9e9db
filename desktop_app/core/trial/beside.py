"""Trying a model in a process of its own, so that this one stays without TensorFlow.

The process keeps the model loaded between the questions: the first reply takes seconds, later ones do not.
"""

from __future__ import annotations

import logging
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.children import child
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.foundation.files import scratch_folder
from desktop_app.core.installation.own_command import own_command
from desktop_app.core.trial.messages import Reply

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from desktop_app.core.trial.messages import Question

_log = logging.getLogger(__name__)
_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would open a terminal for it."""
_SHOWN = 300
"""Characters of what the process said last that the log has room for."""


class TrialProcess:
    """A process that begins with the first question and ends with `close`, which any thread may call."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: Path | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def ask(self, question: Question) -> Reply:
        """Ask, and wait for the reply.

        Raises:
            ModelError: The model is refused or fails, a picture cannot be read, or the process ended.
            Cancelled: It was closed meanwhile.
        """
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{question.line()}\n".encode())
            process.stdin.flush()
            said = process.stdout.readline()
        except (OSError, ValueError) as error:  # it ended, or was closed here
            said = b""
            _log.info("The process for trials does not hear: %s", error)
        if self._closed:
            raise Cancelled
        if not said:
            raise self._died(process)
        return Reply.read(said.decode())

    def close(self) -> None:
        """End the process; a question that waits for a reply ends as cancelled."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def release(self) -> None:
        """Remove what it left, after `close`, in the thread that asked."""
        self.close()
        self._stack.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise Cancelled
        if self._process is not None:
            return self._process
        try:
            parent = paths.library()  # on a disk that has room for models; cleared of leftovers at each start
            parent.mkdir(parents=True, exist_ok=True)
            folder = self._stack.enter_context(scratch_folder(parent))
            self._complaints = folder / "complaints.txt"
            complaints = self._stack.enter_context(self._complaints.open("wb"))
            work = folder / "models"
            work.mkdir()
            process = self._stack.enter_context(
                child(
                    own_command("models", "trials", str(work)),
                    folder,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    creationflags=_FLAGS,
                )
            )
        except OSError as error:
            raise ModelError(f"No process could be started: {error.strerror or error}.") from error
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            self._stack.callback(stream.close)
        self._process = process
        if self._closed:  # meanwhile, by another thread
            process.kill()
            raise Cancelled
        return process

    def _died(self, process: subprocess.Popen[bytes]) -> ModelError:
        status = process.wait()
        last = ""
        if self._complaints is not None:
            said = self._complaints.read_text(encoding="utf-8", errors="replace")
            last = " ".join(said.split())[-_SHOWN:]
        _log.warning("The process for trials ended with status %s and said: %s", status, last)
        self._stack.close()
        self._stack = ExitStack()
        self._process = None
        return ModelError(
            f"The process that tries the model ended with status {status}.",
            "Choose without it, or try again; there may be too little memory.",
        )
