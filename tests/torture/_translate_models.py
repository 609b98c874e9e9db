"""Translates the model files named on standard input and reports what happened, and what was touched.

Run by `tests.torture.earlier_models` in a process of its own, under the audit hook of `_inspect_models`.
With ``low`` as its argument the limits are low.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.inspection.keras2 import attributes
from desktop_app.core.library.inspection.keras2.translation import translate
from tests.hostile_models import low_limits
from tests.keras2_file import write_h5
from tests.torture._inspect_models import FORBIDDEN, Tripwire, memory
from tests.torture._stopwatch import Stopwatch
from tests.torture.earlier_models import LOW


def main() -> None:
    touched: list[str] = []
    allowed: list[str] = []
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

    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        # Import whatever the translation needs, before anything is watched: zipfile's codec for names too.
        codecs.lookup("cp437")
        translate(write_h5(folder / "honest.h5"), folder / "target.keras", NEVER)
        sys.addaudithook(watch)
        sys.meta_path.insert(0, Tripwire(touched))
        if sys.argv[1] == "low":
            stack.enter_context(low_limits())
            stack.enter_context(patch.multiple(attributes, **LOW))
        results = {}
        for line in sys.stdin.read().splitlines():
            allowed[:] = [line, str(folder), "model.weights.h5"]  # shutil names what is in a folder so
            stopwatch, refusal = Stopwatch(), None
            watching = True
            try:
                translate(Path(line), folder / "target.keras", NEVER)
            except SightlineError as error:
                refusal = {"kind": type(error).__name__, "text": str(error), "advice": error.advice}
            except Exception as error:
                refusal = {"kind": repr(error), "text": "", "advice": ""}
            watching = False
            results[line] = {"seconds": stopwatch.seconds(), "refusal": refusal}
    engine = "keras" in sys.modules or "tensorflow" in sys.modules
    print(json.dumps({"results": results, "touched": touched, "engine": engine, "peak": memory("VmHWM")}))


if __name__ == "__main__":
    main()
