"""Networks written in OpenVINO's operations beside the same in TensorFlow."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.core.engine.compiled import CompiledNetwork, Part
from desktop_app.core.engine.mapped_file import HeldWeights
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.opset import OpsetGraph
from desktop_app.core.networks.pixels import PIXEL_WORDS
from desktop_app.core.networks.preprocessing import network_input, preprocess

random = np.random.default_rng(11)


def numbers(*shape):
    return random.normal(0, 1, shape).astype(np.float32)


def run(graph, entry, output, pixels, *, rows=True):
    """Compute what a graph says; as rows of all numbers, channels last, where it does not give rows."""
    output = output if rows else graph.flattened(output)
    return CompiledNetwork(graph.model(entry, [output], "test")).run(pixels)[0]


def apply(layer, pixels):
    """What Keras's layer makes of the pictures, as rows."""
    found = np.asarray(layer(pixels))
    return found.reshape(len(found), -1)


@pytest.mark.engine
@pytest.mark.parametrize(
    "preprocessing", [*PIXEL_WORDS, "scale=1/58 offset=-2.1", "scale=1/60,1/57,1/58 offset=1,2,3 order=bgr"]
)
def test_pixels_are_prepared_as_by_tensorflow(engine, preprocessing):
    pixels = random.integers(0, 256, (4, 5, 7, 3), dtype=np.uint8)
    pixels[0], pixels[1] = 0, 255
    graph = OpsetGraph()
    entry = graph.pictures(5, 7)
    # Channels last already: "flattened" turns them once more, as the reference is turned here.
    found = run(graph, entry, graph.channels_first(graph.prepared(entry, preprocessing)), pixels, rows=False)
    wanted = np.asarray(preprocess(pixels, preprocessing, 3))
    assert found.reshape(wanted.shape) == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@pytest.mark.engine
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("layout", ["nhwc", "nchw", "nhw", "flat"])
def test_inputs_are_laid_out_as_by_tensorflow(engine, layout, channels):
    if (layout, channels) == ("nhw", 3):
        pytest.skip("colour pictures have an axis for the channels")
    spec = InputSpec(
        height=5, width=7, channels=channels, preprocessing="symmetric", layout=layout, grey=(0.2, 0.5, 0.3)
    )
    pixels = random.integers(0, 256, (4, 5, 7, 3), dtype=np.uint8)
    graph = OpsetGraph()
    entry = graph.pictures(5, 7)
    found = run(graph, entry, graph.rows(graph.network_input(entry, spec)), pixels)
    wanted = np.asarray(network_input(pixels, spec)).reshape(len(pixels), -1)
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@pytest.mark.engine
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("height", "width"), [(6, 8), (7, 5), (1, 2)])
@pytest.mark.parametrize("side", [1, 3, 5])
def test_convolutions_are_keras_s(engine, height, width, stride, side):
    import keras

    kernel, bias, pixels = numbers(side, side, 3, 40), numbers(40), numbers(2, height, width, 3)
    layer = keras.layers.Conv2D(40, side, stride, padding="same")
    layer.build(pixels.shape)
    layer.set_weights([kernel, bias])
    graph = OpsetGraph()
    entry = graph.values(height, width)
    found = run(
        graph, entry, graph.convolution(graph.channels_first(entry), kernel, bias, stride), pixels, rows=False
    )
    assert found == pytest.approx(apply(layer, pixels), abs=1e-4)


@pytest.mark.engine
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("height", "width"), [(6, 8), (7, 5), (1, 2)])
@pytest.mark.parametrize("side", [3, 5])
def test_depthwise_convolutions_are_keras_s(engine, height, width, stride, side):
    import keras

    kernel, bias, pixels = numbers(side, side, 3, 1), numbers(3), numbers(2, height, width, 3)
    layer = keras.layers.DepthwiseConv2D(side, stride, padding="same")
    layer.build(pixels.shape)
    layer.set_weights([kernel, bias])
    graph = OpsetGraph()
    entry = graph.values(height, width)
    found = run(
        graph, entry, graph.depthwise(graph.channels_first(entry), kernel, bias, stride), pixels, rows=False
    )
    assert found == pytest.approx(apply(layer, pixels), abs=1e-4)


