"""Takes the README's picture of a training: ``python packaging/draw_training.py``; needs no display.

The data are random sections of sample pictures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.core.foundation import paths
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.library.store import Library
from desktop_app.core.settings import SettingsStore
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import BatchEnded, Finished, TrainingEvent
from desktop_app.core.training.runs.store import RunStore
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.ui.desktop import Desktop

CLASSES = ("bird", "cat", "dog", "frog", "horse")
PICTURES = 160
"""Pictures of each class."""
SHOWN = (18, 6)
"""Epoch and batch at which the picture is taken."""


def draw_data(folder: Path) -> None:
    """Cut random sections out of the sample pictures, blurred and in other colours, to make it hard."""
    random = np.random.default_rng(3)
    samples = {path.stem: path for path in find_pictures(paths.resources() / "samples")}
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        with Image.open(samples[name]) as opened:
            sample = opened.convert("RGB")
        for number in range(PICTURES):
            side = int(random.integers(150, 300))
            left, top = (int(random.integers(0, length - side)) for length in sample.size)
            section = sample.crop((left, top, left + side, top + side)).resize((96, 96))
            noise = random.normal(0, 15, (96, 96, 3)) + random.normal(0, 25, 3)
            pixels = np.clip(np.asarray(section, np.float32) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02d}.jpg", quality=85)


def main() -> None:
    """Train in a window that nobody sees, and take its picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("output", type=Path, help="PNG file")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-") as temporary:
        folder = Path(temporary)
        os.environ["SIGHTLINE_HOME"] = str(folder / "home")
        draw_data(folder / "animals")
        application = QApplication(sys.argv[:1])
        store = SettingsStore(folder / "settings.json")
        store.override(theme=options.theme)
        desktop = Desktop(Library.default(), store, RunStore.default())

        # Not the pretrained network, whose curves end before anybody has read them.
        values = catalogue.get("two-block-cnn").defaults(len(CLASSES) * PICTURES, len(CLASSES))
        config = TrainingConfig(data=folder / "animals", recipe="two-block-cnn", hyperparameters=values)

        def start() -> None:
            desktop.training.start(config)

        def on_event(event: TrainingEvent) -> None:
            if isinstance(event, Finished):
                sys.exit(event.result.reason.text)
            if isinstance(event, BatchEnded) and (event.epoch, event.step) >= SHOWN:
                desktop.training.event_arrived.disconnect(on_event)
                QTimer.singleShot(200, take)

        def take() -> None:
            desktop.window.grab().save(str(options.output))
            desktop.training.cancel()
            desktop.window.end()
            application.quit()

        desktop.training.scan_ended.connect(lambda _report: QTimer.singleShot(500, start))
        desktop.training.event_arrived.connect(on_event, Qt.ConnectionType.QueuedConnection)
        desktop.open([])
        desktop.window.resize(1200, 800)
        pane = desktop.window.show_train_pane()
        pane.repeat(config)
        application.exec()
        desktop.shutdown(10)


if __name__ == "__main__":
    main()
