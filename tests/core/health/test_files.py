"""What ships with the app and is missing is named."""

from __future__ import annotations

import shutil

import pytest

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import DamagedInstallation, SightlineError
from desktop_app.core.health.files import SAMPLES, check_files
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.service.pages import read_page


@pytest.fixture
def resources(tmp_path, monkeypatch):
    """A copy of what ships with the app, to be damaged."""
    folder = tmp_path / "resources"
    shutil.copytree(paths.resources(), folder)
    monkeypatch.setattr(paths, "bundled", lambda _name: folder)
    read_page.cache_clear()
    yield folder
    read_page.cache_clear()


def test_all_is_there(resources):
    sentence = check_files(resources / "samples")
    assert sentence.startswith("1,000 class names, ")


@pytest.mark.parametrize(
    "place",
    [
        "imagenet_labels.csv",
        "wordnet/tree.csv",
        "wordnet/kinds.csv",
        "service/index.html",
        "service/ask.js",
        "icons/sightline.svg",
        "keras/keras.json",
    ],
)
def test_something_is_missing(resources, place):
    (resources / place).unlink()
    with pytest.raises((OSError, SightlineError)) as caught:
        check_files(resources / "samples")
    assert str(resources / place) in str(caught.value)


def test_a_sample_is_missing(resources):
    (resources / "samples" / "cat.jpg").unlink()
    (resources / "samples" / "drawn" / "ship.jpg").unlink()
    with pytest.raises(DamagedInstallation, match=r": cat\.jpg, drawn/ship\.jpg\."):
        check_files(resources / "samples")


def test_every_sample_is_looked_for():
    folder = paths.resources() / "samples"
    assert [folder / name for name in SAMPLES] == list(find_pictures(folder))
