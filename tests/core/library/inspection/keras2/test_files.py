"""Files that Keras 2 itself wrote give its own answers after their translation, to 1e-6."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras2.translation import needs_translation, translate

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

FOLDER = Path(__file__).parent / "files"
ANSWERS = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
with zipfile.ZipFile(FOLDER / "models.zip") as _archive:
    FILES = sorted(_archive.namelist())


def pictures(shape):
    """The pictures of `files/write.py`."""
    count = 2 * int(np.prod(shape))
    return (np.arange(count) * 7 % 11 / 10.0).reshape((2, *shape)).astype("float32")


def test_both_formats_are_there():
    assert {Path(name).stem for name in FILES} == ANSWERS.keys()
    assert {Path(name).suffix for name in FILES} == {".h5", ".keras"}


@pytest.mark.parametrize("name", FILES)
def test_the_answers_are_those_of_the_keras_that_wrote_it(tmp_path, name):
    with zipfile.ZipFile(FOLDER / "models.zip") as archive:
        archive.extract(name, tmp_path)
    target = tmp_path / "translated.keras"
    assert needs_translation(tmp_path / name)
    version = translate(tmp_path / name, target, NEVER)
    assert version.startswith("3." if name.startswith("keras3") else "2.15.")
    expected = ANSWERS[Path(name).stem]
    answers = load_checked_model(target)(pictures(expected["shape"]), training=False)
    assert np.ptp(expected["answers"], axis=0).max() > 1e-4  # the pictures make a difference
    np.testing.assert_allclose(np.asarray(answers), expected["answers"], rtol=0, atol=1e-6)
