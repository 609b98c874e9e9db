"""What a network's first BatchNormalization kept of its training may contradict its scaling layers."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.core.images.sample_pictures import read_pictures, sample_files
from desktop_app.core.library.exchange.importing import PixelsNeeded, Wishes, import_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.store import Library
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.preprocessing import fit_to_input, preprocess

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

SIDE = 32


@pytest.fixture(scope="module")
def photographs():
    spec = InputSpec(height=SIDE, width=SIDE)
    return np.stack([fit_to_input(pixels, spec) for _, pixels in read_pictures(sample_files(), 128)])


def saved(path, photographs, trained, *, scaling=None, nested=False, settled=True, **options):
    """Save a network whose first BatchNormalization saw photographs prepared in some way."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    picture = keras.Input((SIDE, SIDE, 3))
    scaled = (scaling or layers.Rescaling(1 / 255))(picture)
    convolution = layers.Conv2D(8, 3, padding="same", strides=2, **options)
    normal = layers.BatchNormalization()
    inside = keras.Input((SIDE, SIDE, 3))
    body = keras.Model(inside, layers.ReLU()(normal(convolution(inside))))
    values = body(scaled) if nested else layers.ReLU()(normal(convolution(scaled)))
    values = layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(values))
    model = keras.Model(picture, values)
    if settled:
        given = preprocess(photographs, trained, 3)
        found = convolution(model.layers[1](given)).numpy()
        normal.moving_mean.assign(found.mean((0, 1, 2)))
        normal.moving_variance.assign(found.var((0, 1, 2)))
    model.save(path)
    return path


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("trained", ["none", "unit", "symmetric"])
def test_pixels_that_were_scaled_twice_are_noticed(tmp_path, photographs, trained, nested):
    path = saved(tmp_path / "m.keras", photographs, trained, nested=nested, use_bias=nested)
    scaling = inspect_archive(path).scaling
    assert scaling.likely == "none"
    assert (scaling.decided, scaling.contradicted) == (
        trained == "none",
        None if trained == "none" else trained,
    )


@pytest.mark.parametrize("trained", ["none", "unit"])
def test_also_where_a_constant_is_left(tmp_path, photographs, trained):
    import keras

    variance = [value**2 * 255**2 for value in (0.229, 0.224, 0.225)]
    layer = keras.layers.Normalization(mean=[124.0, 116.0, 104.0], variance=variance)
    scaling = inspect_archive(saved(tmp_path / "m.keras", photographs, trained, scaling=layer)).scaling
    assert (scaling.decided, scaling.contradicted) == (
        trained == "none",
        None if trained == "none" else trained,
    )


def test_pictures_with_little_contrast_are_no_contradiction(tmp_path, photographs):
    pale = (photographs // 4 + 180).astype(np.uint8)
    assert inspect_archive(saved(tmp_path / "m.keras", pale, "none")).scaling.decided


def test_networks_that_were_never_trained_or_activate_first_are_decided_by_their_layers(
    tmp_path, photographs
):
    for options in ({"settled": False}, {"activation": "relu"}):
        assert inspect_archive(saved(tmp_path / "m.keras", photographs, "unit", **options)).scaling.decided


def test_the_import_asks_then(tmp_path, photographs):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    path = saved(tmp_path / "m.keras", photographs, "unit")
    wishes = Wishes(labels=["a", "b", "c"])
    with pytest.raises(PixelsNeeded, match=r"m\.keras contradicts itself") as needed:
        import_model(library, path, wishes, cancel=NEVER)
    first, second = needed.value.choices[:2]
    assert (first.preprocessing, first.likely) == ("unit", True)
    assert (second.preprocessing, second.likely) == ("none", False)
    assert library.find("m") is None
    for pixels in ("unit", "none"):
        wishes = Wishes(labels=["a", "b", "c"], preprocessing=pixels)
        assert import_model(library, path, wishes, cancel=NEVER).input.preprocessing == pixels
