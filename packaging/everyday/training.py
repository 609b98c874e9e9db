"""Trains and calibrates the Everyday model."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_app.core.classify.calibration import (
    expected_calibration_error,
    fit_temperature,
    unsure_threshold,
)
from desktop_app.core.foundation.files import write_whole
from desktop_app.core.library.card import Calibration, ClassLabel, ModelCard
from desktop_app.core.library.card_limits import CARD_FILE
from desktop_app.core.library.store import EVERYDAY_ID
from desktop_app.core.networks.input_spec import InputSpec
from desktop_app.core.networks.readings import softmax
from desktop_app.core.training.loop.schedules import one_cycle
from everyday.data import SIZE, hold_out, load_class_folders, pipeline

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from numpy.typing import NDArray


def train(arguments: argparse.Namespace) -> None:
    """Train, report on the held-out pictures and write the model in float32 without optimiser state."""
    import keras
    import tensorflow as tf

    from desktop_app.core.training.recipes import resnet_small

    keras.utils.set_random_seed(arguments.seed)
    classes = sorted(path.name for path in arguments.data.iterdir() if path.is_dir())
    pictures, labels = load_class_folders(arguments.data, classes)
    fitted, held = hold_out(labels, arguments.hold_out, arguments.seed)
    steps = len(fitted) // arguments.batch_size
    print(f"{len(fitted)} pictures to train on, {len(held)} held out, {steps} steps an epoch")

    keras.mixed_precision.set_global_policy(arguments.precision)
    model = resnet_small.build(len(classes))
    if arguments.start_from:
        model.set_weights(keras.models.load_model(arguments.start_from, compile=False).get_weights())
    optimizer = keras.optimizers.SGD(
        one_cycle(arguments.learning_rate, steps * arguments.epochs),
        momentum=0.9,
        nesterov=True,
        weight_decay=arguments.weight_decay,
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    model.compile(optimizer, keras.losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["accuracy"])
    arguments.output.mkdir(parents=True, exist_ok=True)
    held_data = tf.data.Dataset.from_tensor_slices(
        (tf.cast(pictures[held], tf.float32), tf.one_hot(labels[held], len(classes)))
    ).batch(500)
    started = time.monotonic()
    model.fit(
        pipeline(
            pictures[fitted],
            labels[fitted],
            batch_size=arguments.batch_size,
            class_count=len(classes),
            seed=arguments.seed,
            strength=arguments.augmentation,
        ),
        epochs=arguments.epochs,
        shuffle=False,  # the pipeline shuffles
        validation_data=held_data,
        verbose=2,
        callbacks=[
            keras.callbacks.CSVLogger(arguments.output / "curve.csv"),
        ],
    )
    seconds = time.monotonic() - started

    keras.mixed_precision.set_global_policy("float32")
    final = resnet_small.build(len(classes))
    final.set_weights(_averaged(model.get_weights(), arguments.average_with))
    final.save(arguments.output / "model.keras")
    inputs = pictures[held].astype(np.float32)
    sides = (final.predict(side, batch_size=500, verbose=0) for side in (inputs, inputs[:, :, ::-1]))
    probabilities = sum(sides) / 2
    card = make_card(arguments.output / "model.keras", classes, probabilities, labels[held])
    write_whole(arguments.output / CARD_FILE, card.model_dump_json(indent=2) + "\n")
    print(f"{card.metrics} after {seconds / 60:.0f} minutes; {card.calibration}")


def _averaged(weights: list[Any], other: Path | None) -> list[Any]:
    """Take the mean with an earlier round's weights: better than either (Izmailov et al., 2018)."""
    import keras

    if other is None:
        return weights
    earlier = keras.models.load_model(other, compile=False).get_weights()
    return [(one + another) / 2 for one, another in zip(weights, earlier, strict=True)]


def make_card(
    model: Path, classes: list[str], probabilities: NDArray[np.float32], labels: NDArray[np.int64]
) -> ModelCard:
    """Calibrate on the held-out pictures and describe the model.

    Args:
        model: The saved ``model.keras``.
        classes: Class names in the order of the outputs.
        probabilities: The model's output ``(N, classes)`` for the held-out pictures, the mean over each
            picture and its mirror image.
        labels: Their true classes ``(N,)``.

    Returns:
        The card; its threshold for "not sure" is where fewer than half of the predictions are right.
    """
    logits = np.log(np.clip(probabilities.astype(np.float64), 1e-45, None))
    temperature = fit_temperature(logits, labels)
    calibrated = softmax(logits / temperature)
    return ModelCard(
        id=EVERYDAY_ID,
        name="Everyday",
        description="Recognises ten everyday things, at once and offline.",
        origin="shipped",
        weights_sha256=hashlib.sha256(model.read_bytes()).hexdigest(),
        classes=[ClassLabel(class_id=name, label=name) for name in classes],
        input=InputSpec(height=SIZE, width=SIZE, mirrored=True),
        calibration=Calibration(
            temperature=round(temperature, 4),
            not_sure_below=round(unsure_threshold(calibrated, labels), 3),
            error_before=round(expected_calibration_error(softmax(logits), labels), 4),
            error_after=round(expected_calibration_error(calibrated, labels), 4),
        ),
        parameters=909_290,
        recipe="resnet-small",
        metrics={"top1": round(float((probabilities.argmax(axis=1) == labels).mean()), 4)},
        data="CIFAR-10, training set (Krizhevsky, 2009): 47,500 pictures of 32x32 pixels",
        versions={name: version(name) for name in ("keras", "tensorflow", "numpy")},
        licence="MIT",
        source="Trained by the Sightline project; see README.md beside this file",
        created=datetime.now(UTC).date().isoformat(),
    )
