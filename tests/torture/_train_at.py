"""Trains in homes and on folders with odd names, for `paths`; prints the number of each."""

from __future__ import annotations

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.text import printable
from desktop_app.core.images.decoding.decode import read_image
from desktop_app.core.library.store import Library
from desktop_app.core.training import fit
from desktop_app.core.training.loop.control import TrainingControl
from desktop_app.core.training.records.events import EpochEnded
from desktop_app.core.training.runs.store import RunStore
from tests.core.training.tiny import make_data, tiny_config
from tests.torture.paths import odd_name


def check(folder: Path, number: int) -> None:
    """Train in one home, on one folder."""
    name = os.fsdecode(odd_name(number))
    os.environ["SIGHTLINE_HOME"] = str(folder / "home" / name)
    data = _make_odd_data(folder, name)
    before = _listed(data)
    control = TrainingControl()

    def interrupt(event: object) -> None:
        if isinstance(event, EpochEnded):
            control.interrupt()

    config = tiny_config(data, name=f"model {number}", epochs=2, dropout=0.0)
    result = fit.train(config, interrupt, control.token, make_executor=ThreadPoolExecutor)
    assert result.status == "interrupted", f"{name!r}: {result.reason.sentence}"
    [entry] = RunStore.default().list()
    assert entry.record.config.data == data, f"{name!r} became {entry.record.config.data!r}"
    result = fit.resume(
        result.run_id, lambda _event: None, TrainingControl().token, make_executor=ThreadPoolExecutor
    )
    assert result.status == "finished", f"{name!r}: {result.reason.sentence}"
    assert _listed(data) == before, f"{name!r}: something was written into the data"
    _require_an_answer(str(result.model_id), data)


def _make_odd_data(folder: Path, name: str) -> Path:
    """Make a folder with an odd name, of odd classes with odd pictures, in which nothing may be written."""
    data = make_data(folder / "data" / name, count=8)
    (data / "class 0").rename(data / name)
    picture = data / name / "0.png"
    picture.rename(picture.with_name(os.fsdecode(os.fsencode(name)[:251]) + ".png"))
    for place in (data / name, data / "class 1", data):
        place.chmod(0o555)
    return data


def _listed(data: Path) -> list[tuple[Path, int]]:
    return sorted((path, path.stat().st_mtime_ns) for path in [data, *data.rglob("*")])


def _require_an_answer(model_id: str, data: Path) -> None:
    """Load the model again; it knows the classes by names that can be shown."""
    classifier = load_classifier(model_id, Library.default())
    labels = {entry.label for entry in classifier.card.classes}
    assert labels == {printable(path.name)[:200] for path in data.iterdir()}, labels
    pictures = [read_image(path) for path in data.rglob("*.png")]
    for answer in classifier.predict(pictures):
        assert {entry.label for entry in answer.labels} == labels


if __name__ == "__main__":
    for text in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="sightline-at-") as place:
            check(Path(place), int(text))
        print(text, flush=True)
