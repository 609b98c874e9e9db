"""A network answers under each choice of pixel values, and its first BatchNormalization tells which fit."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify import pixel_trial
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.pixel_trial import try_pixels
from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.images.sample_pictures import read_pictures, sample_files
from desktop_app.core.library.card import ClassLabel
from desktop_app.core.library.pixel_choices import BY_NAME, Clue
from desktop_app.core.networks.pixels import PIXEL_WORDS
from desktop_app.core.networks.preprocessing import fit_to_input, preprocess
from tests.tiny_model import colour_card

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def photographs():
    return [pixels for _, pixels in read_pictures(sample_files(), 128)]


def network(final="softmax", channels=3):
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((16, 16, channels)),
            layers.Conv2D(8, 3),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation=final),
        ],
        name="my model",
    )


def trained_on(model, pixels, pictures):
    """Give the BatchNormalization the statistics that other pictures, so prepared, would have left."""
    rotated = np.stack([fit_to_input(np.rot90(each), colour_card().input, "squash") for each in pictures])
    values = model.layers[0](preprocess(np.repeat(np.repeat(rotated, 2, 1), 2, 2), pixels, 3)).numpy()
    gamma, beta, _, _ = model.layers[1].get_weights()
    model.layers[1].set_weights([gamma, beta, values.mean((0, 1, 2)), values.var((0, 1, 2)) * 1.3])


def card(channels=3):
    spec = {"height": 16, "width": 16, "channels": channels}
    return colour_card().changed(input=colour_card().input.model_dump() | spec)


@pytest.mark.parametrize("pixels", ["none", "unit", "symmetric", "vgg19", "imagenet"])
def test_the_statistics_tell_which_pixels_it_saw(tmp_path, photographs, pixels):
    model = network()
    trained_on(model, pixels, photographs)
    model.save(tmp_path / "m.keras")
    trial = try_pixels(tmp_path / "m.keras", card(), [], photographs, NEVER)
    assert (trial.choices[0].preprocessing, trial.choices[0].likely) == (pixels, True)
    assert "trained on" in trial.choices[0].reasons[0]


def test_what_it_was_trained_on_counts_more_than_how_it_is_built(tmp_path, photographs):
    model = network()
    trained_on(model, "unit", photographs)
    model.save(tmp_path / "m.keras")
    clues = [Clue("vgg19", BY_NAME, "It is built like VGG.")]
    trial = try_pixels(tmp_path / "m.keras", card(), clues, photographs, NEVER)
    assert [(each.preprocessing, each.likely) for each in trial.choices[:2]] == [
        ("unit", True),
        ("vgg19", False),
    ]


def test_the_order_of_channels_is_no_reason_to_propose_nothing(tmp_path, photographs):
    grey = [np.repeat(each[..., :1], 3, -1) for each in photographs]
    model = network()
    trained_on(model, "none", grey)
    model.save(tmp_path / "m.keras")
    first = try_pixels(tmp_path / "m.keras", card(), [], grey, NEVER).choices[0]
    assert (first.preprocessing, first.likely) == ("none", True)


def test_a_network_that_estimates_numbers_has_no_classes_to_show(tmp_path, photographs):
    network(final=None).save(tmp_path / "m.keras")
    numbers = card().changed(task="regression")
    trial = try_pixels(tmp_path / "m.keras", numbers, [], photographs, NEVER)
    assert trial.answers == dict.fromkeys(PIXEL_WORDS, ())


def test_the_answers_are_those_that_it_will_give(tmp_path, photographs):
    model = network(final=None)
    model.save(tmp_path / "m.keras")
    clue = Clue("symmetric", 3, "It is built so.")
    trial = try_pixels(tmp_path / "m.keras", card(), [clue], photographs, NEVER)
    assert set(trial.answers) == set(PIXEL_WORDS)
    assert trial.choices[0].reasons == (clue.reason,)  # a network that was never trained tells nothing
    for pixels, answers in trial.answers.items():
        later = card().changed(input=card().input.model_dump() | {"preprocessing": pixels})
        plain = network(final=None)
        plain.name = "plain"
        expected = Classifier.of_keras(later, plain, "here").predict(photographs, top=1)
        assert [label for label, _ in answers] == [each.labels[0].label for each in expected]
        assert [share for _, share in answers] == pytest.approx(
            [each.labels[0].probability for each in expected], abs=1e-5
        )


def test_grey_networks_and_one_output_are_tried_too(tmp_path, photographs):
    import keras

    layers = [keras.Input((16, 16, 1)), keras.layers.GlobalAveragePooling2D()]
    keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")]).save(tmp_path / "m.keras")
    two = card(1).changed(
        classes=[ClassLabel(class_id=name, label=name).model_dump() for name in ("no", "yes")]
    )
    trial = try_pixels(tmp_path / "m.keras", two, [], photographs[:1], NEVER)
    assert set(trial.answers) == {"none", "unit", "symmetric"}
    assert all(label in {"no", "yes"} and share >= 0.5 for ((label, share),) in trial.answers.values())


def test_a_network_that_cannot_run_says_so(tmp_path, photographs, monkeypatch):
    network().save(tmp_path / "m.keras")
    monkeypatch.setattr(
        pixel_trial, "network_input", lambda pixels, *_: np.zeros((len(pixels), 2, 2, 3), "f4")
    )
    with pytest.raises(ModelError, match="Colours cannot classify pictures: "):
        try_pixels(tmp_path / "m.keras", card(), [], photographs, NEVER)


def test_cancelling_ends_it(tmp_path, photographs):
    network().save(tmp_path / "m.keras")
    cancel = CancelSource()
    cancel.cancel()
    with pytest.raises(Cancelled):
        try_pixels(tmp_path / "m.keras", card(), [], photographs, cancel.token)
