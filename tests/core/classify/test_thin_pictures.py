"""Pictures that are many times as long as wide."""

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.prediction import PartSeen
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.networks.input_spec import InputSpec
from tests.feature_model import BLUE, GREEN, feature_network, red_and_green
from tests.tiny_model import COLOURS, colour_network

pytestmark = pytest.mark.engine


def make_card(classes=COLOURS, **changes):
    return ModelCard(
        id="colours",
        name="Colours",
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=f"id-{name}", label=name) for name in classes],
        input=changes.pop("input", InputSpec(height=4, width=6)),
        **changes,
    )


def with_bank(**changes):
    card = make_card(input=InputSpec(height=8, width=8, **changes))
    return Classifier.of_keras(card, feature_network(), "CPU", red_and_green())


def plain(red, green, blue, height=4, width=6):
    return np.full((height, width, 3), (red, green, blue), np.uint8)


def panorama():
    """A wide picture of eight fields: grey, but for a blue one, the sixth."""
    fields = (
        [plain(100, 100, 100, 40, 60)] * 5 + [plain(0, 0, 255, 40, 60)] + [plain(100, 100, 100, 40, 60)] * 2
    )
    return np.concatenate(fields, axis=1)


@pytest.mark.parametrize("company", [0, 2])
def test_the_best_part_of_a_thin_picture_is_named(company):
    card = make_card(input=InputSpec(height=4, width=6, thin="parts", fit="both"))
    classifier = Classifier.of_keras(card, colour_network(4, 6), "CPU")

    *others, thin = classifier.predict([plain(255, 0, 0)] * company + [panorama()])

    assert thin.top.label == "blue"
    assert thin.part == PartSeen(6, 8)
    assert "(part 6 of 8, from the left or top)" in thin.sentence
    assert [(other.top.label, other.part) for other in others] == [("red", None)] * company
    alone = classifier.predict([plain(0, 0, 255)])[0].top.probability
    assert thin.top.probability == pytest.approx(alone, abs=0.01)


def test_a_part_like_the_training_pictures_goes_before_one_that_is_not():
    classifier = with_bank(thin="parts")
    fields = [plain(*BLUE, 40, 40)] * 5 + [plain(*GREEN, 40, 40)]

    thin = classifier.predict([np.concatenate(fields, axis=1)])[0]

    assert thin.part == PartSeen(6, 6)
    assert not thin.unlike


def test_a_model_that_knows_thin_pictures_sees_them_whole():
    card = make_card(input=InputSpec(height=4, width=6))

    assert Classifier.of_keras(card, colour_network(4, 6), "CPU").predict([panorama()])[0].part is None


def test_what_is_prepared_is_not_cropped_again():
    card = make_card(input=InputSpec(height=4, width=4, fit="crop", crop_share=0.5))
    classifier = Classifier.of_keras(card, colour_network(4, 4), "CPU")
    target = plain(255, 0, 0, 16, 16)
    target[4:12, 4:12] = (0, 0, 255)
    target[6:10, 6:10] = (0, 255, 0)
    prepared = classifier.prepare(target)
    (cropped_once,) = classifier.predict_prepared([prepared])
    assert classifier.predict([target]) == [cropped_once]
    assert cropped_once.top.label == "blue"
