"""The real window answers without TensorFlow, and trains with it; in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.core.training.tiny import make_data

pytestmark = pytest.mark.engine

READY = """
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model
install_colour_model(Library.default())
print(load_classifier("colours", Library.default()).by.engine)
"""
"""Installs a model and has it made ready for OpenVINO, as a training or an import does."""

WINDOW = """
import json, sys
from pathlib import Path
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from desktop_app.core.foundation import paths
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
from desktop_app.ui.desktop import Desktop
from desktop_app.workers.classify.messages import ItemState
from tests.core.training.tiny import tiny_config

folder, trains = Path(sys.argv[1]), sys.argv[2] == "train"
application = QApplication([])
store = SettingsStore(paths.settings_file())
store.override(model_id="colours")
desktop = Desktop(Library.default(), store)
told = {"answers": [], "engines": [], "answered": 0, "trained": ""}

def paste():
    picture = QImage(20, 20, QImage.Format.Format_RGB32)
    picture.fill(QColor("blue"))
    application.clipboard().setImage(picture)
    desktop.window._classify.paste()

def open_folder():
    desktop.window.open_sources([FileSource(folder)])

def begin_batch():
    desktop.batch.ended.connect(on_batch_ended)
    desktop.batch.failed.connect(give_up)
    desktop.batch.begin([folder], "colours")

def on_batch_ended(summary):
    told["answered"] = summary.answered
    train() if trains else end()

def train():
    desktop.training.event_arrived.connect(on_trained)
    desktop.training.start(tiny_config(folder))

def on_trained(event):
    if type(event).__name__ == "Finished":
        told["trained"] = event.result.status
        end()

def give_up(reason):
    print(reason, file=sys.stderr)
    end()

def end():
    desktop.window.end()
    application.quit()

steps = iter([paste, open_folder, begin_batch])
counts = iter([1, 2, 2 + int(sys.argv[3])])
awaited = [next(counts)]

def on_item_changed(item):
    if item.state in {ItemState.FAILED, ItemState.CANCELLED}:
        give_up(item)
    done = [item for item in desktop.session.items() if item.state is ItemState.ANSWERED]
    if len(done) == awaited[0]:
        told["answers"] = [item.answer.prediction.top.label for item in done]
        told["engines"] = sorted({item.answer.by.engine for item in done})
        awaited[0] = next(counts, 0)
        next(steps)()

desktop.session.item_changed.connect(on_item_changed)
desktop.open([FileSource(next(folder.rglob("*.png")))])
application.exec()
desktop.shutdown(60)
print(json.dumps(told | {"tensorflow": "tensorflow" in sys.modules, "openvino": "openvino" in sys.modules}))
"""


@pytest.fixture
def run(tmp_path):
    """Run a script in a home of its own; returns what it printed last."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "SIGHTLINE_HOME": str(tmp_path / "home")}

    def run(script, *words):
        ended = subprocess.run(
            [sys.executable, "-c", script, *map(str, words)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=environment,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()[-1]

    return run


@pytest.fixture
def data(tmp_path):
    return make_data(tmp_path / "data", count=4)


@pytest.fixture
def ready(run):
    assert run(READY) == "openvino"


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("what", ["classify", "train"])
def test_only_a_training_brings_tensorflow_into_the_window(run, data, what):
    count = len(list(data.rglob("*.png")))
    told = json.loads(run(WINDOW, data, what, count))
    assert len(told["answers"]) == 2 + count
    assert told["answers"][1] == "blue"
    assert told["engines"] == ["openvino"]
    assert told["answered"] == count
    assert told["openvino"]
    assert told["trained"] == ("finished" if what == "train" else "")
    assert told["tensorflow"] == (what == "train")
