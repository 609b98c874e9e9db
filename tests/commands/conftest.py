"""A fit that trains nothing, and a small data set."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PIL import Image

from desktop_app.core import training
from tests.commands.fake_fit import FakeFit


@pytest.fixture
def fit(monkeypatch):
    fake = FakeFit()
    monkeypatch.setattr(training, "fit", SimpleNamespace(train=fake.train, resume=fake.resume), raising=False)
    return fake


@pytest.fixture
def pets(tmp_path):
    """Six pictures in two classes, and a file that is not a picture."""
    folder = tmp_path / "pets"
    for label, name in enumerate(("cats", "dogs")):
        (folder / name).mkdir(parents=True)
        for number in range(3):
            colour = (40 * number, 200 * label, 99)
            Image.new("RGB", (20, 20 + number), colour).save(folder / name / f"{number}.png")
    (folder / "cats" / "bad.jpg").write_bytes(b"not a picture")
    return folder
