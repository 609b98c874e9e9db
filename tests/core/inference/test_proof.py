"""The proof finds engines that compute something else, those that give no error above all."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.classify.classifier import Classifier
from desktop_app.core.engine.openvino_import import load_openvino
from desktop_app.core.inference.choice import AnsweredBy
from desktop_app.core.inference.openvino_network import OpenVinoNetwork
from desktop_app.core.inference.proof import ask, prove
from desktop_app.core.inference.proof_pictures import proof_pictures
from desktop_app.core.library.proof import FEWEST_PICTURES
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.opset import OpsetGraph
from tests.tiny_model import colour_card

SIDE = 8
PICTURES = proof_pictures(InputSpec(height=SIDE, width=SIDE))


def head(numbers):
    """Seeded weights from so many numbers to three logits of about 1."""
    return np.random.default_rng(1).normal(0, 0.05 / 255 * SIDE, (numbers, 3)).astype(np.float32)


class ByNumpy:
    """A network that NumPy computes as the standard says."""

    by = AnsweredBy("tensorflow", "float32", "CPU")
    outputs = 3
    kind = "logits"
    at_once = 100

    def __init__(self, compute):
        self._compute = compute

    def run(self, pixels):
        found = self._compute(pixels.astype(np.float64)).reshape(len(pixels), -1)
        return [(found @ head(found.shape[1])).astype(np.float32)]


def by_openvino(operation):
    """The same network with an operation of OpenVINO's in the middle."""
    openvino = load_openvino()
    graph = OpsetGraph()
    pixels = graph.pictures(SIDE, SIDE)
    flow = operation(openvino.opset13, graph.channels_first(graph.prepared(pixels, "none")))
    flat = graph.flattened(flow)
    kernel = head(int(np.prod(list(flow.get_output_shape(0)))))
    logits = graph.dense(flat, kernel, np.zeros(3, np.float32))
    return OpenVinoNetwork("Colours", graph.model(pixels, [logits], "test"), "logits")


def proof(reference, candidate, pictures=PICTURES, precision="float32"):
    reference, candidate = (Classifier(colour_card(), network) for network in (reference, candidate))
    return prove(
        ask(reference, pictures),
        ask(candidate, pictures),
        precision=precision,
        engine="OpenVINO 1",
        reference_name="NumPy 2",
        processor="any",
        card=colour_card(),
    )


def resized(size, **options):
    """An `Interpolate` of OpenVINO's, to ``(size, size)``."""

    def operation(ops, flow):
        sizes, axes = ops.constant(np.array([size, size])), ops.constant(np.array([2, 3]))
        return (
            ops.interpolate(flow, sizes, shape_calculation_mode="sizes", axes=axes, **options)
            .output(0)
            .get_node()
        )

    return operation


def interpolated(pictures, size, weights_of):
    """Resize squares, each axis by a matrix ``(size, side)``."""
    matrix = np.array([weights_of(place) for place in range(size)])
    return np.einsum("nhwc,ih,jw->nijc", pictures, matrix, matrix)


def cubic(size, coefficient, *, exclude_outside=False):
    """Rows of weights for a cubic interpolation (Keys, 1981, with a free coefficient), half-pixel centres."""

    def weights_of(place):
        centre = (place + 0.5) * SIDE / size - 0.5
        row = np.zeros(SIDE)
        for source in range(int(np.floor(centre)) - 1, int(np.floor(centre)) + 3):
            far, a = abs(centre - source), coefficient
            weight = (
                (a + 2) * far**3 - (a + 3) * far**2 + 1
                if far <= 1
                else a * far**3 - 5 * a * far**2 + 8 * a * far - 4 * a
            )
            if not exclude_outside:
                row[min(max(source, 0), SIDE - 1)] += weight
            elif 0 <= source < SIDE:
                row[source] += weight
        return row / row.sum() if exclude_outside else row

    return lambda pictures: interpolated(pictures, size, weights_of)


def pooled(pictures, count):
    """The largest of each 2 x 2 in steps of 2, after one row and column of padding: the first ``count``."""
    padded = np.pad(pictures[:, :5, :5], ((0, 0), (1, 2), (1, 2), (0, 0)), constant_values=-np.inf)
    places = [slice(2 * number, 2 * number + 2) for number in range(count)]
    rows = [[padded[:, row, column].max(axis=(1, 2)) for column in places] for row in places]
    return np.moveaxis(np.array(rows), 2, 0)


def test_the_same_network_holds():
    found = proof(ByNumpy(lambda pictures: pictures), by_openvino(lambda _ops, flow: flow))
    assert found.holds
    assert found.largest_difference < 1e-5
    assert found.pictures == len(PICTURES) >= FEWEST_PICTURES
    assert (found.top1, found.top5, found.clear_agree) == (1, 1, True)
    assert found.words.startswith("OpenVINO, float32; checked against NumPy on 32 pictures: less than 0.1")


