"""A script reaches what the training in Sightline reached: bit for bit where both compute the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.library.backbones.catalogue import BACKBONES
from desktop_app.core.training.loop.precision import seeded
from desktop_app.core.training.script.writing import write_script
from tests.core.training.script.made import loaded, trained
from tests.core.training.tiny import figures, make_data, tiny_config, weights
from tests.core.training.watched import Run
from tests.small_backbone import tiny_lite

__all__ = ["tiny_lite"]

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine", "tiny_lite")]

AUGMENTED = {
    "degrade": 0.5, "erase": 0.5, "saturation": 0.3, "contrast": 0.2, "brightness": 0.1, "shift": 0.1,
    "zoom": 0.2, "shear": 0.1, "reshaped": 0.5, "flip_vertical": True, "optimizer": "sgd",
}  # fmt: skip
PRETRAINED = {
    "recipe": "pretrained", "input_size": 32, "random_weights": True, "epochs": 3, "head": "linear",
    "copies": 2,
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return make_data(tmp_path / "data")


def made(tmp_path, data, **changes):
    """Train in Sightline, and write the script."""
    run = Run(tmp_path, tiny_config(data, **changes))
    assert run.result.status == "finished", run.result
    write_script(run.entry, tmp_path / "code")
    return run


def differences(run, found, tmp_path):
    """The largest difference of the epochs' figures, and of the weights that are kept."""
    rows = figures(run.entry.folder)
    assert len(rows) == len(found)
    of_figures = max(
        abs(float(row[name]) - logs[name])
        for row, logs in zip(rows, found, strict=True)
        for name in ("loss", "accuracy", "val_loss", "val_accuracy")
    )
    return of_figures, of_weights(run, tmp_path)


def of_weights(run, tmp_path):
    """The largest difference of the weights that are kept."""
    own = weights(run.library, run.result.model_id)
    kept = weights(_Folder(tmp_path / "code" / "model.keras"), "")
    assert own.keys() == kept.keys()
    return max(float(np.abs(own[name] - kept[name]).max(initial=0)) for name in own)


class _Folder:
    """A library with one model."""

    def __init__(self, path):
        self.weights = path

    def get(self, _model_id):
        return self


def test_a_script_alone_reaches_the_same_weights_bit_for_bit(data, tmp_path):
    """With every random change of the pictures, dropout and momentum, in a process without Sightline."""
    run = made(tmp_path, data, **AUGMENTED)
    guard = "import sys; sys.modules['desktop_app'] = None; import runpy; "
    guard += "runpy.run_path(sys.argv[1], run_name='__main__')"
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", guard, str(tmp_path / "code" / "train.py")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert of_weights(run, tmp_path) == 0
    share = run.result.evaluation.metrics["accuracy"]
    assert f"test: {share:.1%} of 6 pictures are right" in done.stdout


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        # Keras' own Adam and its exponential schedule round in other places than Sightline's.
        ({"recipe": "digits-cnn", "schedule": "exponential", "l2": 1e-3}, 1e-4),
        ({"recipe": "row-rnn", "schedule": "plateau", "early_stopping": 1, "optimizer": "adamw"}, 1e-4),
        (
            {
                "recipe": "cats-dogs-cnn",
                "class_weights": True,
                "optimizer": "rmsprop",
                "schedule": "constant",
            },
            0,
        ),
        # A new head in NumPy, from features that OpenVINO may have computed.
        (PRETRAINED | {"optimizer": "adam", "schedule": "cosine"}, 1e-4),
        (PRETRAINED | {"head": "hidden", "copies": 0, "optimizer": "adam", "schedule": "cosine"}, 1e-4),
        # Fine-tuning, in epochs that are counted on.
        (PRETRAINED | {"fine_tune_epochs": 2, "schedule": "plateau", "optimizer": "sgd"}, 1e-6),
    ],
    ids=["adam", "adamw", "rmsprop", "head", "hidden head", "fine-tuning"],
)
def test_epochs_and_weights_are_those_of_the_run(changes, most, data, tmp_path):
    run = made(tmp_path, data, **changes)
    module = loaded((tmp_path / "code" / "train.py").read_text(encoding="utf-8"), tmp_path / "code")
    found, printed = trained(module)
    assert max(differences(run, found, tmp_path)) <= most
    assert f"test: {run.result.evaluation.metrics['accuracy']:.1%} of 6 pictures" in printed


