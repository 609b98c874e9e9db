"""Measures how long a cold process takes to Everyday's first answer, beside the shortest script for it.

``python -m benchmarks first_answer``: fresh processes by turns, with their files in the page cache: the
window with a picture, ``sightline classify PICTURE``, and a script that imports TensorFlow, loads the same
model and predicts. The clock is that of the process that starts them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.process import seconds_until
from benchmarks.frame.turns import take_turns
from desktop_app.core.foundation import paths
from desktop_app.core.library.store import EVERYDAY_ID, Library

if TYPE_CHECKING:
    from benchmarks.frame.plan import Plan

ANSWERED = "answer: "

WINDOW = f"""
import sys
from desktop_app.core.settings import SettingsStore
from desktop_app.workers.classify import session
from desktop_app.workers.classify.messages import ItemState

def on_item_changed(item):
    if item.state is ItemState.ANSWERED:
        print("{ANSWERED}" + item.answer.prediction.labels[0].label, flush=True)

def watched(self, *words):
    made(self, *words)
    self.item_changed.connect(on_item_changed)

def load(self):
    settings = loaded(self)
    self.override(model_id="{EVERYDAY_ID}")
    return settings

made, session.ClassifySession.__init__ = session.ClassifySession.__init__, watched
loaded, SettingsStore.load = SettingsStore.load, load
from desktop_app.cli import main
main([sys.argv[1]])
"""
"""The app itself, which reports when its window gets the prediction."""

BARE = f"""
import sys
import tensorflow as tf
import numpy as np
model = tf.keras.models.load_model(sys.argv[2])
picture = tf.keras.utils.load_img(sys.argv[1], target_size=model.input_shape[1:3])
answer = model.predict(np.expand_dims(tf.keras.utils.img_to_array(picture), 0), verbose=0)
print("{ANSWERED}" + sys.argv[3].split(",")[answer[0].argmax()], flush=True)
"""


def measure(plan: Plan) -> list[Figure]:
    """Start all three by turns; each has to name the same label."""
    picture = paths.resources() / "samples" / "cat.jpg"
    entry = Library.default().get(EVERYDAY_ID)
    assert entry.card is not None
    labels = ",".join(each.label for each in entry.card.classes)
    answered = f"{ANSWERED}cat"
    command = [sys.executable, "-m", "desktop_app", "classify", "--model", EVERYDAY_ID, picture]
    bare = [sys.executable, "-c", BARE, picture, entry.weights, labels]
    seconds = take_turns(
        {
            "window": lambda: seconds_until(answered, [sys.executable, "-c", WINDOW, picture]),
            "command": lambda: seconds_until(f"{picture}", command),
            "bare": lambda: seconds_until(answered, bare),
        },
        plan.runs,
    )
    script = "script with `import tensorflow`, load, predict"
    return [
        Figure(
            f"{where}: start to first answer of Everyday",
            script,
            own=tuple(seconds[way]),
            other=tuple(seconds["bare"]),
            goal=Goal(1.15),
            note=note,
        )
        for way, where, note in (
            (
                "window",
                "window",
                "Sightline paints a window before, and asks the network about the mirrored picture too.",
            ),
            ("command", "`sightline classify`", "Sightline asks the network about the mirrored picture too."),
        )
    ]


if __name__ == "__main__":
    as_module("first_answer")
