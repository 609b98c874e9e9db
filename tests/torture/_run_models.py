"""Imports the model files named on standard input, each answering once, and reports what that took.

Run by `tests.torture.hostile_models` in a process of its own, for files that passed the inspection.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from desktop_app.core.classify.loader import check_answers
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.store import Library
from tests.keras_file import CLASSES, write_keras
from tests.torture._inspect_models import memory
from tests.torture._stopwatch import Stopwatch


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sightline-run-") as name:
        library = Library(Path(name) / "shipped", Path(name) / "models", Path(name) / "trash")

        def run(path: Path) -> str | None:
            try:
                import_model(
                    library,
                    path,
                    Wishes(labels=["class"] * CLASSES, preprocessing="none"),
                    check=check_answers,
                    cancel=NEVER,
                )
            except SightlineError as error:
                return type(error).__name__
            except Exception as error:
                return repr(error)
            return None

        assert run(write_keras(Path(name) / "honest.keras")) is None
        before = memory("VmRSS")  # TensorFlow itself, and what it keeps after its first prediction
        results = {}
        for line in sys.stdin.read().splitlines():
            stopwatch = Stopwatch()
            error = run(Path(line))
            results[line] = {"seconds": stopwatch.seconds(), "error": error}
        print(json.dumps({"results": results, "extra": memory("VmHWM") - before}))


if __name__ == "__main__":
    main()
