"""The test's end of the other window; see `tests.end2end.companion`."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from tests.end2end.companion import SIDE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds; nothing waits this long when all is well."""


class OtherWindow:
    """A second program on the same display.

    Content is given as in MIME data: ``urls=[...]``, ``text=``, ``html=``, ``image=PATH`` (its pixels).

    Args:
        environment: Names the display.
        corner: The window's corner on the screen, in pixels.
    """

    def __init__(self, environment: dict[str, str], corner: tuple[int, int]) -> None:
        self.centre = (corner[0] + SIDE // 2, corner[1] + SIDE // 2)
        self._told: list[dict[str, Any]] = []
        self._rest = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.end2end.companion", *map(str, corner)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        self.wait_for("ready")

    def hold(self, content: dict[str, object], proposed: str) -> None:
        """Be ready to have this dragged away, with this drop action proposed."""
        self._ask("hold", "holds", content=content, proposed=proposed)

    def copy(self, **content: object) -> None:
        """Put this on the clipboard."""
        self._ask("copy", "holds", content=content)

    def photograph(self, path: Path) -> None:
        """Save a picture of the screen."""
        self._ask("photograph", "photographed", path=str(path))

    def forget(self, after: float = 0.0) -> None:
        """Let `wait_for` find only what happens from now on, or once it was quiet for some seconds."""
        while self._read(after):
            pass
        self._told.clear()

    def wait_for(self, event: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until the window reports an event, and return its facts.

        Raises:
            TimeoutError: It did not.
        """
        deadline = time.monotonic() + seconds
        while True:
            for place, facts in enumerate(self._told):
                if facts["event"] == event:
                    return self._told.pop(place)
            if not self._read(deadline - time.monotonic()):
                raise TimeoutError(f"'{event}' never came, only {self._told}")

    def close(self) -> None:
        """End the program."""
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.stdout.close()

    def _ask(self, do: str, answer: str, **facts: object) -> None:
        self._process.stdin.write(json.dumps({"do": do, **facts}).encode() + b"\n")
        self._process.stdin.flush()
        self.wait_for(answer)

    def _read(self, seconds: float) -> bool:
        """Read what was reported; False when nothing came for so long."""
        output = self._process.stdout.fileno()
        if not select.select([output], [], [], max(seconds, 0))[0]:
            return False
        received = os.read(output, 1 << 16)
        if not received:
            raise RuntimeError(f"The other window ended with status {self._process.wait()}.")
        *lines, self._rest = (self._rest + received).split(b"\n")
        self._told += map(json.loads, lines)
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
