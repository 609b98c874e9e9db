"""Names that TensorFlow cannot take are replaced, and nothing else."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from desktop_app.core.classify.loader import check_answers
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled
from desktop_app.core.library.exchange.cleaning import write_clean
from desktop_app.core.library.exchange.importing import Wishes, import_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.store import Library
from tests.keras_file import plain_config, write_keras


def renamed_config(old, new):
    return json.loads(json.dumps(plain_config()).replace(f'"{old}"', f'"{new}"'))


def names_of(path):
    """Clean a file in its place; return the names that the copy has."""
    write_clean(path, path, NEVER)
    return inspect_archive(path).names


def test_plain_names_stay(tmp_path):
    path = write_keras(tmp_path / "m.keras")
    before = inspect_archive(path).names
    assert names_of(path) == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("my layer", "my_layer"),
        ("\\u00e9t\\u00e9", "ete"),
        ("\\u732b", "layer"),
        ("_hidden", "hidden"),
        ("a (1)", "a_1_"),
        ("flatten!", "flatten_"),
    ],
)
def test_a_name_is_replaced_wherever_it_stands(tmp_path, name, expected):
    path = write_keras(tmp_path / "m.keras", renamed_config("logits", name))
    assert expected in names_of(path)
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("config.json")) == renamed_config("logits", expected)


def test_two_names_do_not_become_one(tmp_path):
    config = json.loads(json.dumps(renamed_config("logits", "a b")).replace('"flatten"', '"a_b"'))
    path = write_keras(tmp_path / "m.keras", config)
    assert names_of(path) == ("network", "a_b", "a_b_2", "probabilities")


def test_cancelling_leaves_the_file(tmp_path):
    path = write_keras(tmp_path / "m.keras", renamed_config("logits", "a b"))
    data, cancel = path.read_bytes(), CancelSource()
    cancel.cancel()
    with pytest.raises(Cancelled):
        write_clean(path, path, cancel.token)
    assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_such_a_model_of_keras_is_imported_and_answers_as_before(tmp_path):
    import keras

    layers = keras.layers
    inner = keras.Sequential(
        [keras.Input((6, 6, 4)), layers.Conv2D(3, 3, name="zwei faltung")], name="d\u00e9j\u00e0 vu"
    )
    picture = keras.Input((8, 8, 3), name="my picture")
    convolved = layers.Conv2D(4, 3, name="\u00e9t\u00e9 1")(layers.Rescaling(1 / 255, name="r s")(picture))
    joined = layers.Add(name="a + b")([inner(convolved), inner(convolved)])
    states = layers.Bidirectional(layers.LSTM(2, name="l s t m"), name="b d")(
        layers.Reshape((16, 3), name="16 steps")(joined)
    )
    model = keras.Model(
        picture, layers.Dense(3, activation="softmax", name="out put")(states), name="mon mod\u00e8le"
    )
    path = tmp_path / "named.keras"
    model.save(path)
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    card = import_model(library, path, Wishes(labels=["a", "b", "c"]), check=check_answers, cancel=NEVER)
    stored = keras.models.load_model(library.get(card.id).weights, compile=False)
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 8, 8, 3)).astype("f4")
    np.testing.assert_array_equal(model(pixels, training=False), stored(pixels, training=False))
    assert stored.predict(pixels, verbose=0).shape == (2, 3)
