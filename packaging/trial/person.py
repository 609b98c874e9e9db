"""The person who uses the installed app, at a display of this machine."""

from __future__ import annotations

import contextlib
import re
import subprocess
import time
from typing import TYPE_CHECKING

from tests.end2end.desk import Desk
from tests.end2end.running_app import RunningApp
from trial.report import require
from trial.roots import HOME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.virtual_display import VirtualDisplay
    from trial.roots import Root

PATIENCE = 300
"""Seconds; a first start reads 800 MB, and the machine may have other work."""
DATA = HOME / ".local/share/sightline"
"""Sightline's folder where nothing says otherwise."""
_LOOKS_EVERY = 0.005
RESTS_WITHIN, _RESTS_SECONDS = 10, 0.5
"""How long movement on the screen may last, and how long nothing has to move."""
LOG_SHOWN = 2000
"""Characters, after a failure."""
DRAGS, _DRAG_SECONDS = 4, 10
"""How often a drag is tried, and how long it takes at most until it is taken."""


class InstalledApp(RunningApp):
    """A start of the app in a system; what it logs counts from this start on."""

    def __init__(self, command: list[str], home: Path, terminal: Path) -> None:
        """Start it.

        Args:
            command: Enters the system and starts the app.
            home: Sightline's folder there, as seen from outside.
            terminal: Gets what it prints.
        """
        self.home = home
        self.log = home / "logs" / "sightline.log"
        self._earlier = len(self.logged())
        self.terminal = terminal
        with terminal.open("wb") as file:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """As its base, with more patience and shorter steps."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            require(time.monotonic() < deadline, f"{what}: waited in vain; the terminal says: {self.said()}")
            status = self.process.poll()
            require(status is None, f"{what}: ended with status {status} before; it said: {self.said()}")
            time.sleep(_LOOKS_EVERY)  # another process, which can only be asked again

    def logged_now(self) -> str:
        """What this start logged."""
        return self.logged()[self._earlier :]


class Person(Desk):
    """A person at a display, whose Sightline runs in a system.

    Args:
        root: The system.
        display: The display on this machine.
        folder: For pictures of the screen; what the app prints goes into its folder ``work``.
    """

    def __init__(self, root: Root, display: VirtualDisplay, folder: Path) -> None:
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        super().__init__(display, self.work)
        self._root = root
        self._display = display.name
        self._pictures = folder

    def begin(
        self, *words: str | Path, stamp: Path | None = None, variables: dict[str, str] | None = None
    ) -> InstalledApp:
        """Start the app without waiting for anything."""
        command = self._root.command(
            *words, person=True, display=self._display, stamp=stamp, variables=variables
        )
        terminal = self.work / f"terminal-{len(self._apps) + 1}.txt"
        app = InstalledApp(command, self._root.outside(DATA), terminal)
        self._apps.append(app)
        return app

    def look_at(self, app: InstalledApp) -> None:
        """Wait for the window of a start and turn to it."""
        app.wait_for_log("The window is open.")
        self.turn_to(app, "Sightline")

    def drag(self, *, proposed: str = "CopyAction", **content: object) -> str:
        """As its base; tries again where a pane that was not ready yet came under the mouse."""
        for _ in range(DRAGS - 1):
            try:
                return self._drag(_DRAG_SECONDS, proposed, content)
            except TimeoutError:
                self.other.wait_for("drag_ended")
        return super().drag(proposed=proposed, **content)

    def photograph(self, name: str) -> None:
        """Save a picture of the screen once it has come to rest, or after some time."""
        path, before = self._pictures / f"{name}.png", b""
        deadline = time.monotonic() + RESTS_WITHIN
        while True:
            self.other.photograph(path)
            now = path.read_bytes()
            if now == before or time.monotonic() > deadline:
                return
            before = now
            time.sleep(_RESTS_SECONDS)  # nothing signals that a screen has settled

    def witness(self, what: str) -> None:
        """Keep what can be seen after a failure."""
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            self.photograph(f"failed-{re.sub(r'[^a-z0-9]+', '-', what.lower())}")
        if self._apps:
            print(self._apps[-1].said(), self._apps[-1].logged_now()[-LOG_SHOWN:], flush=True)

    def leave(self, app: InstalledApp) -> None:
        """Close the window and see that all went well."""
        self.press("ctrl+q")
        status = app.wait_for_end(PATIENCE)
        require(status == 0, f"the app ended with status {status}: {app.said()}")
        require(not app.said(), f"the app said: {app.said()}")
        wrong = [line for line in app.logged_now().splitlines() if " ERROR " in line or " WARNING " in line]
        require(not wrong, f"the app logged: {wrong}")

    def end_all(self) -> None:
        """End what a failed step may have left running."""
        for app in self._apps:
            if app.process.poll() is None:
                app.process.terminate()
                try:
                    app.process.wait(20)
                except subprocess.TimeoutExpired:
                    app.kill()


def five_labels(text: str) -> list[str]:
    """Check that an answer has five labels with their percentages, and name them.

    Raises:
        Failed: It has not.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    require(
        len(lines) == 5 and all(line.rstrip().endswith("%") for line in lines), f"not five labels: {text}"
    )
    return [line.split()[0] for line in lines]
