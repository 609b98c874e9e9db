from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.kinds.kind import Kind
from desktop_app.core.library.card import Calibration, ClassLabel, ModelCard
from desktop_app.core.library.feature_bank import FeatureBank
from desktop_app.core.library.store import Library
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.readings import softmax
from tests.feature_model import BLUE, GREEN, RED, feature_network, install_feature_model, red_and_green
from tests.tiny_model import CATS, COLOURS, colour_network

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


def plain(red, green, blue, height=4, width=6):
    return np.full((height, width, 3), (red, green, blue), np.uint8)


def test_names_the_right_class_with_its_id_and_probability():
    classifier = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")
    classifier.warm_up()
    answer = classifier.predict([plain(0, 0, 192)])[0]
    expected = softmax(np.array([[0.0, 0.0, 3.0]]))[0]
    assert (answer.top.label, answer.top.class_id, answer.top.rank) == ("blue", "id-blue", 1)
    assert answer.top.probability == pytest.approx(expected[2], abs=1e-6)
    assert sum(entry.probability for entry in answer.labels) == pytest.approx(1)


def test_answers_in_order_for_more_than_a_batch_of_any_size():
    classifier = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")
    classifier.warm_up()
    pictures = [plain(*np.roll((255, 0, 0), shift), 3 + shift, 50) for shift in range(3)] * 13
    answers = classifier.predict(pictures, top=1)
    assert [answer.top.label for answer in answers] == list(COLOURS) * 13
    assert all(len(answer.labels) == 1 for answer in answers)


