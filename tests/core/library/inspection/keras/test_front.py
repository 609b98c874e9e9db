"""The layers that all pixels pass on their way to the first one that learns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desktop_app.core.library.inspection.keras.network.front import Front
from desktop_app.core.library.inspection.keras.network.memory import entry


class Network:
    """Calls layers by name; those called scale... scale pixels, those called learn... end the way."""

    def __init__(self):
        self.results = {"picture": entry((8, 8, 3))}
        self.front = Front(self.results["picture"])

    def call(self, name, *inputs, kind="Rescaling"):
        layer = SimpleNamespace(
            name=name, kind=kind, rule=SimpleNamespace(rescales=name.startswith("scale")), config={}
        )
        self.results[name] = entry((8, 8, 3))
        given = [self.results[one] for one in inputs]
        self.front.called(layer, given, self.results[name], ends=name.startswith("learn"))
        return self

    def scalers(self):
        found = self.front.scalers
        return None if found is None else [layer.name for layer in found]


def channels(network):
    for number in range(3):
        network.call(f"channel {number}", "picture", kind="GetItem")
    return network


def test_layers_in_a_row_are_followed_to_the_first_that_learns():
    network = Network().call("crop", "picture").call("scale 1", "crop").call("scale 2", "scale 1")
    network.call("learn 1", "scale 2").call("learn 2", "scale 2").call("scale 3", "learn 1")
    assert network.scalers() == ["scale 1", "scale 2"]


@pytest.mark.parametrize("first", [True, False])
def test_pixels_may_get_past_a_scaling(first):
    network = Network().call("scale", "picture")
    calls = [("learn 1", "scale"), ("learn 2", "picture")]
    for name, source in calls if first else calls[::-1]:
        network.call(name, source)
    assert network.scalers() is None


def test_a_layer_that_learns_first_ends_the_way():
    assert Network().call("learn", "picture").call("scale", "picture").scalers() == []


def test_one_result_given_three_times_is_one_use():
    network = Network().call("scale 1", "picture").call("three", "scale 1", "scale 1", "scale 1")
    assert network.call("scale 2", "three").call("learn", "scale 2").scalers() == ["scale 1", "scale 2"]


def test_channels_that_are_taken_apart_and_put_together_again_are_followed():
    network = channels(Network()).call("bgr", "channel 2", "channel 1", "channel 0", kind="Stack")
    assert network.call("scale", "bgr").call("learn", "scale").scalers() == ["scale"]


def test_channels_on_ways_of_their_own_are_not():
    assert channels(Network()).call("scale", "channel 0").scalers() is None


def test_channels_that_are_turned_at_once_are_followed():
    network = Network().call("turned", "picture", kind="GetItem").call("scale", "turned")
    assert network.call("learn", "scale").scalers() == ["scale"]
