"""VGG19 from nothing to its prediction: offered, downloaded, killed, resumed, verified, used."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.engine.compiled import read_processor
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.library.download.vgg19_weights import OFFICIAL
from desktop_app.core.library.proof import MOST_APART
from desktop_app.core.library.vgg19.card import vgg19_card
from desktop_app.core.library.vgg19.network import load_vgg19
from tests.end2end.running_app import PATIENCE
from tests.file_server import FileServer

pytestmark = [pytest.mark.display, pytest.mark.engine]

BUFFERED = 16_000_000
"""Bytes that may be on the way between the server's half and the file, in sockets and the app's memory."""


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    """A picture of the network's input size, so that no scaling comes in between."""
    pixels = np.random.default_rng(3).integers(0, 256, (7, 7, 3), dtype=np.uint8)
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    Image.fromarray(pixels).resize((224, 224), Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def published(vgg19_weights, serve):
    """The weights on a server that stops in the middle at first, and the variables that lead there."""
    content = memoryview(np.memmap(vgg19_weights, np.uint8, "r"))
    file = FileServer(content, "stall")

    def handle(request):
        request.connection.settimeout(120)  # for the whole file, on a busy machine
        file(request)

    server = serve(handle)
    variables = {
        "SIGHTLINE_WEIGHTS_URL": server.url,
        "SIGHTLINE_WEIGHTS_MD5": hashlib.md5(content).hexdigest(),
    }
    yield file, server, variables
    file.released.set()


def expected_answer(weights, photo):
    """What the network says, straight from the file that the server has."""
    classifier = Classifier.of_keras(
        vgg19_card(verified=False, origin="downloaded"), load_vgg19(weights), "CPU"
    )
    (prediction,) = classifier.predict([read_image(photo)])
    return [(entry.readable, 100 * entry.probability) for entry in prediction.labels]


def test_the_download_survives_a_kill_and_the_network_answers(
    desk, make_home, published, vgg19_weights, photo, engine
):
    file, server, variables = published
    home = make_home(model_id="vgg19")
    part = home / "downloads" / f"{OFFICIAL.name}.part"

    first = desk.open(home=home, **variables)
    first.wait_for_log("VGG19 (ImageNet) cannot be used (weights not downloaded yet)")
    desk.press(*desk.TO_DOWNLOAD)
    assert file.half_sent.wait(PATIENCE)
    half = len(file.content) // 2
    first.wait_until(lambda: part.stat().st_size > half - BUFFERED, "half of the file")
    first.kill()
    file.released.set()
    arrived = part.stat().st_size
    assert not (home / "models" / "vgg19").exists()

    second = desk.open(home=home, **variables)
    second.wait_for_log("VGG19 (ImageNet) cannot be used")
    desk.press(*desk.TO_DOWNLOAD)
    second.wait_for_log("Model vgg19: ready")
    method, path, headers = server.requests[1]
    assert (method, path) == ("GET", f"/{OFFICIAL.name}")
    assert headers["range"] == f"bytes={arrived}-"
    assert headers["if-range"] == file.etag
    assert len(server.requests) == 2
    assert not list((home / "downloads").iterdir())

    desk.paste(urls=[photo.as_uri()])
    answered = [line.removesuffix("%").rsplit(" ", 1) for line in desk.answer().splitlines()]
    expected = expected_answer(vgg19_weights, photo)
    halves = read_processor().has_bfloat16  # then the window computes with them, where the proof holds
    assert [label for label, _ in answered] == [label for label, _ in expected]
    assert [float(share) for _, share in answered] == pytest.approx(
        [share for _, share in expected], abs=100 * MOST_APART["bfloat16"] if halves else 0.11
    )
