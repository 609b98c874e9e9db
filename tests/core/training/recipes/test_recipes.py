"""What holds for every network: it can be built, trained, used, saved, loaded and reproduced."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.card import ClassLabel, ModelCard
from desktop_app.core.library.inspection.keras.loading import load_checked_model
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.vgg19 import layout as vgg19_layout
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.outputs import output_kind
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.settings.option import OptionError
from desktop_app.core.training.settings.options import OPTIONS

SIZES = (1, 100, 480, 8_000, 50_000, 1_000_000)
every_recipe = pytest.mark.parametrize("recipe", catalogue.RECIPES, ids=lambda recipe: recipe.recipe_id)


@pytest.fixture(autouse=True)
def narrow_vgg19(monkeypatch):
    """Make VGG19 narrow; its true width is looked at with its layers."""
    monkeypatch.setattr(vgg19_layout, "BLOCKS", ((3, 2), (4, 2), (5, 4), (6, 4), (7, 4)))


def small(recipe, classes=2, **changes):
    """The smallest network of a recipe, without weights from elsewhere."""
    changes = {"input_size": int(recipe.ranges["input_size"][0]), "units": 8, **changes}
    if "random_weights" in recipe.uses:
        changes["random_weights"] = True
    return recipe.defaults(100, classes).changed(changes)


def pictures(values, recipe, count=4):
    """Pixel noise from 0 to 255."""
    shape = (count, values.input_size, values.input_size, recipe.channels)
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)


def labels(network, count=4):
    """The targets that a loss compares a network's output with."""
    classes = network.output_shape[-1]
    wanted = np.arange(count) % max(2, classes)
    return wanted[:, None].astype("f4") if classes == 1 else np.eye(classes, dtype="f4")[wanted]


def test_every_recipe_can_be_found():
    assert [recipe.recipe_id for recipe in catalogue.RECIPES] == [
        "pretrained", "cats-dogs-cnn", "two-block-cnn", "digits-cnn", "mlp", "row-rnn", "resnet-small",
    ]  # fmt: skip
    for recipe in catalogue.RECIPES:
        assert catalogue.get(recipe.recipe_id) is recipe


def test_an_unknown_recipe_is_answered_with_the_known_ones():
    with pytest.raises(SightlineError, match=r"^There is no recipe 'vgg'\.$") as error:
        catalogue.get("vgg")
    assert "digits-cnn, mlp" in error.value.advice


@every_recipe
def test_a_card_can_be_drawn_of_it(recipe):
    assert recipe.summary.endswith(".")
    assert len(recipe.summary) <= 100
    assert recipe.origin
    assert 5 <= len(recipe.sketch) <= 9
    assert (recipe.sketch[0].kind, recipe.sketch[-1].kind) == ("input", "output")
    assert all(len(block.label) <= 12 for block in recipe.sketch)


@every_recipe
def test_only_what_is_heeded_has_a_default_of_its_own(recipe):
    for size in SIZES:
        assert set(recipe.defaults_for(size, 2)) <= recipe.uses
    assert recipe.uses <= set(OPTIONS)
    assert set(recipe.ranges) <= recipe.uses


@every_recipe
@pytest.mark.parametrize("classes", [2, 1000])
def test_the_defaults_are_in_range_for_any_amount_of_data(recipe, classes):
    for size in SIZES:
        values = recipe.defaults(size, classes)
        recipe.check(values)
        assert 8 <= values.batch_size <= max(8, size // 10)
    assert recipe.defaults(50_000, classes).epochs <= recipe.defaults(480, classes).epochs


@every_recipe
def test_a_size_out_of_range_is_refused_in_a_sentence(recipe):
    low, high = recipe.ranges["input_size"]
    for size in {8, int(low) - 1, int(high) + 1, 512} - set(range(int(low), int(high) + 1)):
        with pytest.raises(OptionError, match=f"Picture size must be .* from {low} to {high}, not {size}"):
            recipe.check(recipe.defaults().model_copy(update={"input_size": size}))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@every_recipe
@pytest.mark.parametrize("classes", [2, 5])
def test_the_smallest_network_learns_answers_and_survives_being_saved(recipe, classes, tmp_path):
    import keras

    values = small(recipe, classes)
    recipe.check(values)
    keras.utils.set_random_seed(1)
    network = recipe.build(values, classes).full
    assert network.input_shape == (None, values.input_size, values.input_size, recipe.channels)
    sigmoid = recipe.recipe_id == "cats-dogs-cnn" and classes == 2
    assert network.output_shape == (None, 1 if sigmoid else classes)
    assert output_kind(network) == ("sigmoid" if sigmoid else "softmax")

    before = network.get_weights()
    loss = "binary_crossentropy" if sigmoid else "categorical_crossentropy"
    network.compile("adam", loss, jit_compile=False)
    losses = network.fit(pictures(values, recipe), labels(network), verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert any((old != new).any() for old, new in zip(before, network.get_weights(), strict=True))

    answers = np.asarray(network(pictures(values, recipe), training=False))
    assert answers.dtype == np.float32
    assert ((answers >= 0) & (answers <= 1)).all()
    if not sigmoid:
        assert answers.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)

    path = tmp_path / "model.keras"
    network.save(path)
    assert inspect_archive(path).scaling.decided == (recipe.preprocessing == "none")
    loaded = load_checked_model(path)
    np.testing.assert_allclose(loaded(pictures(values, recipe), training=False), answers, atol=1e-6)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@every_recipe
def test_the_seed_decides_the_first_weights(recipe):
    import keras

    def weights(seed):
        keras.utils.set_random_seed(seed)
        return recipe.build(small(recipe), 3).full.get_weights()

    first, again, other = weights(5), weights(5), weights(6)
    assert all((one == two).all() for one, two in zip(first, again, strict=True))
    assert any((one != two).any() for one, two in zip(first, other, strict=True))


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@every_recipe
def test_answers_are_float32_in_mixed_precision(recipe):
    import keras

    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        values = small(recipe)
        network = recipe.build(values, 2).full
        answers = network(pictures(values, recipe), training=False)
    finally:
        keras.config.set_dtype_policy("float32")
    assert answers.dtype == "float32"
    assert np.isfinite(answers).all()
    assert {str(weight.dtype) for weight in network.trainable_weights} == {"float32"}


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("recipe_id", ["cats-dogs-cnn", "two-block-cnn", "digits-cnn"])
def test_one_sigmoid_and_two_softmax_units_answer_in_the_same_shape(recipe_id):
    recipe = catalogue.get(recipe_id)
    values = small(recipe)
    side = values.input_size
    card = ModelCard(
        id="trained",
        name="Trained",
        origin="trained",
        weights_sha256="0" * 64,
        classes=[ClassLabel(class_id=name, label=name) for name in ("cats", "dogs")],
        input=InputSpec(height=side, width=side, channels=recipe.channels),
    )
    network = recipe.build(values, 2).full
    classifier = Classifier.of_keras(card, network, "CPU")
    classifier.warm_up()
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    (prediction,) = classifier.predict([picture])
    assert {entry.label for entry in prediction.labels} == {"cats", "dogs"}
    assert [entry.rank for entry in prediction.labels] == [1, 2]
    assert sum(entry.probability for entry in prediction.labels) == pytest.approx(1)
    if network.output_shape[-1] == 1:
        of_the_second = float(network(picture[None].astype("f4"), training=False)[0, 0])
        probability = {entry.label: entry.probability for entry in prediction.labels}
        assert probability["dogs"] == pytest.approx(of_the_second, abs=1e-5)
