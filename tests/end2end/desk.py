"""A person at a display: starts Sightline, drags, pastes, presses keys and reads the result."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import time
from typing import TYPE_CHECKING, Self

import pytest

from tests.end2end.other_window import OtherWindow
from tests.end2end.running_app import PATIENCE, RunningApp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.virtual_display import VirtualDisplay

CORNER = (1160, 40)
"""Position of the other window: right of Sightline's."""
_COPY_SECONDS = 0.5
"""Copying takes milliseconds; after this, there was nothing to copy yet."""
_ATTEMPTS = 3
"""Drags of one thing: an answer of the window may be lost while it is busy, and a person then tries again."""

_NOT_TAKEN_SECONDS = 0.5
"""Taking a drag takes milliseconds; after this, it is refused."""
_STILL_SECONDS = 2.0
"""How long a hand that drags keeps still."""
_CACHES = {"fontconfig", "mesa_shader_cache", "mesa_shader_cache_db"}
"""Below ``~/.cache``, kept by the system's own libraries where they must."""


class Desk:
    """Everything ends with the context: Sightline, the other window, a mouse button held down.

    No window manager runs, so the person says which window gets the keys. Answers are read as a person
    would take them elsewhere: Ctrl+C in Sightline, paste in the other window.

    Attributes:
        TO_DOWNLOAD: Keys that accept the offer of VGG19 in a window without pictures: past the buttons
            for pictures, folder and paste and the list of models, to the offer's first button.
        TO_EPOCHS: Keys from the card of the chosen network to the number of epochs: past the picture size.
        TO_START: Keys from there to the start of the training: past batch size, learning rate, name,
            advanced settings and defaults, on to the next step, and start there.
        PAST_SETTINGS: Keys from the card of the proposed network to the next step: past what it starts from,
            picture size, epochs, and what `TO_START` passes.
        TO_STOP: Keys from there that stop the training: past the button that pauses it.
        TO_GO_ON: Keys from the list of earlier batches that go on with the current one: past the button that
            deletes it.
        TO_RESUME: Keys from the list of runs that resume the current one: past the buttons that rename it,
            open its folder, show its code and delete it.
        TO_CLASSIFY: Keys from there that classify with the model of the current run: likewise.

    Args:
        display: Where the windows are.
        folder: For the user's home folder, temporary files, and pictures of the screen after failures.
    """

    TO_DOWNLOAD = (*["Tab"] * 5, "space")
    TO_EPOCHS = ("Tab",) * 2
    TO_START = (*["Tab"] * 6, "space", "space")
    PAST_SETTINGS = ("Tab",) * 9
    TO_STOP = ("Tab", "space")
    TO_GO_ON = ("shift+Tab", "shift+Tab", "space")
    TO_RESUME = TO_CLASSIFY = (*["Tab"] * 5, "space")

    def __init__(self, display: VirtualDisplay, folder: Path) -> None:
        self._person, self._temporary = folder / "person", folder / "temporary"
        self._person.mkdir()
        self._temporary.mkdir()
        self._folder = folder
        hidden = ("XDG_", "SIGHTLINE_")
        outside = display.environment.items()
        self._environment = {name: value for name, value in outside if not name.startswith(hidden)}
        self._environment |= {"HOME": str(self._person), "TMPDIR": str(self._temporary)}
        self._apps: list[RunningApp] = []
        self._window = ""
        self.other = OtherWindow(display.environment, CORNER)

    # Starting

    def start(self, *words: object, home: Path, **environment: str) -> RunningApp:
        """Start Sightline without waiting for anything.

        Args:
            words: The words of the command line.
            home: Its `SIGHTLINE_HOME`.
            environment: More variables.
        """
        own = {"SIGHTLINE_HOME": str(home), **environment}
        app = RunningApp(words, home, self._environment | own)
        self._apps.append(app)
        return app

    def open(self, *words: object, home: Path, **environment: str) -> RunningApp:
        """Start Sightline, and turn to its window as soon as it is on the screen."""
        started = time.monotonic()
        app = self.start(*words, home=home, **environment)
        self.turn_to(app, "Sightline")
        app.opened_after = time.monotonic() - started
        return app

    # Doing

    def turn_to(self, app: RunningApp, title: str) -> None:
        """Let the keys go to this window of Sightline as soon as it is on the screen."""
        found: list[str] = []

        def on_the_screen() -> bool:
            found[:] = self._windows_of(app, title)
            return bool(found)

        app.wait_until(on_the_screen, f"'{title}' on the screen")
        self._window = found[0]

    def wait_until_gone(self, app: RunningApp, title: str) -> None:
        """Wait until no window of this title is on the screen: one that was closed stays for a moment."""
        app.wait_until(lambda: not self._windows_of(app, title), f"'{title}' gone")

    def turn_to_pane(self, app: RunningApp, keys: str, pane: str) -> None:
        """Press the keys of a pane that was not open yet, and wait until it takes further keys and drags."""
        self.press(keys)
        app.wait_for_log(f"Made the pane {pane}.")

    def press(self, *keys: str) -> None:
        """Press keys such as ``ctrl+v`` in Sightline."""
        self._xdotool("windowfocus", "--sync", self._window, "key", *keys)

    def paste(self, **content: object) -> None:
        """Copy something in the other window (see `OtherWindow`) and paste it into Sightline."""
        self.other.copy(**content)
        self.press("ctrl+v")

    def drag(self, *, proposed: str = "CopyAction", **content: object) -> str:
        """Drag something with the mouse from the other window into Sightline.

        Args:
            proposed: What the drag proposes, with all of copy, move and link allowed.
            content: See `OtherWindow`.

        Returns:
            The name of what Sightline did with it, such as "CopyAction".

        Raises:
            TimeoutError: Sightline did not take it.
        """
        for left in reversed(range(_ATTEMPTS)):
            try:
                return self._drag(PATIENCE / _ATTEMPTS, proposed, content)
            except TimeoutError:
                if not left:
                    raise
                self.other.wait_for("drag_ended")
        raise AssertionError  # the last attempt returns or raises

    def drag_in_vain(self, **content: object) -> None:
        """Drag something that Sightline must not take."""
        with pytest.raises(TimeoutError):
            self._drag(_NOT_TAKEN_SECONDS, "CopyAction", content)
        assert self.other.wait_for("drag_ended")["action"] == "IgnoreAction"

    def _drag(self, patience: float, proposed: str, content: dict[str, object]) -> str:
        self.other.hold(content, proposed)
        self.other.forget()
        x, y = self.other.centre
        self._move_mouse((x, y))
        self._xdotool("mousedown", "1")
        try:
            self._move_mouse((x - 30, y + 30))
            self.other.wait_for("drag_started")
            way = self._way_to_window()
            self._move_mouse(*way)
            self._wait_until_accepted(way[-1], patience)
        except TimeoutError:
            self._move_mouse((x, y))  # let go over its own window: nothing is dropped
            raise
        finally:
            self._xdotool("mouseup", "1")
        return self.other.wait_for("drag_ended")["action"]

    def _wait_until_accepted(self, point: tuple[int, int], patience: float) -> None:
        """Wait, and move the mouse by a pixel now and then: a hand is never quite still.

        A window that was busy when the mouse came to rest is asked about the drag only at its next move.
        """
        x, y = point
        deadline = time.monotonic() + patience
        for shift in itertools.cycle((1, 0)):
            left = deadline - time.monotonic()
            try:
                self.other.wait_for("drag_accepted", min(left, _STILL_SECONDS))
            except TimeoutError:
                if left <= _STILL_SECONDS:
                    raise
            else:
                return
            self._move_mouse((x + shift, y))

    def start_training(self, app: RunningApp, data: Path, *, epochs: int) -> None:
        """Turn to the Train pane, drop a folder there and train the network beside the one that is proposed.

        It begins from nothing, so that it needs its epochs.

        Args:
            app: Whose window it is.
            data: Has a folder for each class.
            epochs: The number to type in.
        """
        self._show_data(app, data)
        self.press("space", "Right", *self.TO_EPOCHS, "ctrl+a", *str(epochs), *self.TO_START)
        app.wait_for_log("A training has begun")

    def start_proposed_training(self, app: RunningApp, data: Path) -> None:
        """Do so with the network that is proposed, and with all its defaults."""
        self._show_data(app, data)
        self.press("space", *self.PAST_SETTINGS, "space", "space")
        app.wait_for_log("A training has begun")

    def _show_data(self, app: RunningApp, data: Path) -> None:
        self.turn_to_pane(app, "ctrl+3", "Train")
        self.drag(urls=[data.as_uri()])
        app.wait_for_log("Checked a data set")

    def answer(self) -> str:
        """Copy the result of the current picture, as soon as there is one."""
        self.other.forget()
        deadline = time.monotonic() + PATIENCE
        again = False
        while True:
            self.press("ctrl+c")
            try:
                text: str = self.other.wait_for("copied", _COPY_SECONDS)["text"]
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
                again = True
            else:
                if again:
                    # The keys before may have been slow, not in vain: what they copy must answer nobody else.
                    self.other.forget(after=_COPY_SECONDS)
                return text

    def label(self) -> str:
        """The first word of `answer`: the label of the current picture."""
        return self.answer().split()[0]

    def labels(self, count: int) -> list[str]:
        """The labels of the current picture and its neighbours to the right."""
        found = [self.label()]
        for _ in range(count - 1):
            self.press("Right")
            found.append(self.label())
        return found

    # When something went wrong, and at the end

    def evidence(self, name: str) -> Iterator[tuple[str, str]]:
        """Titles and texts that say what happened; saves a picture of the screen under this name."""
        picture = self._folder / f"{name}.png"
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):  # perhaps the other window failed
            self.other.photograph(picture)
            yield "the screen", str(picture)
        for number, app in enumerate(self._apps, start=1):
            yield f"terminal of start {number} (status {app.process.poll()})", app.said()
        for home in dict.fromkeys(app.home for app in self._apps):
            last = next(app for app in reversed(self._apps) if app.home == home)
            yield f"log in {home}", last.logged()

    def complaints(self) -> list[str]:
        """What Sightline wrote to its terminals, but for a further start's word, and errors in its logs."""
        said = (line for app in self._apps for line in app.said().splitlines())
        logged = (line for app in self._apps for line in app.logged().splitlines() if " ERROR " in line)
        return [line for line in said if "already running" not in line] + list(logged)

    def strays(self) -> list[Path]:
        """What Sightline left outside of its home, but for the socket that further starts need."""
        cache = self._person / ".cache"
        places = [self._person, self._temporary, *(app.home.parent for app in self._apps)]
        found = {path for place in places for path in place.iterdir()}
        ours = {self._temporary / f"sightline-{os.getuid()}"}
        ours |= {path for app in self._apps for path in (app.home, app.terminal)}
        ours |= {cache} if {path.name for path in cache.glob("*")} <= _CACHES else set()
        return sorted(found - ours)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for app in self._apps:
            app.kill()
        self.other.close()

    def _windows_of(self, app: RunningApp, title: str) -> list[str]:
        """Identifiers of its windows of this title that are on the screen; does not wait.

        The X library ends xdotool when a window, such as a menu, closes during the search: that says nothing.
        """
        search = ("search", "--onlyvisible", "--all", "--pid", str(app.process.pid), "--name", f"^{title}$")
        while True:
            done = self._run_xdotool(*search)
            if "X Error" not in done.stderr:
                return done.stdout.split()

    def _way_to_window(self) -> list[tuple[int, int]]:
        """Some points on the way into the middle of Sightline, as a hand moves."""
        output = self._xdotool("getwindowgeometry", "--shell", self._window)
        facts = dict(line.split("=") for line in output.splitlines())
        left, top, width, height = (int(facts[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        x, y = left + width // 2, top + height // 2
        start_x, start_y = self.other.centre
        steps = 5
        return [
            (start_x + (x - start_x) * step // steps, start_y + (y - start_y) * step // steps)
            for step in range(1, steps + 1)
        ]

    def _move_mouse(self, *points: tuple[int, int]) -> None:
        self._xdotool(*itertools.chain.from_iterable(("mousemove", str(x), str(y)) for x, y in points))

    def _xdotool(self, *words: str) -> str:
        done = self._run_xdotool(*words)
        done.check_returncode()
        return done.stdout

    def _run_xdotool(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["xdotool", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
