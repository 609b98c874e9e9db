"""Proposals for the pixel values of a model from elsewhere."""

from __future__ import annotations

import pytest

from desktop_app.commands.model_options import PIXELS
from desktop_app.core.library.pixel_choices import BY_NAME, BY_STATISTICS, Clue, family_clue, ranked
from desktop_app.core.networks.pixels import PIXEL_DETAILS, PIXEL_WORDS


def test_every_choice_has_words_and_is_known_to_the_command():
    assert tuple(PIXEL_WORDS) == tuple(PIXEL_DETAILS)
    assert set(PIXELS) == set(PIXEL_WORDS)


@pytest.mark.parametrize(
    ("names", "pixels"),
    [
        (["mobilenetv2_1.00_224"], "symmetric"),
        (["MobileNetV3Small"], "symmetric"),
        (["my_model", "resnet50", "dense"], "vgg19"),
        (["resnet50v2"], "symmetric"),
        (["vgg16"], "vgg19"),
        (["densenet121"], "imagenet"),
        (["inception_resnet_v2"], "symmetric"),
        (["NASNet"], "symmetric"),
        (["efficientnetv2-s"], "symmetric"),
        (["efficientnetv2-b0"], "imagenet"),
        (["convnext_tiny"], "imagenet"),
        (["m", "block1_conv1", "block1_conv2", "block3_conv3"], "vgg19"),
        (["m", "block1_conv1", "block2_sepconv1"], "symmetric"),
        (["m", "conv1_conv", "conv2_block1_preact_bn", "conv2_block1_1_conv"], "symmetric"),
        (["m", "conv1_conv", "conv2_block1_1_conv"], "vgg19"),
        (["m", "conv1_conv", "conv2_block1_concat", "conv2_block1_1_conv"], "imagenet"),
    ],
)
def test_published_networks_are_known_by_their_names(names, pixels):
    clue = family_clue(names)
    assert (clue.preprocessing, clue.weight) == (pixels, BY_NAME)


@pytest.mark.parametrize("names", [[], ["sequential", "conv2d", "dense"], ["my_resnet50", "block1_conv1"]])
def test_other_networks_are_not(names):
    assert family_clue(names) is None


def test_the_choice_with_most_clues_leads():
    choices = ranked(3, [Clue("imagenet", BY_NAME, "a"), Clue("vgg19", BY_STATISTICS, "b")])
    assert [choice.preprocessing for choice in choices[:3]] == ["imagenet", "vgg19", "unit"]
    assert [choice.likely for choice in choices] == [True] + [False] * 6
    assert choices[1].reasons == ("b",)


def test_clues_that_contradict_each_other_propose_nothing():
    choices = ranked(3, [Clue("unit", 2, "a"), Clue("none", 2, "b")])
    assert not any(choice.likely for choice in choices)


def test_grey_networks_have_three_choices():
    choices = ranked(1, [Clue("vgg19", BY_NAME, "not for these")])
    assert [choice.preprocessing for choice in choices] == ["unit", "none", "symmetric"]
    assert not any(choice.likely for choice in choices)