def test_rare_classes_count_as_much_as_common_ones(tmp_path):
    data = make_data(tmp_path / "data", count=16)
    for number in range(12):
        (data / "class 1" / f"{number}.png").unlink()
    run = made(tmp_path, data, optimizer="sgd", epochs=3, early_stopping=2)
    assert run.entry.record.unbalanced
    text = (tmp_path / "code" / "train.py").read_text(encoding="utf-8")
    assert 'merit = (logs["val_balanced_accuracy"], -logs["val_loss"])' in text
    found, printed = trained(loaded(text, tmp_path / "code"))
    assert differences(run, found, tmp_path) == (0, 0)
    rows = figures(run.entry.folder)
    own = [float(row["val_balanced_accuracy"]) for row in rows]
    np.testing.assert_allclose([logs["val_balanced_accuracy"] for logs in found], own, atol=1e-6)
    assert f"{run.result.evaluation.metrics['balanced_accuracy']:.1%} balanced accuracy" in printed


def test_without_validation_and_test_pictures_the_training_loss_decides(data, tmp_path):
    run = made(tmp_path, data, optimizer="sgd", validation_split=0.0, test_split=0.0)
    text = (tmp_path / "code" / "train.py").read_text(encoding="utf-8")
    found, printed = trained(loaded(text, tmp_path / "code"))
    assert [logs["loss"] for logs in found] == [float(row["loss"]) for row in figures(run.entry.folder)]
    assert of_weights(run, tmp_path) == 0
    assert "pictures are right" not in printed


def test_mixed_precision_is_used_and_the_kept_network_has_32_bits(data, tmp_path):
    import keras

    made(tmp_path, data, mixed_precision=True, optimizer="sgd")
    text = (tmp_path / "code" / "train.py").read_text(encoding="utf-8")
    before = keras.config.dtype_policy()
    try:
        found, _printed = trained(loaded(text, tmp_path / "code"))
    finally:
        keras.config.set_dtype_policy(before)
    assert len(found) == 2
    model = keras.models.load_model(tmp_path / "code" / "model.keras", compile=False)
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}


def test_the_weights_of_a_backbone_lie_beside_the_script(data, tmp_path, monkeypatch):
    """The file holds what the run was trained on; without it, the script says what is missing."""
    own = BACKBONES["imagenet-better"]
    kept = own.build(32, None)

    def build(size, weights):
        return own.build(size, None) if weights is None else _copy(own, size, kept)

    with_weights = replace(own, require_weights=lambda: (tmp_path,), build=build)
    monkeypatch.setitem(BACKBONES, "imagenet-better", with_weights)
    changes = PRETRAINED | {"random_weights": False, "optimizer": "sgd", "fine_tune_epochs": 1}
    run = made(tmp_path, data, **changes)
    text = (tmp_path / "code" / "train.py").read_text(encoding="utf-8")
    assert 'kernel_initializer="zeros"' in text
    found, _printed = trained(loaded(text, tmp_path / "code"))
    assert max(differences(run, found, tmp_path)) <= 1e-4
    (tmp_path / "code" / "backbone.weights.h5").unlink()
    with pytest.raises(SystemExit, match=r"backbone\.weights\.h5 is missing: sightline code .* --output"):
        trained(loaded(text, tmp_path / "code"))


def _copy(backbone, size, kept):
    """A backbone with weights from elsewhere, made without drawing random numbers as those in files are."""
    with seeded(1):
        model = backbone.build(size, None)
    model.set_weights(kept.get_weights())
    return model
