"""The built wheel works on its own: in a fresh environment, far from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside of the checkout, with nothing in the environment that leads back to it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """Install the wheel into a fresh environment, whose dependencies are those that are here already."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    # Folders named in a .pth file come last and their own .pth files are not read, so that neither
    # the checkout's installation nor the checkout itself can be found this way.
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def test_the_wheel_holds_the_shipped_folders_and_nothing_foreign(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "desktop_app/_bundled/models/everyday/card.json" in names
    models = "desktop_app/_bundled/models/everyday/"
    assert {name.removeprefix(models) for name in names if name.startswith(models)} == {
        *("README.md", "card.json", "model.keras"),
    }, "and nothing that was made of it in this checkout"
    assert "desktop_app/_bundled/resources/imagenet_labels.csv" in names
    assert "desktop_app/_bundled/resources/icons/sightline.svg" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"desktop_app", "sightline"}


@pytest.mark.engine
def test_the_installed_wheel_classifies(installed, tmp_path):
    code = "import desktop_app.core.foundation.paths as p; print(p.resources()); print(p.shipped_models())"
    folders = [
        Path(line) for line in run(installed / "bin" / "python", "-c", code, cwd=tmp_path).split("\n")[:2]
    ]
    assert all(folder.is_relative_to(installed) for folder in folders)

    samples = folders[0] / "samples"
    output = run(installed / "bin" / "sightline", "classify", samples, "--format", "json", cwd=tmp_path)
    answer = json.loads(output)
    assert answer["model"] == "imagenet-better"
    assert len(answer["results"]) == len(list(samples.rglob("*.jpg")))
    assert all(result["status"] == "ok" for result in answer["results"])