def test_a_pool_that_rounds_up_into_its_padding_is_refused():
    """The last window lies wholly in the padding: ONNX leaves it out, OpenVINO fills it with -3.4e38."""

    def pool(ops, flow):
        small = ops.slice(flow, *(ops.constant(np.array(each)) for each in ([0, 0], [5, 5], [1, 1], [2, 3])))
        pool = ops.max_pool(small, [2, 2], [1, 1], [1, 1], [1, 1], [2, 2], "ceil")
        return ops.reduce_mean(ops.relu(pool.output(0)), ops.constant(np.array([2, 3])), True)

    def standard(pictures):
        return pooled(pictures, 3).mean(axis=(1, 2))

    assert not proof(ByNumpy(standard), by_openvino(pool)).holds
    # With OpenVINO's fourth row and column, which are 0 after ReLU, NumPy says the same: it is nothing else.
    wrong = ByNumpy(lambda pictures: pooled(pictures, 3).sum(axis=(1, 2)) / 16)
    assert proof(wrong, by_openvino(pool)).holds


def test_a_resize_that_passes_over_antialias_is_refused():
    def smooth(pictures):
        planes = np.moveaxis(pictures, 3, 1).reshape(-1, SIDE, SIDE).astype(np.float32)
        small = [Image.fromarray(plane).resize((3, 3), Image.Resampling.BILINEAR) for plane in planes]
        return np.moveaxis(np.array([np.asarray(each) for each in small]).reshape(-1, 3, 3, 3), 1, 3)

    def coarse(pictures):
        def weights_of(place):
            centre = (place + 0.5) * SIDE / 3 - 0.5
            return np.maximum(0, 1 - abs(np.arange(SIDE) - centre))

        return interpolated(pictures, 3, weights_of)

    candidate = by_openvino(resized(3, mode="linear_onnx", antialias=True))
    assert not proof(ByNumpy(smooth), candidate).holds
    assert proof(ByNumpy(coarse), candidate).holds


def test_a_cubic_resize_that_passes_over_exclude_outside_is_refused():
    candidate = by_openvino(resized(6, mode="cubic", cube_coeff=-0.75))
    assert proof(ByNumpy(cubic(6, -0.75)), candidate).holds
    assert not proof(ByNumpy(cubic(6, -0.75, exclude_outside=True)), candidate).holds


def test_bicubic_upsampling_is_refused():
    """As Keras has it: with the coefficient -0.5, and weights outside the picture left out."""
    candidate = by_openvino(resized(16, mode="cubic", cube_coeff=-0.5))
    assert proof(ByNumpy(cubic(16, -0.5)), candidate).holds
    assert not proof(ByNumpy(cubic(16, -0.5, exclude_outside=True)), candidate).holds


class Shifted(ByNumpy):
    """Logits of three classes of which one is raised."""

    def __init__(self, raised=0.0, classes=(1.0, 0.0, -1.0)):
        self._row = np.array(classes, np.float32) + np.float32([raised, 0, 0])

    def run(self, pixels):
        return [np.repeat(self._row[None], len(pixels), axis=0)]


@pytest.mark.parametrize(
    ("raised", "precision", "holds"),
    [
        (0.0, "float32", True),
        (3e-4, "float32", True),
        (1e-3, "float32", False),
        (1e-3, "bfloat16", True),
        (0.07, "bfloat16", True),
        (0.2, "bfloat16", False),
    ],
)
def test_the_limits_are_these(raised, precision, holds):
    assert proof(Shifted(), Shifted(raised), precision=precision).holds is holds


def test_a_clear_lead_must_not_change_sides():
    """Two classes 0.021 apart that trade places: each has moved by less than 0.02 of probability."""
    reference, candidate = Shifted(classes=(0.0, -0.05, -9.0)), Shifted(classes=(-0.026, -0.025, -9.0))
    found = proof(reference, candidate, precision="bfloat16")
    assert found.largest_difference < 0.02
    assert (found.top1, found.clear_agree, found.holds) == (0, False, False)
    near = proof(
        Shifted(classes=(0.0, -0.01, -9.0)), Shifted(classes=(-0.01, 0.0, -9.0)), precision="bfloat16"
    )
    assert (near.top1, near.clear_agree, near.holds) == (0, True, True)


def test_too_few_pictures_prove_nothing():
    assert not proof(Shifted(), Shifted(), PICTURES[: FEWEST_PICTURES - 1]).holds


def test_the_reference_can_be_let_go_before_the_candidate_is_made():
    """Answers are numbers that outlive the network."""
    answers = ask(Classifier(colour_card(), ByNumpy(lambda pixels: pixels)), PICTURES)
    network = weakref.ref(candidate := Classifier(colour_card(), ByNumpy(lambda pixels: pixels)))
    again = ask(candidate, PICTURES)
    del candidate
    gc.collect()
    assert network() is None
    found = prove(
        answers,
        again,
        precision="float32",
        engine="NumPy 2",
        reference_name="NumPy 2",
        processor="any",
        card=colour_card(),
    )
    assert (found.largest_difference, found.pictures) == (0, len(PICTURES))


def test_progress_is_told_between_portions():
    told = []
    ask(Classifier(colour_card(), ByNumpy(lambda pixels: pixels)), PICTURES, told.append)
    assert told == [0, 8, 16, 24, 32]
