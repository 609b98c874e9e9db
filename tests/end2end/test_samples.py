"""The sample pictures are what their names say, and come from the project's own script."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.cli import main
from desktop_app.core.foundation import paths

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"


def sample_files() -> list[Path]:
    return sorted(SAMPLES.glob("*.jpg"))


def test_every_class_has_a_small_picture():
    card = json.loads((paths.shipped_models() / "everyday" / "card.json").read_text(encoding="utf-8"))
    assert [path.stem for path in sample_files()] == sorted(entry["label"] for entry in card["classes"])
    for path in sample_files():
        assert path.stat().st_size < 100_000
        with Image.open(path) as image:
            assert image.size == (640, 480)


@pytest.mark.engine
def test_everyday_names_every_sample(engine, capsys):
    assert main(["classify", str(SAMPLES), "--model", "everyday", "--format", "json"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    best = {Path(result["source"]).stem: result["predictions"][0] for result in results}
    assert {name: top["label"] for name, top in best.items()} == {
        path.stem: path.stem for path in sample_files()
    }
    assert min(top["probability"] for top in best.values()) > 0.5


def test_the_script_draws_the_shipped_pictures(tmp_path):
    script = [sys.executable, str(ROOT / "packaging" / "draw_samples.py")]
    subprocess.run([*script, "ship", "--width", "80", "--output", tmp_path], check=True, timeout=120)
    with Image.open(tmp_path / "ship.jpg") as drawn, Image.open(SAMPLES / "ship.jpg") as shipped:
        shipped.load()
        reduced = shipped.resize(drawn.size, Image.Resampling.BOX)
        difference = np.abs(np.asarray(drawn, dtype=float) - np.asarray(reduced, dtype=float))
    assert difference.mean() < 8
