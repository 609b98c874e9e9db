"""A folder's pictures are classified, or the self-test says why not."""

from __future__ import annotations

import dataclasses

import pytest
from PIL import Image

from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation import paths
from desktop_app.core.health.checks import CheckFailed
from desktop_app.core.health.folder_job import work_on_folder
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model

pytestmark = pytest.mark.engine


@pytest.fixture
def classifier():
    install_colour_model(Library.default())
    return load_classifier("colours", Library.default())


@pytest.fixture
def expected(classifier, tmp_path):
    found = {}
    for name, colour in (("red", (250, 0, 0)), ("blue", (0, 0, 250))):
        path = tmp_path / f"{name}.png"
        Image.new("RGB", (16, 16), colour).save(path)
        (found[path],) = classifier.predict([load_source(FileSource(path))])
    return found


def test_the_same_answers(tmp_path, classifier, expected):
    sentence = work_on_folder(tmp_path / "a folder", classifier, expected)
    assert sentence == "A folder with 2 pictures was classified, with the same predictions."
    assert not list(paths.jobs().glob("*.job"))


def test_another_answer(tmp_path, classifier, expected):
    red, blue = expected
    wrong = {red: expected[blue], blue: expected[blue]}
    with pytest.raises(CheckFailed, match="got other labels than each one alone"):
        work_on_folder(tmp_path / "a folder", classifier, wrong)


def test_a_picture_that_cannot_be_read(tmp_path, classifier, expected):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    (prediction, *_) = expected.values()
    with pytest.raises(CheckFailed, match="1 couldn't be read"):
        work_on_folder(tmp_path / "a folder", classifier, expected | {bad: dataclasses.replace(prediction)})
