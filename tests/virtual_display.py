"""An X server in memory, for tests with a real window."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Self

PROGRAMS = ("Xvfb", "xdotool")


def missing_programs() -> list[str]:
    """Name what the display tests need and this machine lacks."""
    return [program for program in PROGRAMS if not shutil.which(program)]


class VirtualDisplay:
    """Runs Xvfb on a free display for as long as the context lasts.

    Attributes:
        name: What DISPLAY has to be, such as ":7".
    """

    def __init__(self, width: int = 1400, height: int = 1000) -> None:
        # Xvfb picks a free number and writes it when it accepts connections.
        reader, writer = os.pipe()
        screen = ["-screen", "0", f"{width}x{height}x24"]
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), *screen, "-nolisten", "tcp", "-noreset"],
            pass_fds=(writer,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader, encoding="ascii") as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb ended with status {self._process.wait()} before it was ready")
        self.name = f":{number}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process whose windows belong on this display."""
        others = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return others | {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(60)
