"""A service that runs for one test, and a classifier that needs no TensorFlow."""

from __future__ import annotations

import io
import socket
import threading
import time
from contextlib import contextmanager

import numpy as np
from PIL import Image

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.classify.prediction import Prediction, ScoredLabel
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.library.store import Library
from desktop_app.core.service.options import ServiceOptions
from desktop_app.core.service.server import LabelServer
from tests.tiny_model import COLOURS, colour_card

TOKEN = "a-token-for-tests"


class ColourClassifier:
    """Names the strongest channel, as the model of `tests.tiny_model` does; notes the size of every batch."""

    by = AnsweredBy("tensorflow", "float32", "test bench")
    device = by.device
    calls_at_once = 1

    def __init__(self, model_id="colours"):
        self.card = colour_card(model_id)
        self.batches = []
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Event()
        self.inside = 0
        self.error = None
        self.kind = None
        self.distance = None

    def outputs(self, prepared):
        self.running.set()
        self.inside += 1
        assert self.gate.wait(60)
        self.inside -= 1
        if self.error is not None:
            raise self.error
        self.batches.append(len(prepared))
        return np.stack(prepared).mean(axis=(1, 2)).astype(np.float32)

    def probabilities(self, outputs):
        weights = outputs.astype(np.float64) + 1
        return weights / weights.sum(axis=1, keepdims=True)

    def distances(self, outputs):
        return [self.distance] * len(outputs)

    def parts(self, outputs):
        return [None] * len(outputs)

    def prediction(self, row, top=5, distance=None, part=None):
        best = np.argsort(-row)[:top]
        return Prediction(
            tuple(
                ScoredLabel(rank, f"id-{COLOURS[i]}", COLOURS[i], float(row[i]))
                for rank, i in enumerate(best, 1)
            ),
            sure=True,
            kind=self.kind,
            distance=distance,
        )


class Loader:
    """Gives out `ColourClassifier`s, counts how often, and can be held or made to fail."""

    def __init__(self):
        self.loaded = []
        self.classifiers = {}
        self.gate = threading.Event()
        self.gate.set()
        self.loading = threading.Event()
        self.error = None

    def __call__(self, model_id, *_library_and_wishes):
        self.loading.set()
        assert self.gate.wait(60)
        if self.error is not None:
            raise self.error
        self.loaded.append(model_id)
        self.classifiers[model_id] = ColourClassifier(model_id)
        return self.classifiers[model_id]


def add_models(*model_ids):
    """Put models into the library whose weights nobody reads."""
    library = Library.default()
    for model_id in model_ids:
        library.add(colour_card(model_id), lambda path: path.write_bytes(b"no weights"))
    return library


def picture(colour=(0, 250, 0), form="PNG"):
    """The bytes of a picture of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(data, form)
    return data.getvalue()


def wait_until(condition):
    """Fail when it does not come true within a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        threading.Event().wait(0.002)


def refuses(port):
    """Whether nobody listens on a port of this computer any more."""
    try:
        socket.create_connection(("127.0.0.1", port), 60).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it was still in the queue of a listener that is being closed
        return False
    return False


@contextmanager
def service(loader, **options):
    """Run a service in a thread; yields it with the attribute `thread`, its model loaded if it can be."""
    library = add_models("colours", "colours-2", "colours-3")
    options = {"port": 0, "model_id": "colours", "threads": 12} | options
    server = LabelServer(ModelPool(library, load=loader), ServiceOptions(**options))
    with server:
        server.port = int(server.listen().rpartition(":")[2])
        results = []
        thread = threading.Thread(target=lambda: results.append(server.run()), name="label service")
        thread.start()
        server.thread, server.results = thread, results
        try:
            if loader.gate.is_set():
                wait_until(lambda: server.models.ready or server.models.problem)
            yield server
        finally:
            server.close()
            thread.join(60)
    assert not thread.is_alive()
