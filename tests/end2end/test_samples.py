"""The sample pictures are what their names say; the drawn ones come from the project's own script."""

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
from desktop_app.core.images.folders import find_pictures

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"


def sample_files() -> list[Path]:
    return list(find_pictures(SAMPLES))


def known() -> set[str]:
    card = json.loads((paths.shipped_models() / "everyday" / "card.json").read_text(encoding="utf-8"))
    return {entry["label"] for entry in card["classes"]}


def test_photographs_come_first_and_are_small():
    photographs = sorted(SAMPLES.glob("*.jpg"))
    assert len(photographs) >= 4
    assert sample_files()[: len(photographs)] == photographs
    for path in photographs:
        assert path.stat().st_size < 150_000
        with Image.open(path) as image:
            assert max(image.size) <= 800
            assert image.mode == "RGB"


def test_the_drawn_pictures_are_few_small_and_of_known_things():
    drawn = sorted((SAMPLES / "drawn").iterdir())
    assert len(drawn) == 6
    assert {path.stem for path in drawn} <= known()
    for path in drawn:
        assert path.stat().st_size < 100_000
        with Image.open(path) as image:
            assert image.size == (640, 480)


@pytest.mark.engine
def test_everyday_names_what_it_knows_and_is_sure_of_nothing_else(engine, capsys):
    assert main(["classify", str(SAMPLES), "--model", "everyday", "--format", "json"]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    best = {Path(result["source"]).stem: result["predictions"][0] for result in results}
    assert list(best) == [path.stem for path in sample_files()]
    named = {name: top for name, top in best.items() if name in known()}
    assert {name: top["label"] for name, top in named.items()} == {name: name for name in named}
    assert len(named) == 7
    assert min(top["probability"] for top in named.values()) > 0.9
    assert max(top["probability"] for name, top in best.items() if name not in named) < 0.6


def test_the_script_draws_the_shipped_pictures(tmp_path):
    script = [sys.executable, str(ROOT / "packaging" / "draw_samples.py")]
    subprocess.run([*script, "--width", "80", "--output", tmp_path], check=True, timeout=300)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in (SAMPLES / "drawn").iterdir()}
    for path in tmp_path.iterdir():
        with Image.open(path) as drawn, Image.open(SAMPLES / "drawn" / path.name) as shipped:
            shipped.load()
            reduced = shipped.resize(drawn.size, Image.Resampling.BOX)
            difference = np.abs(np.asarray(drawn, dtype=float) - np.asarray(reduced, dtype=float))
        assert difference.mean() < 8, path.name
