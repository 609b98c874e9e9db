"""Exports every model to every format, and runs each package's example in a fresh environment.

``python -m benchmarks exports [--models ID ...] [--formats NAME ...] [--vgg19] [--without-examples]``: the
models are those in the box and one trained by each recipe on generated pictures, with small settings; VGG19,
with random weights, takes some minutes more. Each format gets a virtual environment with nothing but the
packages that its README names, from the package index that pip is configured for.

Prints a line for each model, format and precision: the size, the largest difference that the engines found,
the share of pictures with the same first class, processor seconds, and what the example printed first. Ends
with status 1 when an export was refused, an example failed or named another class than Sightline.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.foundation.text import readable_size
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.library.store import Library
from desktop_app.core.training.recipes.catalogue import RECIPES

if TYPE_CHECKING:
    from desktop_app.core.export.conversion.formats import ExportFormat

FOLDER = Path(__file__).parent.parent / "build" / "bench" / "exports"
CLASSES, EACH, SIDE = 3, 24, 48
SETTINGS = {"mlp": {"units": 32}, "row-rnn": {"units": 16}, "digits-cnn": {"units": 32}}
_PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"


def main() -> int:
    """Make the models, then export and try each.

    Returns:
        0 when all went well, else 1.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="*", metavar="ID", help="only these, by id or recipe")
    with_example = [form for form, facts in FORMATS.items() if facts.packages]
    parser.add_argument("--formats", nargs="*", choices=with_example, default=with_example)
    parser.add_argument("--vgg19", action="store_true", help="VGG19 with random weights, too")
    parser.add_argument("--without-examples", action="store_true", help="make no environments")
    options = parser.parse_args()
    models = prepared_models(options.models, vgg19=options.vgg19)
    failed = 0
    for form in options.formats:
        environment = None if options.without_examples else _environment(form)
        for model_id in models:
            for precision in FORMATS[form].precisions:
                line, well = _try(model_id, form, precision, environment)
                failed += not well
                print(f"{model_id:<18} {form:<12} {precision:<8} {line}", flush=True)
    print(f"{failed} failed." if failed else "All held, and all examples ran.")
    return 1 if failed else 0


def prepared_models(wanted: list[str] | None, *, vgg19: bool = False) -> list[str]:
    """Make the models, in a library of the benchmark's own; returns the ids of those that are wanted."""
    os.environ |= {"SIGHTLINE_HOME": str(FOLDER / "home"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    library = Library.default()
    ids = [entry.model_id for entry in library.entries() if entry.model_id != "vgg19"]
    for recipe in (recipe.recipe_id for recipe in RECIPES):
        if (not wanted or recipe in wanted) and recipe not in ids:
            _train(recipe)
    if vgg19:
        _install_vgg19(library)
    there = [entry.model_id for entry in library.entries() if not entry.problem]
    return [each for each in there if not wanted or each in wanted or (vgg19 and each == "vgg19")]


def _train(recipe: str) -> None:
    """Train on generated pictures of one colour each; the model gets the recipe's name."""
    data = FOLDER / "data"
    if not data.exists():
        random = np.random.default_rng(0)
        for label in range(CLASSES):
            (data / f"colour {label}").mkdir(parents=True)
            for number in range(EACH):
                pixels = random.integers(0, 120, (SIDE, SIDE, 3), np.uint8)
                pixels[..., label] += 100
                Image.fromarray(pixels).save(data / f"colour {label}" / f"{number}.png")
    words = ["train", str(data), "--recipe", recipe, "--epochs", "2", "--name", recipe]
    for key, value in SETTINGS.get(recipe, {}).items():
        words += ["--set", f"{key}={value}"]
    done = _sightline(*words)
    if done.returncode:
        message = f"{recipe} could not be trained: {done.stderr}"
        raise RuntimeError(message)


def _install_vgg19(library: Library) -> None:
    from desktop_app.core.foundation.cancellation import NEVER
    from desktop_app.core.library.vgg19.install import import_vgg19
    from tests.vgg19_file import write_vgg19_weights

    if library.get("vgg19").problem:
        made = write_vgg19_weights(FOLDER / "vgg19.h5")
        import_vgg19(library, made, unverified=True, on_progress=lambda _transfer: None, cancel=NEVER)
        made.unlink()


def _sightline(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "desktop_app", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _environment(form: ExportFormat) -> Path:
    """Make an environment with what the format's README names; returns its Python."""
    packages, folder = FORMATS[form].packages.split(), FOLDER / f"environment-{form}"
    python = folder / _PYTHON
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
    return python


def _try(model_id: str, form: ExportFormat, precision: str, python: Path | None) -> tuple[str, bool]:
    """Export a model and run its example; returns a line, and whether all went well."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as name:
        folder = Path(name)
        package = folder / "model.zip"
        words = ("models", "export", model_id, str(package), "--format", form, "--precision", precision)
        before = os.times()
        done = _sightline(*words)
        after = os.times()
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        if done.returncode:
            return done.stderr.strip(), False
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder / "unpacked")
            proof = json.loads(archive.read("proof.json"))
        figures = _figures(proof)
        line = f"{readable_size(package.stat().st_size):>8}  {figures}  {seconds:5.1f} s"
        if python is None:
            return line, True
        said = _example(folder / "unpacked", python)
        same = said is not None and said == _first_class(model_id)
        shutil.rmtree(folder / "unpacked")
        return f"{line}  example: {said or 'failed'}{'' if same else ' (not as Sightline)'}", same


def _figures(proof: dict[str, Any]) -> str:
    apart = max(each["largest_difference"] for each in proof["proofs"])
    same = min(each["same_first"] for each in proof["proofs"])
    found = f"{apart:.1e}  {same:6.1%}"
    if accuracy := proof["accuracy"]:
        found += f"  accuracy {accuracy['before']:.1%} -> {accuracy['after']:.1%} of {accuracy['pictures']}"
    return found


def _example(folder: Path, python: Path) -> str | None:
    """Run the README's example as it stands; returns the first class that it names."""
    code = re.search(r"```python\n(.+?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    (folder / "example.py").write_text(code[1], encoding="utf-8")
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(python), "example.py", str(sample_files()[0])]
    done = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return None
    return str(done.stdout.splitlines()[0].partition("% ")[2])


def _first_class(model_id: str) -> str:
    """What Sightline says of the same picture, in the words of ``labels.txt``."""
    done = _sightline("classify", str(sample_files()[0]), "--model", model_id, "--format", "json")
    (result,) = json.loads(done.stdout)["results"]
    return str(result["predictions"][0]["label"])


if __name__ == "__main__":
    sys.exit(main())