@pytest.mark.parametrize("channels", [1, 31, 32, 33, 100])
def test_any_number_of_channels_is_turned_whole(channels):
    kernel, bias, pixels = numbers(1, 1, 3, 100), numbers(100), numbers(1, 2, 2, 3)
    second = numbers(1, 1, 100, channels)
    graph = OpsetGraph()
    entry = graph.values(2, 2)
    flow = graph.convolution(graph.channels_first(entry), kernel, bias)
    found = run(
        graph, entry, graph.convolution(flow, second, np.zeros(channels, np.float32)), pixels, rows=False
    )
    assert found.reshape(4, -1) == pytest.approx(
        (pixels.reshape(4, 3) @ kernel[0, 0] + bias) @ second[0, 0], abs=1e-3
    )


@pytest.mark.engine
@pytest.mark.parametrize(("height", "width"), [(6, 8), (7, 5), (2, 3)])
def test_halving_leaves_out_what_is_left_over_as_keras_does(engine, height, width):
    import keras

    pixels = numbers(2, height, width, 3)
    graph = OpsetGraph()
    entry = graph.values(height, width)
    found = run(graph, entry, graph.halved(graph.channels_first(entry)), pixels, rows=False)
    assert (found == apply(keras.layers.MaxPooling2D(2), pixels)).all()


def test_numbers_lie_in_keras_s_order():
    pixels = numbers(2, 3, 4, 3)
    graph = OpsetGraph()
    entry = graph.values(3, 4)
    found = run(graph, entry, graph.channels_first(entry), pixels, rows=False)
    assert (found == pixels.reshape(2, -1)).all()


def test_means_and_limits_and_sums():
    pixels = 10 * numbers(2, 3, 4, 3)
    graph = OpsetGraph()
    entry = graph.values(3, 4)
    flow = graph.channels_first(entry)
    both = graph.joined(
        [
            graph.channel_means(graph.relu6(flow)),
            graph.channel_means(graph.relu(flow)),
            graph.channel_means(graph.add(flow, flow)),
        ]
    )
    found = run(graph, entry, both, pixels)
    wanted = [np.clip(pixels, 0, 6), np.maximum(pixels, 0), 2 * pixels]
    assert found == pytest.approx(np.hstack([each.mean(axis=(1, 2)) for each in wanted]), abs=1e-5)


def test_a_dense_layer_and_its_probabilities():
    kernel, bias, pixels = numbers(12, 5), numbers(5), numbers(2, 2, 2, 3)
    graph = OpsetGraph()
    entry = graph.values(2, 2)
    flat = graph.flattened(graph.channels_first(entry))
    found = run(graph, entry, graph.softmax(graph.dense(flat, kernel, bias)), pixels)
    logits = pixels.reshape(2, -1) @ kernel + bias
    wanted = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert found == pytest.approx(wanted, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("pieces", [1, 2, 3, 12])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_kernel_that_is_handed_over_counts_as_one_in_the_graph(pieces, threads):
    kernel, bias, pixels = numbers(12, 5), numbers(5), numbers(2, 2, 2, 3)
    graph = OpsetGraph()
    entry = graph.values(2, 2)
    flat = graph.flattened(graph.channels_first(entry))
    product, given = graph.held_product(flat, pieces, 5)
    model = graph.model([entry, given], [graph.biased(product, bias)], "held")
    part = Part(model, (HeldWeights(kernel.reshape(pieces, -1, 5)),))
    (found,) = CompiledNetwork([part], "float32", threads).run(pixels)
    assert found == pytest.approx(pixels.reshape(2, -1) @ kernel + bias, abs=1e-5)


def test_columns_are_those_asked_for():
    pixels = numbers(2, 2, 2, 3)
    graph = OpsetGraph()
    entry = graph.values(2, 2)
    flat = graph.flattened(graph.channels_first(entry))
    assert (run(graph, entry, graph.columns(flat, 3, 8), pixels) == pixels.reshape(2, -1)[:, 3:8]).all()
