"""Compares translated Keras 2 models with the answers that Keras 2 itself gave.

``python -m benchmarks keras2`` makes an environment with Keras 2 in a temporary folder (about 2 GB to
download), lets it write some eighty models as ``.h5`` and ``.keras``, translates each, loads it in this Keras
and prints the largest difference of an answer. Beside it stands by how much Keras 2 differs from itself when
it is asked about one picture at a time: where that is more, it is the bound. ``--with tf_keras``
takes tf_keras 2.21 instead of Keras 2.15. The environment can be kept and used again (``--environment
FOLDER``), and so can the models (``--models FOLDER``).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.inspection.keras2.translation import translate

PACKAGES = {
    "keras": ("tensorflow-cpu==2.15.1", "keras==2.15.0"),
    "tf_keras": ("tensorflow-cpu==2.21.0", "tf_keras==2.21.0"),
}
WRITER = Path(__file__).with_name("_keras2_models.py")
GOAL = 1e-6
"""Largest difference of a probability."""


def main() -> None:
    """Write, translate, load, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="models; all when none is named")
    parser.add_argument("--with", dest="library", choices=PACKAGES, default="keras")
    parser.add_argument(
        "--python", default="python3.11", help="Python for the environment; Keras 2.15 needs 3.9 to 3.11"
    )
    parser.add_argument("--environment", type=Path, help="where the environment is, or is to be kept")
    parser.add_argument("--models", type=Path, help="folder with models that were written before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-bench-keras2-") as name:
        scratch = Path(name)
        models = options.models or scratch
        if not (models / "report.json").exists():
            models.mkdir(parents=True, exist_ok=True)
            python = _environment(options.environment or scratch / "environment", options)
            subprocess.run([python, WRITER, models, *options.names], check=True, stderr=subprocess.DEVNULL)
        sys.exit(_compare(models, scratch, options.names))


def _environment(folder: Path, options: argparse.Namespace) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making an environment with {', '.join(PACKAGES[options.library])} ...", flush=True)
        subprocess.run([options.python, "-m", "venv", folder], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES[options.library]], check=True)
    return python


def _compare(models: Path, scratch: Path, names: list[str]) -> int:
    import numpy as np

    report = json.loads((models / "report.json").read_text())
    load_engine()
    import keras

    print(f"Written by Keras {report['version']}; read by Keras {keras.__version__}\n")
    print(f"| {'model':32} | {'.h5':>10} | {'.keras':>10} | {'Keras 2':>10} |")
    print(f"|{'-' * 34}|{'-' * 12}|{'-' * 12}|{'-' * 12}|")
    worst, notes, wrong = 0.0, [], 0
    for name in names or report["models"]:
        if not (models / f"{name}.npz").exists():
            notes.append(f"{name}: {report['models'][name]['h5']}")
            continue
        stored = np.load(models / f"{name}.npz")
        spread = float(stored["spread"])
        cells = []
        for ending in ("h5", "keras"):
            if report["models"][name][ending]:
                cells.append("not saved")
                notes.append(f"{name}.{ending}: Keras 2 does not save it: {report['models'][name][ending]}")
                continue
            target = scratch / f"{name}_{ending}.keras"
            try:
                translate(models / f"{name}.{ending}", target, NEVER)
            except SightlineError as error:
                cells.append("refused")
                notes.append(str(error))
                continue
            network = keras.models.load_model(target, compile=False)
            answers = network.predict(stored["inputs"], verbose=0)
            difference = float(np.abs(np.asarray(answers) - stored["answers"]).max())
            worst = max(worst, difference)
            wrong += not difference <= max(GOAL, 2 * spread)
            cells.append(f"{difference:.1e}")
            target.unlink()
            keras.backend.clear_session()
        print(f"| {name:32} | {cells[0]:>10} | {cells[1]:>10} | {spread:>10.1e} |", flush=True)
    print(f"\nLargest difference {worst:.1e}; {wrong} above the bound ({GOAL:.0e}, or what Keras 2 varies).")
    for note in notes:
        print(f"- {note}")
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