def convolutions():
    """Build a network whose sums are long enough to differ when they are added up in another order."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    picture = features = keras.Input((32, 32, 3))
    for channels in (32, 64):
        features = layers.Conv2D(channels, 3, activation="relu")(features)
    features = layers.Dense(256, activation="relu")(layers.Flatten()(features))
    return keras.Model(picture, layers.Dense(3)(layers.BatchNormalization()(features)))


@pytest.mark.parametrize(
    ("count", "calls"), [(0, []), (1, [1]), (3, [3]), (4, [2, 2]), (7, [2, 2, 3]), (9, [2, 3, 3, 1])]
)
def test_a_network_with_large_features_answers_for_fewer_pictures_at_once(monkeypatch, count, calls):
    """In even parts, so that a picture of a batch is never computed as a single one is."""
    pixels = 4 * 6 * 3 * 4
    monkeypatch.setattr("desktop_app.core.inference.tensorflow_network.FEATURES_BYTES", 3 * 2 * pixels)
    classifier = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")
    run, sizes = classifier._run, []

    def note(pictures):
        sizes.append(len(pictures))
        return run(pictures)

    monkeypatch.setattr(classifier, "_run", note)
    pictures = [plain(number, 3, 50) for number in range(count)]
    assert classifier.outputs(pictures, 8).shape == (count, 3)
    assert sizes == calls


@pytest.mark.parametrize("warm", [True, False])
def test_threads_that_call_at_once_get_the_answers_that_they_get_alone(warm):
    card = make_card(input=InputSpec(height=32, width=32))
    network = convolutions()
    pictures = list(np.random.default_rng(0).integers(0, 256, (24, 32, 32, 3), np.uint8))
    alone = Classifier.of_keras(card, network, "CPU")
    singly = [alone.outputs([picture]) for picture in pictures]
    batches = [alone.outputs(pictures[number:], 8) for number in range(4)]
    classifier = Classifier.of_keras(card, network, "CPU")
    if warm:
        classifier.warm_up()
    start = threading.Barrier(4)

    def ask(number):
        start.wait(60)
        for turn in range(6):
            own = pictures[turn * 4 + number]
            np.testing.assert_array_equal(classifier.outputs([own]), singly[turn * 4 + number])
            np.testing.assert_array_equal(classifier.outputs(pictures[number:], 8), batches[number])

    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(ask, number) for number in range(4)]:
            each.result(60)


def test_no_call_waits_for_one_that_runs_already():
    import keras

    inside, others = threading.Event(), threading.Event()

    def hold(values):
        if len(values) > 1:  # only the batch
            inside.set()
            assert others.wait(60)
        return values

    class Held(keras.layers.Layer):
        def call(self, inputs):
            import tensorflow as tf

            return tf.ensure_shape(tf.numpy_function(hold, [inputs], tf.float32), inputs.shape)

    picture = keras.Input((4, 6, 3))
    means = keras.layers.GlobalAveragePooling2D()(Held()(keras.layers.Rescaling(1 / 64)(picture)))
    classifier = Classifier.of_keras(make_card(), keras.Model(picture, means), "CPU")
    classifier.warm_up()
    with ThreadPoolExecutor(1) as threads:
        batch = threads.submit(classifier.predict, [plain(0, 0, 192)] * 3)
        assert inside.wait(60)
        assert classifier.predict([plain(0, 192, 0)])[0].top.label == "green"
        others.set()
        assert [answer.top.label for answer in batch.result(60)] == ["blue"] * 3


def test_logits_are_turned_into_probabilities():
    with_softmax = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")
    with_logits = Classifier.of_keras(make_card(), colour_network(4, 6, "linear"), "CPU")
    for classifier in (with_softmax, with_logits):
        classifier.warm_up()
    picture = [plain(10, 90, 200)]
    wanted, given = (c.predict(picture)[0].labels for c in (with_softmax, with_logits))
    assert [entry.label for entry in given] == [entry.label for entry in wanted]
    assert [e.probability for e in given] == pytest.approx([e.probability for e in wanted], abs=1e-6)


def test_one_sigmoid_output_answers_for_two_classes():
    import keras

    picture = keras.Input((4, 6, 3))
    means = keras.layers.GlobalAveragePooling2D()(keras.layers.Rescaling(1 / 64, offset=-2)(picture))
    kernel = keras.initializers.Constant(1)
    output = keras.layers.Dense(1, activation="sigmoid", kernel_initializer=kernel)(means)
    classifier = Classifier.of_keras(make_card(("dark", "bright")), keras.Model(picture, output), "CPU")
    classifier.warm_up()
    dark, bright = classifier.predict([plain(0, 0, 0), plain(255, 255, 255)])
    assert (dark.top.label, bright.top.label) == ("dark", "bright")
    assert sum(entry.probability for entry in dark.labels) == pytest.approx(1)


def one_dense(activation, units=1, bias=0.0, dtype=None):
    """Build a network that ignores the picture and returns ``activation(bias)``."""
    import keras

    picture = keras.Input((4, 6, 3))
    features = keras.layers.GlobalAveragePooling2D()(picture)
    dense = keras.layers.Dense(
        units,
        activation=activation,
        kernel_initializer="zeros",
        bias_initializer=lambda shape, dtype: keras.ops.convert_to_tensor(
            np.broadcast_to(bias, shape), dtype=dtype
        ),
        dtype=dtype,
    )
    return keras.Model(picture, dense(features))


def answers_of(network, classes=COLOURS):
    classifier = Classifier.of_keras(make_card(classes), network, "CPU")
    classifier.warm_up()
    labels = classifier.predict([plain(10, 90, 200)], top=len(classes))[0].labels
    return {entry.label: entry.probability for entry in labels}


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0, 3.0])
def test_one_output_without_a_sigmoid_is_a_logit(value):
    answers = answers_of(one_dense(None, bias=value), ("no", "yes"))
    assert answers["yes"] == pytest.approx(1 / (1 + np.exp(-value)), abs=1e-6)
    assert answers_of(one_dense("sigmoid", bias=value), ("no", "yes")) == pytest.approx(answers, abs=1e-6)


def test_logits_that_look_like_probabilities_are_still_logits():
    answers = answers_of(one_dense(None, 3, [0.2, 0.3, 0.5]))
    expected = softmax(np.array([[0.2, 0.3, 0.5]]))[0]
    assert [answers[name] for name in COLOURS] == pytest.approx(expected, abs=1e-6)


def test_a_softmax_in_half_precision_is_not_taken_twice():
    classes = [f"class{number}" for number in range(200)]
    bias = np.zeros(200)
    bias[-1] = 3
    network = one_dense("softmax", 200, bias, dtype="mixed_bfloat16")
    raw = np.asarray(network(np.zeros((1, 4, 6, 3))), np.float64)
    assert abs(raw.sum() - 1) > 1e-3
    answers = answers_of(network, classes)
    assert sum(answers.values()) == pytest.approx(1)
    assert answers["class199"] == pytest.approx(softmax(bias[None])[0, -1], rel=0.02)


def test_several_sigmoids_share_their_sum():
    answers = answers_of(one_dense("sigmoid", 3, np.log([9.0, 1.0, 1 / 3])))  # 0.9, 0.5, 0.25
    expected = {"red": 0.9 / 1.65, "green": 0.5 / 1.65, "blue": 0.25 / 1.65}
    assert answers == pytest.approx(expected, abs=1e-6)


def test_the_mean_of_two_networks_is_recognised_by_its_answers():
    import keras

    picture = keras.Input((4, 6, 3))
    members = [one_dense("softmax", 3, np.log(values)) for values in ([0.6, 0.3, 0.1], [0.2, 0.3, 0.5])]
    mean = keras.layers.Average()([member(picture) for member in members])
    assert answers_of(keras.Model(picture, mean)) == pytest.approx(
        {"red": 0.4, "green": 0.3, "blue": 0.3}, abs=1e-6
    )
    logits = [one_dense(None, 3, values) for values in ([3.0, 2, 1], [1.0, 0, -1])]
    total = keras.layers.Average()([member(picture) for member in logits])
    expected = softmax(np.array([[2.0, 1.0, 0.0]]))[0]
    answers = answers_of(keras.Model(picture, total))
    assert [answers[name] for name in COLOURS] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("failure", ["InvalidArgumentError", "InternalError", "ValueError", "TypeError"])
def test_a_network_that_cannot_run_is_said_in_a_sentence(monkeypatch, failure):
    import tensorflow as tf

    classifier = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")
    kind = getattr(tf.errors, failure, None)
    text = "Incompatible shapes\nand where"
    error = (
        kind(None, None, text) if kind else {"ValueError": ValueError, "TypeError": TypeError}[failure](text)
    )

    def fail(pixels):
        raise error

    monkeypatch.setitem(classifier._network._compiled, "one", fail)
    with pytest.raises(
        ModelError, match=r"^Colours cannot classify pictures: Incompatible shapes\.$"
    ) as refusal:
        classifier.warm_up()
    assert refusal.value.advice


@pytest.mark.parametrize("failure", ["ResourceExhaustedError", "MemoryError"])
def test_too_little_memory_is_said_in_a_sentence(monkeypatch, failure):
    import tensorflow as tf

    classifier = Classifier.of_keras(make_card(), colour_network(4, 6), "CPU")

    def fail(pixels):
        raise (
            MemoryError if failure == "MemoryError" else tf.errors.ResourceExhaustedError(None, None, "full")
        )

    monkeypatch.setitem(classifier._network._compiled, "one", fail)
    with pytest.raises(ModelError, match="not enough memory to run Colours on CPU"):
        classifier.predict([plain(1, 2, 3)])


def test_a_size_that_the_layers_cannot_take_is_said_in_a_sentence():
    card = make_card(input=InputSpec(height=8, width=8))
    network = dense_on_pixels()
    with pytest.raises(ModelError, match=r"^Colours cannot classify pictures: .*incompatible with .*\.$"):
        Classifier.of_keras(card, network, "CPU").warm_up()


def dense_on_pixels():
    import keras

    return keras.Sequential([keras.Input((4, 6, 3)), keras.layers.Flatten(), keras.layers.Dense(3)])


def test_the_temperature_softens_and_the_threshold_says_not_sure():
    calibration = Calibration(temperature=10, not_sure_below=0.5)
    card = make_card(calibration=calibration)
    classifier = Classifier.of_keras(card, colour_network(4, 6), "CPU")
    classifier.warm_up()
    answer = classifier.predict([plain(0, 0, 192)])[0]
    assert answer.top.probability == pytest.approx(softmax(np.array([[0.0, 0.0, 0.3]]))[0, 2], abs=1e-6)
    assert not answer.sure


def test_grey_networks_see_luma():
    import keras

    card = make_card(("dark", "bright"), input=InputSpec(height=4, width=6, channels=1, preprocessing="unit"))
    picture = keras.Input((4, 6, 1))
    mean = keras.layers.GlobalAveragePooling2D()(picture)
    output = keras.layers.Concatenate()([keras.layers.Rescaling(-1, offset=1)(mean), mean])
    classifier = Classifier.of_keras(card, keras.Model(picture, output), "CPU")
    classifier.warm_up()
    answer = classifier.predict([plain(0, 255, 0)])[0]
    assert {entry.label: entry.probability for entry in answer.labels}["bright"] == pytest.approx(
        0.587, abs=1e-5
    )


def test_a_card_with_another_number_of_classes_is_refused():
    with pytest.raises(ModelError, match="has 3 outputs, but its card 2 classes"):
        Classifier.of_keras(make_card(("a", "b")), colour_network(4, 6), "CPU")


def test_an_answer_for_each_place_is_refused():
    import keras

    with pytest.raises(ModelError, match="has 4 x 6 x 3 outputs, but its card 3 classes"):
        Classifier.of_keras(
            make_card(), keras.Sequential([keras.Input((4, 6, 3)), keras.layers.ReLU()]), "CPU"
        )


def test_weights_that_are_not_numbers_are_refused():
    import keras

    picture = keras.Input((4, 6, 3))
    kernel = keras.initializers.Constant(float("nan"))
    features = keras.layers.GlobalAveragePooling2D()(picture)
    network = keras.Model(picture, keras.layers.Dense(3, kernel_initializer=kernel)(features))
    with pytest.raises(ModelError, match="not a number"):
        Classifier.of_keras(make_card(), network, "CPU").warm_up()


def test_a_mirrored_input_answers_with_the_mean_of_both_sides():
    import keras

    picture = keras.Input((4, 6, 3))
    left = keras.layers.Cropping2D(((0, 0), (0, 3)))(keras.layers.Rescaling(1 / 64)(picture))
    outputs = keras.layers.Softmax()(keras.layers.GlobalAveragePooling2D()(left))
    halves = np.hstack([plain(192, 0, 0, width=3), plain(0, 0, 192, width=3)])
    answers = []
    for mirrored in (False, True):
        card = make_card(input=InputSpec(height=4, width=6, mirrored=mirrored))
        classifier = Classifier.of_keras(card, keras.Model(picture, outputs), "CPU")
        classifier.warm_up()
        labels = classifier.predict([halves])[0].labels
        answers.append({entry.label: entry.probability for entry in labels})
    assert answers[0]["red"] > 0.9
    assert answers[1]["red"] == pytest.approx(answers[1]["blue"], abs=1e-6)
    assert answers[1]["red"] == pytest.approx((answers[0]["red"] + answers[0]["blue"]) / 2, abs=1e-6)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("count", [1, 3])
def test_both_views_are_answered_with_the_mean_of_their_outputs(mirrored, count):
    random = np.random.default_rng(5)
    pictures = [random.integers(0, 256, (40 + 9 * number, 60, 3), np.uint8) for number in range(count)]
    spec = InputSpec(height=32, width=32, fit="both", crop_share=0.5, mirrored=mirrored)
    classifier = Classifier.of_keras(make_card(input=spec), convolutions(), "CPU")
    alone = {
        fit: [classifier.outputs([classifier.prepare(picture, fit)])[0] for picture in pictures]
        for fit in ("squash", "crop")
    }
    both = classifier.outputs([classifier.prepare(picture) for picture in pictures])
    assert both.shape == (count, 3)
    means = [(squash + crop) / 2 for squash, crop in zip(*alone.values(), strict=True)]
    assert not np.allclose(*alone.values(), atol=1e-3)
    if count == 1:
        assert np.array_equal(both, means)
    np.testing.assert_allclose(both, means, rtol=1e-4, atol=1e-4)


def test_pictures_of_one_and_of_two_views_may_come_together():
    card = make_card(input=InputSpec(height=4, width=6))
    classifier = Classifier.of_keras(card, colour_network(4, 6), "CPU")
    halves = np.hstack([plain(192, 0, 0, width=3), plain(0, 0, 192, width=3)])
    squash, both = (classifier.prepare(halves, fit) for fit in ("squash", "both"))
    together = classifier.outputs([both, squash, both])
    np.testing.assert_allclose(together, np.stack([classifier.outputs([squash])[0]] * 3), atol=1e-6)


def with_bank(**changes):
    card = make_card(input=InputSpec(height=8, width=8, **changes))
    return Classifier.of_keras(card, feature_network(), "CPU", red_and_green())


@pytest.mark.parametrize("changes", [{}, {"mirrored": True}, {"fit": "both"}])
def test_a_picture_unlike_the_training_pictures_is_called_so(changes):
    classifier = with_bank(**changes)
    classifier.warm_up()
    red, green, blue = classifier.predict([plain(*RED, 8, 8), plain(*GREEN, 8, 8), plain(*BLUE, 8, 8)])
    assert [red.unlike, green.unlike, blue.unlike] == [False, False, True]
    assert red.distance < 1 < blue.distance
    assert (blue.top.label, blue.sure) == ("blue", True)
    assert "times the limit" in blue.distance_sentence


def test_single_pictures_and_batches_agree_on_what_is_unlike():
    classifier = with_bank()
    pictures = [plain(*colour, 8, 8) for colour in (RED, BLUE, (128, 128, 128))]
    single = [classifier.predict([picture])[0] for picture in pictures]
    for alone, together in zip(single, classifier.predict(pictures), strict=True):
        assert together.distance == pytest.approx(alone.distance, rel=1e-3)
        assert together.labels[0].probability == pytest.approx(alone.labels[0].probability)


def test_the_bank_changes_no_probability_and_takes_no_second_call():
    plainly = Classifier.of_keras(make_card(input=InputSpec(height=8, width=8)), feature_network(), "CPU")
    classifier = with_bank()
    calls = []
    function = classifier._network.function
    classifier._network.function = lambda name: calls.append(name) or function(name)
    picture = plain(20, 40, 90, 8, 8)
    outputs = classifier.outputs([picture])
    assert (outputs.shape, calls) == ((1, 4), ["one"])
    np.testing.assert_allclose(
        classifier.probabilities(outputs), plainly.probabilities(plainly.outputs([picture]))
    )
    assert classifier.outputs([]).shape == (0, 4)
    assert plainly.predict([picture])[0].distance is None
    assert not plainly.predict([picture])[0].unlike
    assert plainly.predict([picture])[0].distance_sentence == ""


@pytest.mark.parametrize("name", ["features", "others"])
def test_a_bank_that_does_not_fit_the_network_is_refused(name):
    bank = FeatureBank(np.eye(4, dtype=np.float32), 1, 0.5) if name == "features" else red_and_green()
    card = make_card(input=InputSpec(height=8, width=8))
    with pytest.raises(ModelError, match="does not give the features"):
        Classifier.of_keras(card, feature_network(name), "CPU", bank)


def test_an_installed_model_brings_its_bank(tmp_path):
    library = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    install_feature_model(library)
    assert load_classifier("colours", library).predict([plain(*BLUE, 8, 8)])[0].unlike


def test_classes_of_imagenet_are_summed_over_their_kind():
    card = make_card()
    classes = [ClassLabel(class_id=class_id, label=label) for class_id, label in CATS.items()]
    classifier = Classifier.of_keras(
        card.model_copy(update={"classes": classes}), colour_network(4, 6), "CPU"
    )
    cat, dog, plain_model = (
        classifier.predict([plain(192, 192, 0)], top=1)[0],
        classifier.predict([plain(0, 0, 255)])[0],
        Classifier.of_keras(card, colour_network(4, 6), "CPU").predict([plain(192, 192, 0)])[0],
    )
    assert cat.kind == Kind("cat", pytest.approx(2 * cat.top.probability), 2, first=True)
    assert cat.name == "cat"
    assert (dog.name, dog.kind) == ("golden retriever", None)
    assert plain_model.kind is None
