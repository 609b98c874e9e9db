"""Only networks that choose one class are taken, whatever their last layer and their loss are called."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.meaning import check_meaning
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.inspection.keras.training_settings import TrainingSettings
from tests.keras_file import CLASSES, SIDE, dense, functional, layer, write_keras


@pytest.mark.parametrize(
    ("outputs", "activation", "loss"),
    [
        (3, "softmax", ""),
        (3, "softmax", "binary_crossentropy"),
        (3, "softmax", "mean_squared_error"),
        (3, "sigmoid", "categorical_crossentropy"),
        (3, "linear", "sparse_categorical_crossentropy"),
        (3, "relu", "categorical_crossentropy"),
        (1, "sigmoid", ""),
        (1, "sigmoid", "binary_crossentropy"),
        (1, "linear", "binary_crossentropy"),
        (3, "normalization", "categorical_crossentropy"),
        (3, "log_softmax", ""),
    ],
)
def test_classifiers_are_taken(outputs, activation, loss):
    assert check_meaning(outputs, {activation}, TrainingSettings(loss)) == ""


def test_numbers_without_activation_and_loss_are_logits_and_that_is_said():
    assert "logits" in check_meaning(3, {"linear"}, TrainingSettings())
    metrics = ("accuracy", "mean_absolute_error")
    assert "logits" in check_meaning(3, {"linear"}, TrainingSettings("my_loss", metrics))


def test_one_sigmoid_with_an_accuracy_says_which_of_two_classes():
    assert check_meaning(1, {"sigmoid"}, TrainingSettings("mean_squared_error", ("accuracy",))) == ""
    assert "logits" in check_meaning(1, {"linear"}, TrainingSettings("my_loss", ("binary_accuracy",)))


def test_what_is_computed_last_by_something_else_is_left_to_the_first_answers():
    assert check_meaning(3, frozenset(), TrainingSettings("mean_squared_error")) == ""


@pytest.mark.parametrize(
    ("outputs", "activation", "settings", "words"),
    [
        (4, "sigmoid", TrainingSettings(), "each of its 4 outputs is a sigmoid of its own, so several"),
        (4, "sigmoid", TrainingSettings("binary_crossentropy"), r"\(trained with binary_crossentropy\)"),
        (4, "sigmoid", TrainingSettings("asymmetric_loss"), "several labels can be right at once"),
        (4, "linear", TrainingSettings("binary_crossentropy"), "4 numbers .* several labels"),
        (4, "linear", TrainingSettings("my_loss", ("binary_accuracy",)), "several labels"),
        (1, "linear", TrainingSettings("mean_squared_error"), r"estimates 1 number \(trained with"),
        (4, "linear", TrainingSettings("huber"), "estimates 4 numbers .* names no class"),
        (1, "linear", TrainingSettings("", ("mean_absolute_error",)), "measured with mean_absolute_error"),
        (1, "linear", TrainingSettings(), "no activation, and its file names no loss"),
        (1, "linear", TrainingSettings("my_loss"), "which of two classes"),
        (1, "sigmoid", TrainingSettings("mean_squared_error"), "from 0 to 1 .* may be an amount"),
        (64, "normalization", TrainingSettings(), "end in normalization"),
        (1, "relu", TrainingSettings("mean_absolute_error"), "end in relu .*features or amounts"),
        (64, "relu", TrainingSettings(), "features or amounts rather than classes"),
        (1, "tanh", TrainingSettings("hinge"), "end in tanh"),
        (1, "softmax", TrainingSettings("binary_crossentropy"), "1 for every picture"),
    ],
)  # fmt: skip
def test_other_tasks_are_refused_with_what_was_seen(outputs, activation, settings, words):
    with pytest.raises(ModelError, match=words) as refusal:
        check_meaning(outputs, {activation}, settings)
    assert refusal.value.advice


def ending(path, *layers, compiled=None):
    """Save a network whose layers behind ``logits`` are given, with what it was compiled with."""
    flatten = layer("Flatten", "flatten", ["picture"], data_format="channels_last")
    head = [flatten, dense("logits", "flatten", SIDE * SIDE * 3, CLASSES), *layers]
    config = functional(head, head[-1]["name"], [None, SIDE, SIDE, 3])
    config["compile_config"] = compiled
    return write_keras(path, config)


def sigmoid(name, source):
    return layer("Activation", name, [source], activation="sigmoid")


def test_sigmoids_are_found_behind_layers_that_change_nothing(tmp_path):
    path = ending(tmp_path / "a.keras", sigmoid("s", "logits"), layer("Dropout", "d", ["s"], rate=0.5))
    with pytest.raises(ModelError, match=r"a\.keras is refused: each of its 3 outputs is a sigmoid"):
        inspect_archive(path)


def test_arithmetic_does_not_hide_them(tmp_path):
    times = layer("Multiply", "t", ["s"], module="keras.src.ops.numpy")
    times["config"] = {"name": "t"}
    times["inbound_nodes"][0]["args"].append(1.0)
    rescaled = layer("Rescaling", "r", ["t"], scale=2.0, offset=0.0)
    with pytest.raises(ModelError, match="sigmoid of its own"):
        inspect_archive(ending(tmp_path / "a.keras", sigmoid("s", "logits"), times, rescaled))


def test_normalised_features_are_no_classes(tmp_path):
    path = ending(tmp_path / "a.keras", layer("UnitNormalization", "u", ["logits"], axis=[-1]))
    with pytest.raises(ModelError, match="end in normalization"):
        inspect_archive(path)


def test_sigmoids_are_found_in_every_branch(tmp_path):
    softmax = layer("Softmax", "p", ["logits"], axis=-1)
    mean = layer("Average", "mean", ["p", "s"])
    with pytest.raises(ModelError, match="sigmoid of its own"):
        inspect_archive(ending(tmp_path / "a.keras", softmax, sigmoid("s", "logits"), mean))


@pytest.mark.parametrize(
    "loss",
    [
        "mse",
        {"class_name": "MeanSquaredError", "module": "no_such_module", "config": {}},
        {"class_name": "function", "module": "builtins", "config": "mean_squared_error"},
        ["mean_squared_error"],
        {"out": "mean_squared_error"},
    ],
)
def test_a_regression_is_recognised_by_its_loss_which_is_never_built(tmp_path, loss):
    with pytest.raises(ModelError, match="estimates 3 numbers"):
        inspect_archive(ending(tmp_path / "a.keras", compiled={"loss": loss, "metrics": ["mae"]}))


@pytest.mark.parametrize("compiled", [None, {}, {"loss": 3}, {"loss": "x" * 1000, "metrics": {"a": None}}])
def test_settings_that_say_nothing_leave_logits(tmp_path, compiled):
    assert "logits" in inspect_archive(ending(tmp_path / "a.keras", compiled=compiled)).reading
