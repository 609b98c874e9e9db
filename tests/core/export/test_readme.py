from __future__ import annotations

import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.export.conversion.formats import FORMATS
from desktop_app.core.export.examples import EXAMPLE_LINES, example
from desktop_app.core.export.proof import Compared, ExportProof, ExportReport, HeldAccuracy, compare
from desktop_app.core.export.readme import labels_text, readme_text
from desktop_app.core.export.writing_step import WritingFacts
from desktop_app.core.images.decoding.resize import fitted
from desktop_app.core.networks.input_spec import InputSpec
from tests.core.export.models import card

if TYPE_CHECKING:
    from desktop_app.core.images.decoding.fitting import Resample

RESAMPLES: tuple[Resample, ...] = ("bicubic", "bilinear", "keras", "lanczos", "nearest")
PROOF = ExportProof(
    engine="Engine 1.0",
    reference="Sightline",
    precision="float32",
    pictures=32,
    largest_difference=2e-7,
    mean_difference=1e-8,
    same_first=1.0,
)
FACTS = Compared(card(), "r", "float32")


def report(form="onnx", **changes):
    facts = {"model": "tiny", "weights_sha256": "0" * 64, "format": form, "precision": "float32"}
    return ExportReport(**facts | {"limit": 1e-4, "proofs": (PROOF,)} | changes)


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "web"])
@pytest.mark.parametrize("task", ["classification", "multi-label", "regression", "embedding"])
def test_every_example_is_short_and_compiles(form, task):
    for fit, resample in itertools.product(("squash", "crop", "both"), RESAMPLES):
        spec = InputSpec(height=24, width=32, fit=fit, resample=resample, crop_share=0.875)
        text = example(form, spec, task)
        compile(text, "example.py", "exec")
        assert len(text.splitlines()) <= EXAMPLE_LINES
        assert all(len(line) <= 200 for line in text.splitlines())


@pytest.mark.parametrize("resample", RESAMPLES)
@pytest.mark.parametrize(("fit", "share"), [("squash", 1.0), ("crop", 1.0), ("crop", 0.8)])
def test_its_picture_is_the_one_that_sightline_s_network_sees(resample, fit, share, tmp_path):
    spec = InputSpec(height=24, width=32, fit=fit, resample=resample, crop_share=share)
    lines = example("keras", spec).splitlines()
    fitting = [line for line in lines if line.startswith("picture =")]
    pixels = np.random.default_rng(1).integers(0, 256, (90, 70, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "picture.png")
    imports = [line for line in lines if line.startswith(("import sys", "import numpy", "from PIL"))]
    program = "\n".join([*imports, *fitting, "np.save('seen.npy', picture)"])
    subprocess.run([sys.executable, "-c", program, "picture.png"], cwd=tmp_path, check=True)
    (seen,) = np.load(tmp_path / "seen.npy")
    wanted = fitted(pixels, spec.fitting())
    apart = np.abs(seen.astype(int) - wanted)
    assert apart.max() <= (1 if resample == "keras" else 0)


def test_labels_stand_in_the_order_of_the_outputs_and_none_twice():
    described = card()
    entries = [entry.model_dump() for entry in described.classes]
    entries[0]["label"] = entries[2]["label"] = "crane"
    entries[1]["label"] = "two\nlines"
    text = labels_text(described.changed(classes=entries))
    assert text == "crane (id-0)\ntwo lines\ncrane (id-2)\n"


def test_the_readme_says_what_a_caller_must_know():
    described = card(fit="both", crop_share=0.875, resample="keras", thin="parts").changed(
        description="Names\nthings.", data="Ten pictures", source="A friend"
    )
    text = readme_text(
        described, 1_500_000, report("litert"), WritingFacts(reference="r", computes="bfloat16")
    )
    for part in (
        "# Colours",
        "Names things.",
        "1.5 MB",
        "uint8 `(1, 12, 12, 3)`",
        "one picture at a time",
        "Sightline takes the mean of this and of a centre crop, 87.5% of the largest one",
        "bilinear without antialiasing",
        "asks about parts",
        "Engine 1.0 opened the float32 file",
        "computes with bfloat16",
        "Licence: its card names none.",
        "Source: A friend",
        "Data: Ten pictures",
        "pip install ai-edge-litert numpy pillow",
    ):
        assert part in text


@pytest.mark.parametrize(("after", "words"), [(0.9, "the same as before"), (0.875, "-2.5 points")])
def test_the_loss_is_said_in_points(after, words):
    found = HeldAccuracy(pictures=200, before=0.9, after=after)
    assert found.sentence.endswith(f"{words}.")
    assert report(accuracy=found).sentences[-1] == found.sentence


def test_only_numbers_of_the_same_shape_are_compared():
    rows = np.full((32, 3), 1 / 3)
    assert compare(rows, rows, "e", FACTS).largest_difference == 0
    assert compare(rows, rows[:, :2], "e", FACTS) is None
    for odd in (np.nan, np.inf):
        broken = rows.copy()
        broken[3, 1] = odd
        assert compare(rows, broken, "e", FACTS) is None
    other = rows.copy()
    other[0] = (0.9, 0.05, 0.05)
    proof = compare(rows, other, "e", FACTS)
    assert proof.largest_difference == pytest.approx(0.9 - 1 / 3)
    assert not proof.holds("float32")
    assert not proof.holds("float16")


def test_too_few_pictures_are_no_proof():
    rows = np.full((31, 3), 1 / 3)
    assert not compare(rows, rows, "e", FACTS).holds("float32")
