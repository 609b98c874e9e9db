"""Answers of published kinds of networks are Keras's own for the published preparation of the pictures."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.zoo_models.settling import settle, views
from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.images.sample_pictures import read_pictures, sample_files
from desktop_app.core.library.card import ClassLabel
from desktop_app.core.networks.preprocessing import fit_to_input
from tests.tiny_model import colour_card

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    # Keras reads TensorFlow's variables in a way that NumPy 2 frowns upon.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

CLASSES = 5
MODELS = [
    ("MobileNet", "mobilenet", "symmetric", {"alpha": 0.25}),
    ("MobileNet", "mobilenet", "symmetric", {"alpha": 0.5}),
    ("MobileNetV2", "mobilenet_v2", "symmetric", {"alpha": 0.35}),
    ("MobileNetV2", "mobilenet_v2", "symmetric", {"alpha": 0.5}),
    ("MobileNetV3Small", "mobilenet_v3", "none", {}),
    ("MobileNetV3Large", "mobilenet_v3", "none", {"alpha": 0.75}),
    ("Xception", "xception", "symmetric", {"input_shape": (71, 71, 3)}),
    ("Xception", "xception", "symmetric", {"input_shape": (80, 80, 3)}),
    ("InceptionV3", "inception_v3", "symmetric", {"input_shape": (75, 75, 3)}),
    ("InceptionResNetV2", "inception_resnet_v2", "symmetric", {"input_shape": (75, 75, 3)}),
    ("NASNetMobile", "nasnet", "symmetric", {}),
    ("ResNet50", "resnet", "vgg19", {}),
    ("ResNet50", "resnet", "vgg19", {"input_shape": (64, 64, 3)}),
    ("ResNet50V2", "resnet_v2", "symmetric", {}),
    ("ResNet50V2", "resnet_v2", "symmetric", {"input_shape": (64, 64, 3)}),
    ("VGG16", "vgg16", "vgg19", {}),
    ("VGG19", "vgg19", "vgg19", {}),
    ("DenseNet121", "densenet", "imagenet", {}),
    ("DenseNet121", "densenet", "imagenet", {"input_shape": (64, 64, 3)}),
    ("EfficientNetB0", "efficientnet", "none", {}),
    ("EfficientNetB1", "efficientnet", "none", {}),
    ("EfficientNetV2B0", "efficientnet_v2", "none", {}),
    ("EfficientNetV2B1", "efficientnet_v2", "none", {}),
    ("ConvNeXtTiny", "convnext", "none", {}),
]


@pytest.fixture(scope="module")
def photographs():
    return [pixels for _, pixels in read_pictures(sample_files(), 128)]


def network(name, options):
    """Make one without its classes, since some of them are large, and give it its own."""
    import keras

    keras.utils.set_random_seed(1)
    options = {"input_shape": (32, 32, 3)} | options
    base = getattr(keras.applications, name)(include_top=False, weights=None, pooling="avg", **options)
    return keras.Model(base.input, keras.layers.Dense(CLASSES, activation="softmax")(base.output))


@pytest.mark.parametrize(("name", "module", "pixels", "options"), MODELS)
def test_the_published_preparation(photographs, name, module, pixels, options):
    import keras

    published = getattr(keras.applications, module).preprocess_input
    model = network(name, options)
    height, width, _ = model.input_shape[1:]
    spec = {"height": height, "width": width, "preprocessing": pixels}
    classes = [ClassLabel(class_id=str(number), label=str(number)).model_dump() for number in range(CLASSES)]
    card = colour_card().changed(input=colour_card().input.model_dump() | spec, classes=classes)
    prepared = [fit_to_input(picture, card.input) for picture in photographs]
    given = published(np.stack(prepared).astype(np.float32))
    settle(model, published(views(photographs, height, 48).astype(np.float32)))
    expected = np.asarray(model(given, training=False))
    assert np.abs(expected - expected.mean(axis=0)).max() > 0.01  # they tell the pictures apart
    classifier = Classifier.of_keras(card, model, "here")
    found = classifier.probabilities(classifier.outputs(prepared))
    keras.backend.clear_session()
    assert np.abs(found - expected).max() <= 1e-4
