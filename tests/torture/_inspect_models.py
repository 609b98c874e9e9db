"""Imports the model files named on standard input and reports what happened, and what was touched meanwhile.

Run by `tests.torture.hostile_models` in a process of its own, under an audit hook: nothing may be opened
but the file in question and the library, no process started, no connection made, nothing executed, and no
module looked for to which only the files lead. With ``low`` as its second argument the limits are low.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from tests.hostile_models import NOWHERE, low_limits
from tests.keras_file import CLASSES, write_keras
from tests.torture._stopwatch import Stopwatch

FORBIDDEN = ("exec", "os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess", "socket.", "pickle.",
             "marshal.", "ctypes.dlopen", "urllib.", "webbrowser.", "shutil.unpack")  # fmt: skip


class Tripwire:
    """Among the finders of modules: notes when the module is looked for that nobody has."""

    def __init__(self, touched: list[str]) -> None:
        self._touched = touched

    def find_spec(self, name: str, *_: object) -> None:
        """Note it, and leave it to the others to find nothing."""
        if name.partition(".")[0] == NOWHERE:
            self._touched.append(f"import {name}")


def main() -> None:
    home = Path(sys.argv[1])
    limits = low_limits() if sys.argv[2] == "low" else contextlib.nullcontext()
    library = Library(home / "shipped", home / "models", home / "trash")
    touched: list[str] = []
    allowed: list[str] = [str(home)]
    watching = False

    def watch(event: str, arguments: tuple) -> None:
        if not watching:
            return
        if event.startswith(FORBIDDEN):
            touched.append(f"{event} {arguments!r:.200}")
        elif event in {"open", "os.remove", "os.rename", "os.mkdir", "os.symlink", "os.link"}:
            path = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else ""
            if path and not any(path.startswith(start) for start in allowed):
                touched.append(f"{event} {path}")

    # Import whatever the check needs, before anything is watched.
    with tempfile.TemporaryDirectory(dir=home.parent) as warm_up:
        import_model(
            Library(Path(warm_up) / "s", Path(warm_up) / "m", Path(warm_up) / "t"),
            write_keras(Path(warm_up) / "honest.keras"),
            Wishes(labels=["class"] * CLASSES, preprocessing="none"),
            cancel=NEVER,
        )
    sys.addaudithook(watch)
    sys.meta_path.insert(0, Tripwire(touched))
    results = {}
    with limits:
        for line in sys.stdin.read().splitlines():
            allowed[1:] = [line]
            stopwatch, refusal = Stopwatch(), None
            watching = True
            try:
                labels = ["class"] * CLASSES
                import_model(library, Path(line), Wishes(labels=labels, preprocessing="none"), cancel=NEVER)
            except SightlineError as error:
                refusal = {"kind": type(error).__name__, "text": str(error), "advice": error.advice}
            except Exception as error:
                refusal = {"kind": repr(error), "text": "", "advice": ""}
            watching = False
            results[line] = {"seconds": stopwatch.seconds(), "refusal": refusal}
    engine = "keras" in sys.modules or "tensorflow" in sys.modules
    report = {"results": results, "touched": touched, "engine": engine, "peak": memory("VmHWM")}
    print(json.dumps(report))


def memory(field: str) -> int:
    """Bytes of memory now (``VmRSS``) or at the worst moment (``VmHWM``), where the system reports it.

    Not `resource.getrusage`: its peak begins with that of the process that started this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    (line,) = (line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main()
