"""Measures one call of VGG19 for one picture, beside other engines and the processor's own limit.

``python -m benchmarks network_call``: the same network with the same weights in Sightline's classifier, a
plain ``tf.function``, one compiled by XLA, ``model.predict``, onnxruntime, OpenVINO and PyTorch, by turns in
one process; all must return the same probabilities. The limit is the fastest product of two 4096 x 4096
matrices in float32.
"""

from __future__ import annotations

import statistics
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.frame import peers, prepared
from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.turns import seconds, take_turns
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.library.download.vgg19_weights import VGG19_ID
from desktop_app.core.library.store import Library
from desktop_app.core.library.vgg19.layout import BLOCKS, DENSE_UNITS, INPUT_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from benchmarks.frame.plan import Plan

SIDE = 4096
"""Rows and columns of the matrices."""
TOLERANCE = 1e-4
"""Difference of probabilities: sums in another order differ by far less, another network by far more."""


def measure(plan: Plan) -> list[Figure]:
    """Run all engines on the same picture, and check that they agree."""
    weights = prepared.vgg19()
    classifier = load_classifier(VGG19_ID, Library.default())
    from desktop_app.core.library.vgg19.network import load_vgg19

    picture = np.random.default_rng(1).integers(0, 256, (INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
    engines, missing = _engines(load_vgg19(weights), plan.scratch)
    inputs = _as_published(picture)
    ours = classifier.outputs([picture])
    notes = {name: peers.check_same(ours, run(inputs), name, TOLERANCE) for name, run in engines.items()}
    calls = plan.count(1, 4)
    ways: dict[str, Callable[[], float]] = {
        "sightline": lambda: _of(calls, lambda: classifier.outputs([picture]))
    }
    ways |= {name: partial(_of, calls, partial(run, inputs)) for name, run in engines.items()}
    ways |= {f"product by {name}": partial(_of, 1, product) for name, product in _products().items()}
    samples = {name: tuple(found) for name, found in take_turns(ways, plan.runs).items()}
    return [
        *_beside_engines(samples, engines, notes),
        *(
            Figure("network call, VGG19, one picture", name, missing=reason)
            for name, reason in missing.items()
        ),
        _beside_limit(samples),
    ]


def operations() -> int:
    """Multiplications and additions of VGG19 for one picture: 39.3 thousand million.

    Two for each weight of a convolution at each pixel, and of a dense layer.
    """
    count, side, channels = 0, INPUT_SIZE, 3
    for width, depth in BLOCKS:
        for _ in range(depth):
            count += 2 * 9 * channels * width * side * side
            channels = width
        side //= 2
    units = (side * side * channels, DENSE_UNITS, DENSE_UNITS, 1000)
    return count + sum(2 * given * made for given, made in pairwise(units))


def _engines(model: Any, scratch: Path) -> tuple[dict[str, peers.Run], dict[str, str]]:
    """Load the network into every installed engine, and say which are missing."""
    import tensorflow as tf

    shape = (1, INPUT_SIZE, INPUT_SIZE, 3)
    signature = [tf.TensorSpec(shape, tf.float32)]

    def answer(pictures: Any) -> Any:
        return model(pictures, training=False)

    def compiled(*, xla: bool) -> peers.Run:
        function = tf.function(answer, input_signature=signature, jit_compile=xla, autograph=False)
        return lambda pictures: np.asarray(function(tf.constant(pictures)).numpy())

    engines: dict[str, peers.Run] = {
        "`tf.function`": compiled(xla=False),
        "XLA": compiled(xla=True),
        "`model.predict`": lambda pictures: np.asarray(model.predict(pictures, verbose=0)),
    }
    missing = {}
    for name, load, packages in (
        ("onnxruntime", peers.onnxruntime, ("onnxruntime", "onnx")),
        ("OpenVINO", peers.openvino, ("openvino", "onnx")),
    ):
        if reason := peers.missing(*packages):
            missing[name] = reason
            continue
        file = scratch / "vgg19.onnx"
        if not file.exists():
            peers.vgg19_to_onnx(model, file)
        engines[name] = load(file)
    if reason := peers.missing("torch"):
        missing["PyTorch"] = reason
    else:
        engines["PyTorch"] = peers.torch_vgg19(model)
    return engines, missing


def _as_published(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring RGB to what the published network takes: ``(1, 224, 224, 3)`` of BGR less the means."""
    means = np.array([103.939, 116.779, 123.68], np.float32)  # as in keras.applications.vgg19
    return np.ascontiguousarray((picture[..., ::-1].astype(np.float32) - means)[np.newaxis])


def _products() -> dict[str, Callable[[], object]]:
    """The matrix product, by the libraries that are in the process anyway."""
    import tensorflow as tf

    random = np.random.default_rng(0)
    first, second = (random.standard_normal((SIDE, SIDE), np.float32) for _ in range(2))
    tensors = tf.constant(first), tf.constant(second)
    return {"NumPy": lambda: first @ second, "TensorFlow": lambda: tf.linalg.matmul(*tensors).numpy()}


def _of(calls: int, work: Callable[[], object]) -> float:
    """Seconds of the median call."""
    return statistics.median(seconds(work) for _ in range(calls))


def _beside_engines(
    samples: dict[str, tuple[float, ...]], engines: dict[str, peers.Run], notes: dict[str, str]
) -> list[Figure]:
    fastest = min(engines, key=lambda name: statistics.median(samples[name]))
    return [
        Figure(
            "network call, VGG19, one picture",
            f"{name}{', the fastest other' if name == fastest else ''}",
            unit="ms",
            own=tuple(1000 * sample for sample in samples["sightline"]),
            other=tuple(1000 * sample for sample in samples[name]),
            goal=Goal(1.0) if name == fastest else None,
            note=f"{notes[name]}; Sightline's call includes the preprocessing, that of the others does not.",
            digits=0,
        )
        for name in engines
    ]


def _beside_limit(samples: dict[str, tuple[float, ...]]) -> Figure:
    products = {name: found for name, found in samples.items() if name.startswith("product")}
    fastest = min(products, key=lambda name: statistics.median(products[name]))
    return Figure(
        "network call, VGG19: arithmetic",
        f"{SIDE}^3 float32 matrix {fastest}",
        unit="GFLOP/s",
        own=tuple(operations() / sample / 1e9 for sample in samples["sightline"]),
        other=tuple(2 * SIDE**3 / sample / 1e9 for sample in products[fastest]),
        goal=Goal(0.85, at_least=True),
        note=f"{operations() / 1e9:.1f} GFLOP a picture.",
        digits=0,
    )


if __name__ == "__main__":
    as_module("network_call")
