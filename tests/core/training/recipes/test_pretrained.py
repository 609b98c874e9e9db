"""What a pretrained network brings: its backbones, its size, its weights, its settings."""

from __future__ import annotations

import h5py
import numpy as np
import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.backbones import lite
from desktop_app.core.library.backbones.catalogue import BACKBONES
from desktop_app.core.library.imagenet.published import BETTER, SMALL
from desktop_app.core.library.imagenet_card import imagenet_card
from desktop_app.core.library.installed_model import InstalledModel
from desktop_app.core.library.store import Library
from desktop_app.core.networks import efficientnet_lite
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.recipes.pretrained import RECIPE
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters
from desktop_app.core.training.settings.options import OPTIONS
from tests.small_backbone import TINY_FEATURES, narrow, tiny_lite

__all__ = ["narrow", "tiny_lite"]

engine = pytest.mark.usefixtures("engine", "tiny_lite", "narrow")


def build(classes=2, **changes):
    values = RECIPE.chosen({"input_size": 32, "units": 8, "random_weights": True, **changes}, 100, classes)
    RECIPE.check(values)
    return RECIPE.build(values, classes)


def test_every_backbone_can_be_chosen():
    assert [choice for choice, _label in OPTIONS["backbone"].choices] == list(BACKBONES)
    for name, backbone in BACKBONES.items():
        values = RECIPE.chosen({"backbone": name})
        assert values.input_size == backbone.size
        assert RECIPE.suited(values).preprocessing == backbone.preprocessing
    assert RECIPE.chosen({"backbone": "vgg19", "input_size": 64}).input_size == 64


def test_few_pictures_have_copies_and_many_have_none():
    copies = [RECIPE.defaults(count).copies for count in (1, 80, 360, 480, 5_000)]
    assert copies == [3, 3, 1, 0, 0]


def test_runs_of_earlier_versions_know_none_of_the_new_settings():
    new = {"backbone", "head", "copies", "fine_tune_below"}
    before = {key: value for key, value in default_hyperparameters().model_dump().items() if key not in new}
    values = type(default_hyperparameters()).model_validate(before)
    assert (values.copies, values.fine_tune_below) == (0, 1.0)


def test_the_recipe_of_earlier_versions_is_found_but_not_offered():
    assert catalogue.get("vgg19-transfer").recipe_id == "vgg19-transfer"
    assert "vgg19-transfer" not in [recipe.recipe_id for recipe in catalogue.RECIPES]
    recipe, changes = catalogue.offered("vgg19-transfer")
    assert (recipe, changes) == (RECIPE, {"backbone": "vgg19", "head": "hidden"})
    assert catalogue.offered("mlp") == (catalogue.get("mlp"), {})


@pytest.mark.engine
@engine
@pytest.mark.parametrize("backbone", list(BACKBONES))
@pytest.mark.parametrize("head", ["automatic", "linear", "hidden"])
def test_backbone_and_head_together_are_the_network(backbone, head):
    network = build(3, backbone=backbone, head=head)
    picture = np.random.default_rng(0).normal(0, 1, (2, 32, 32, 3)).astype("f4")
    features = network.backbone(picture, training=False)
    assert network.full.get_layer("features").output.shape[1:] == features.shape[1:]
    np.testing.assert_allclose(
        network.head(features, training=False), network.full(picture, training=False), rtol=1e-4
    )
    dense = [layer for layer in network.head.layers if layer.count_params()]
    assert len(dense) == (2 if head == "hidden" else 1)
    assert len(network.full.trainable_weights) == 2 * len(dense)


@pytest.mark.engine
@engine
def test_the_last_layers_are_the_ones_that_are_fine_tuned():
    assert [layer.name for layer in build(backbone="imagenet-small").fine_tune] == ["top", "top_relu"]
    both = [f"{network}_top{end}" for end in ("", "_relu") for network in ("lite0", "lite2")]
    assert sorted(layer.name for layer in build().fine_tune) == sorted(both)
    assert BACKBONES["imagenet-better"].tuned == ("block20_", "block21_", "top")
    assert BACKBONES["imagenet-small"].tuned == ("block15_", "block16_", "top")
    assert BACKBONES["imagenet-both"].tuned[:3] == ("lite0_block15_", "lite0_block16_", "lite0_top")
    assert BACKBONES["imagenet-both"].tuned[3:] == ("lite2_block20_", "lite2_block21_", "lite2_top")


@pytest.mark.engine
@engine
def test_stored_weights_are_taken(tmp_path, monkeypatch):
    path = write_weights(tmp_path, efficientnet_lite.LITE2, 0)
    entry = InstalledModel("imagenet-better", "ImageNet (better)", imagenet_card(BETTER), tmp_path)
    monkeypatch.setattr(Library, "get", lambda _library, _model_id: entry)
    network = build(random_weights=False, backbone="imagenet-better")
    with h5py.File(path, "r") as file:
        for layer in ("stem", "block2_depthwise", "top"):
            for have, name in zip(
                network.full.get_layer(layer).get_weights(), ("kernel", "bias"), strict=True
            ):
                np.testing.assert_array_equal(have, file[layer][name][...])
    assert network.head.input_shape == (None, TINY_FEATURES)


@pytest.mark.engine
@engine
def test_both_networks_give_the_features_of_each(tmp_path, monkeypatch):
    entries = {}
    for number, published in enumerate((SMALL, BETTER)):
        folder = tmp_path / published.model_id
        folder.mkdir()
        write_weights(folder, published.variant, number)
        entries[published.model_id] = InstalledModel(
            published.model_id, published.name, imagenet_card(published), folder
        )
    monkeypatch.setattr(Library, "get", lambda _library, model_id: entries[model_id])
    picture = np.random.default_rng(0).normal(0, 1, (2, 32, 32, 3)).astype("f4")
    small, better, both = (
        np.asarray(build(random_weights=False, backbone=name).backbone(picture, training=False))
        for name in ("imagenet-small", "imagenet-better", "imagenet-both")
    )
    assert both.shape == (2, 2 * TINY_FEATURES)
    np.testing.assert_allclose(both, np.concatenate([small, better], axis=1), rtol=1e-5, atol=1e-6)
    assert not np.allclose(small, better)


def write_weights(folder, variant, seed):
    random = np.random.default_rng(seed)
    path = folder / f"{variant.name}.h5"
    with h5py.File(path, "w") as file:
        for layer, (kernel, bias) in efficientnet_lite.layer_shapes(variant, 1000).items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [b"kernel", b"bias"]
            group["kernel"] = random.normal(0, 0.3, kernel).astype("f4")
            group["bias"] = random.normal(0, 0.3, bias).astype("f4")
    return path


def test_missing_weights_are_reported_before_any_picture_is_read(monkeypatch):
    gone = InstalledModel("imagenet-small", "ImageNet (small)", None, None, problem="it is gone")
    monkeypatch.setattr(Library, "get", lambda _library, _model_id: gone)
    with pytest.raises(ModelError, match=r"ImageNet \(small\) are missing: it is gone"):
        RECIPE.require(RECIPE.chosen({"backbone": "imagenet-small"}))
    RECIPE.require(RECIPE.chosen({"backbone": "imagenet-small", "random_weights": True}))
    with pytest.raises(ModelError):
        lite.require_weights("imagenet-small")
