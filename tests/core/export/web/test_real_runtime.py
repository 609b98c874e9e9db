"""ONNX Runtime Web itself, where its npm package is: a picture dropped on an exported page."""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
from functools import partial

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.export.exporting import export_beside
from desktop_app.core.export.process import asking_command, run_process
from desktop_app.core.export.web.runtime import VARIABLE, given_runtime
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.foundation.errors import UsageError
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.images.sample_pictures import sample_files
from desktop_app.core.inference.choice import EngineChoice
from tests.core.export.models import card, convolution, installed, network, write_here
from tests.core.export.web.pages import ANSWERED, LABELS, answer_for, page_address, png

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

MOST_APART = 1e-3


def runtime_here():
    try:
        return given_runtime(None)
    except UsageError:
        return None


RUNTIME = runtime_here()
needs_runtime = pytest.mark.skipif(
    RUNTIME is None, reason=f"no npm package of ONNX Runtime Web: {VARIABLE} names none"
)

export_here = partial(export_beside, form="web", write=write_here, runtime=RUNTIME)


def opened(browser, library, model_id, folder, **wish):
    """Export a model, unpack its page and open it from the folder; returns Sightline's classifier."""
    export_here(library, model_id, folder / "page.zip", **wish)
    with zipfile.ZipFile(folder / "page.zip") as archive:
        archive.extractall(folder / "page")
    browser.open(page_address(folder / "page"))
    return load_classifier(model_id, library, EngineChoice("tensorflow"))


def expected(classifier, data):
    """Sightline's probabilities for a file."""
    seen = read_fitted(data, classifier.card.input.fitting())
    outputs = classifier.outputs([seen])
    return classifier.probabilities(outputs)[0], classifier.predict_prepared([seen])[0]


def pictures():
    yield from (path.read_bytes() for path in sample_files()[:2])
    pixels = np.random.default_rng(5).integers(0, 256, (40, 70, 3), np.uint8)
    yield png(Image.fromarray(pixels))
    yield png(Image.fromarray(np.tile(pixels, (1, 6, 1))))  # so long that it is seen in parts


@needs_runtime
@pytest.mark.parametrize("fit", ["squash", "crop", "both"])
def test_a_dropped_picture_gets_sightline_s_answer(browser, tmp_path, fit):
    described = card(preprocessing="symmetric", mirrored=True, thin="parts", fit=fit, crop_share=0.875)
    classifier = opened(browser, installed(network(convolution()), described), "tiny", tmp_path)
    for data in pictures():
        row, prediction = expected(classifier, data)
        assert np.abs(np.array(answer_for(browser, data)) - row).max() <= MOST_APART
        browser.wait_for(ANSWERED)
        assert browser.run(LABELS) == [label.label for label in prediction.labels]
    assert browser.complaints == []
    assert all(url.startswith(("file:", "blob:")) for url in browser.addresses)


@needs_runtime
@pytest.mark.parametrize(("task", "final"), [("multi-label", "sigmoid"), ("regression", None)])
def test_labels_and_amounts_are_sightline_s(browser, tmp_path, task, final):
    """Two views of most pictures, and the parts of a long one."""
    described = card(task=task, preprocessing="symmetric", thin="parts", fit="both", crop_share=0.7)
    library = installed(network(convolution(), final=final), described)
    classifier = opened(browser, library, "tiny", tmp_path)
    for data in pictures():
        seen = read_fitted(data, classifier.card.input.fitting())
        (row,) = classifier.probabilities(classifier.outputs([seen]))
        assert np.abs(np.array(answer_for(browser, data)) - row).max() <= MOST_APART


def answers_of_openvino(folder, seen):
    """What OpenVINO says of the model in a page, in a process of its own."""
    text = (folder / "page" / "model.js").read_text().partition(" = ")[2].rstrip(";\n")
    model = folder / "model.onnx"
    model.write_bytes(gzip.decompress(base64.b64decode(json.loads(text)["model"])))
    np.save(folder / "pictures.npy", seen)
    command = asking_command("openvino", model, folder / "pictures.npy", folder / "answers.npy")
    run_process(command, folder, NEVER)
    return np.load(folder / "answers.npy")


@needs_runtime
@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_smaller_precisions_compute_in_the_browser_as_in_the_proof(browser, tmp_path, precision):
    library = installed(network(convolution()), card(preprocessing="symmetric"))
    classifier = opened(browser, library, "tiny", tmp_path, precision=precision)
    files = list(pictures())
    seen = np.stack([read_fitted(data, classifier.card.input.fitting()) for data in files])
    for data, row in zip(files, answers_of_openvino(tmp_path, seen), strict=True):
        assert np.abs(np.array(answer_for(browser, data)) - row).max() <= MOST_APART
