"""Measures how many pictures of other classes are called unlike the training pictures, and of the same.

``python -m benchmarks.unlike --data FOLDER --others FOLDER...``: the data set is a folder with ``train`` and
``test`` (or ``training_set`` and ``test_set``), each with a folder for each class; the other folders have
pictures of other classes, at any depth; ``FOLDER:cats,dogs`` leaves out folders and files whose names contain
one of these words. Features are those of the small ImageNet network in the box, without training.

Prints, for the bank that the app keeps and for the Mahalanobis distance (Lee et al., 2018) with one shrunk
covariance for all classes, the share of the test pictures called unlike (false alarms, meant to be 5%)
and that of each other folder. Neither sees any picture but those of ``train``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.engine.loading import load_engine
from desktop_app.core.images.folders import find_pictures
from desktop_app.core.images.load import load_source
from desktop_app.core.images.sources import FileSource
from desktop_app.core.library.feature_bank import FALSE_ALARMS, FEATURE_LAYER, measured
from desktop_app.core.library.imagenet.network import load_lite
from desktop_app.core.library.imagenet.published import SMALL
from desktop_app.core.library.store import Library
from desktop_app.core.networks.efficientnet_lite import LITE0
from desktop_app.core.networks.preprocessing import fit_to_input, preprocess

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Features = NDArray[np.float32]
    Unlike = Callable[[Features], NDArray[np.bool_]]

_BATCH = 16
_FOLDS = 5
_SHRUNK = 0.3
"""Share of the covariance that is replaced by its mean variance in all directions."""
_TIMED = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--others", nargs="+", required=True, metavar="FOLDER[:WORDS]")
    options = parser.parse_args()
    features_of = _network()
    train, test = (
        _split(options.data, *names) for names in (("train", "training_set"), ("test", "test_set"))
    )
    known, labels = _with_labels(train, features_of)
    samples = {"false alarms": features_of(sorted(find_pictures(test)))}
    for other in options.others:
        folder, _, words = other.partition(":")
        samples[Path(folder).name] = features_of(_pictures(Path(folder), words.split(",") if words else ()))
    print(f"{len(known)} training pictures; {', '.join(f'{name} {len(v)}' for name, v in samples.items())}")
    for name, unlike in (
        ("neighbours (kept)", _neighbours(known, labels)),
        ("Mahalanobis", _mahalanobis(known, labels)),
    ):
        shares = "  ".join(f"{title} {unlike(values).mean():6.1%}" for title, values in samples.items())
        print(f"{name:<18} {shares}")


def _split(folder: Path, *names: str) -> Path:
    return next(folder / name for name in names if (folder / name).is_dir())


def _pictures(folder: Path, without: Sequence[str]) -> list[Path]:
    def wanted(path: Path) -> bool:
        below = str(path.relative_to(folder)).casefold()
        return not any(word.casefold() in below for word in without)

    return [path for path in sorted(folder.rglob("*")) if path.is_file() and wanted(path)]


def _network() -> Callable[[Sequence[Path]], Features]:
    load_engine()
    import keras
    import tensorflow as tf

    entry = Library.default().get(SMALL.model_id)
    assert entry.weights is not None
    assert entry.card is not None
    spec = entry.card.input
    network = load_lite(LITE0, entry.weights)
    extractor = keras.Model(network.input, network.get_layer(FEATURE_LAYER).output)

    def answer(pixels: Any) -> Any:
        return extractor(preprocess(pixels, spec.preprocessing, spec.channels), training=False)

    signature = [tf.TensorSpec((None, spec.height, spec.width, 3), tf.uint8)]
    compute = tf.function(answer, input_signature=signature, autograph=False)

    def features_of(paths: Sequence[Path]) -> Features:
        parts = []
        for start in range(0, len(paths), _BATCH):
            pictures = [load_source(FileSource(path)) for path in paths[start : start + _BATCH]]
            prepared = np.stack([fit_to_input(picture, spec, "squash") for picture in pictures])
            parts.append(compute(tf.constant(prepared)).numpy())
        return np.concatenate(parts)

    return features_of


def _with_labels(
    folder: Path, features_of: Callable[[Sequence[Path]], Features]
) -> tuple[Features, NDArray[np.int64]]:
    classes = sorted(path for path in folder.iterdir() if path.is_dir())
    found = [features_of(sorted(find_pictures(path))) for path in classes]
    return np.concatenate(found), np.repeat(np.arange(len(found)), [len(part) for part in found])


def _neighbours(known: Features, labels: NDArray[np.int64]) -> Unlike:
    bank = measured(known, known[:0], int(np.bincount(labels).min()))
    assert bank is not None
    seconds = []
    for _ in range(_TIMED):
        started = time.perf_counter()
        bank.distances(known[:1])
        seconds.append(time.perf_counter() - started)
    size = bank.facts().bytes / 1e6
    print(
        f"bank: {size:.1f} MB, {np.median(seconds) * 1000:.2f} ms a picture, threshold {bank.threshold:.3f}"
    )
    return lambda features: bank.distances(features) > 1


def _mahalanobis(known: Features, labels: NDArray[np.int64]) -> Unlike:
    """Distances to the nearest class mean; the threshold is that of pictures left out in turn."""
    rows = _unit(known)
    folds = np.random.default_rng(0).permutation(len(rows)) % _FOLDS
    left_out = np.concatenate(
        [
            _distances(rows[folds != fold], labels[folds != fold], rows[folds == fold])
            for fold in range(_FOLDS)
        ]
    )
    threshold = np.quantile(left_out, 1 - FALSE_ALARMS, method="higher")
    return lambda features: _distances(rows, labels, _unit(features)) > threshold


def _unit(features: Features) -> NDArray[np.float64]:
    return np.asarray(features / np.linalg.norm(features, axis=1, keepdims=True), np.float64)


def _distances(
    known: NDArray[np.float64], labels: NDArray[np.int64], asked: NDArray[np.float64]
) -> NDArray[np.float64]:
    means = np.stack([known[labels == label].mean(axis=0) for label in np.unique(labels)])
    residuals = known - means[np.searchsorted(np.unique(labels), labels)]
    covariance = residuals.T @ residuals / len(known)
    variance = np.trace(covariance) / len(covariance)
    inverse = np.linalg.inv((1 - _SHRUNK) * covariance + _SHRUNK * variance * np.eye(len(covariance)))
    return np.asarray(
        np.min([((asked - mean) @ inverse * (asked - mean)).sum(axis=1) for mean in means], axis=0)
    )


if __name__ == "__main__":
    main()
