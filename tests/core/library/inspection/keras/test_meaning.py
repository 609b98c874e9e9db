"""What a network's outputs are for follows from its last layer and its loss, or is asked."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.summary import inspect_archive
from desktop_app.core.library.inspection.result.meaning import CLASSES as ONE_OF_SEVERAL
from desktop_app.core.library.inspection.result.meaning import meaning_of
from desktop_app.core.library.inspection.result.training_settings import TrainingSettings
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
        (1, "linear", "hinge"),
        (3, "normalization", "categorical_crossentropy"),
        (3, "log_softmax", ""),
    ],
)
def test_classifiers_are_recognised(outputs, activation, loss):
    assert meaning_of(outputs, {activation}, TrainingSettings(loss)) == ONE_OF_SEVERAL


def test_an_accuracy_says_that_numbers_are_classes():
    metrics = ("accuracy", "mean_absolute_error")
    meaning = meaning_of(3, {"linear"}, TrainingSettings("my_loss", metrics))
    assert (meaning.tasks, meaning.reason) == (
        ("classification",),
        "Its numbers are read as logits of the classes.",
    )
    assert meaning_of(1, {"sigmoid"}, TrainingSettings("mean_squared_error", ("accuracy",))) == ONE_OF_SEVERAL
    one = meaning_of(1, {"linear"}, TrainingSettings("my_loss", ("binary_accuracy",)))
    assert one.tasks == ("classification",)


def test_what_is_computed_last_by_something_else_is_left_to_the_first_answers():
    assert meaning_of(3, frozenset(), TrainingSettings()) == ONE_OF_SEVERAL
    assert meaning_of(3, frozenset(), TrainingSettings("mean_squared_error", ("accuracy",))) == ONE_OF_SEVERAL


@pytest.mark.parametrize(
    ("loss", "likeliest"), [("mean_squared_error", "regression"), ("binary_crossentropy", "multi-label")]
)
def test_a_mean_of_networks_is_asked_about_where_its_loss_speaks_against_classes(loss, likeliest):
    meaning = meaning_of(3, frozenset(), TrainingSettings(loss))
    assert meaning.tasks == (likeliest, "classification")
    assert loss in meaning.reason


@pytest.mark.parametrize(
    ("outputs", "activation", "settings", "tasks", "words"),
    [
        (4, "sigmoid", TrainingSettings("binary_crossentropy"), ["multi-label"], "each of its 4 outputs"),
        (4, "sigmoid", TrainingSettings("my_loss", ("binary_accuracy",)), ["multi-label"], "a sigmoid"),
        (4, "linear", TrainingSettings("binary_crossentropy"), ["multi-label"], "each of its 4 numbers"),
        (4, "linear", TrainingSettings("my_loss", ("binary_accuracy",)), ["multi-label"], "yes or no"),
        (4, "tanh", TrainingSettings("binary_crossentropy"), ["multi-label"], ""),
        (1, "linear", TrainingSettings("mean_squared_error"), ["regression"], "estimates 1 number"),
        (4, "linear", TrainingSettings("huber"), ["regression"], "estimates 4 numbers"),
        (1, "linear", TrainingSettings("", ("mean_absolute_error",)), ["regression"], "measured with"),
        (1, "relu", TrainingSettings("mean_absolute_error"), ["regression"], "trained with"),
        (1, "tanh", TrainingSettings("hinge"), ["classification"], "order pictures, and no more"),
        (4, "sigmoid", TrainingSettings(), ["multi-label", "classification", "regression"], "sigmoid"),
        (4, "sigmoid", TrainingSettings("my_loss"), ["multi-label", "classification", "regression"], "my_l"),
        (4, "sigmoid", TrainingSettings("huber"), ["regression", "multi-label", "classification"], "huber"),
        (3, "linear", TrainingSettings(), ["classification", "regression", "embedding"], "no activation"),
        (1, "linear", TrainingSettings(), ["regression", "classification"], "names no loss"),
        (1, "linear", TrainingSettings("my_loss"), ["regression", "classification"], "no activation"),
        (1, "sigmoid", TrainingSettings("huber"), ["regression", "classification"], "between 0 and 1"),
        (64, "normalization", TrainingSettings(), ["embedding", "regression", "classification"], "normali"),
        (64, "relu", TrainingSettings(), ["embedding", "regression", "classification"], "end in relu"),
        (64, "linear", TrainingSettings("cosine_similarity"), ["embedding", "regression"], "cosine"),
    ],
)  # fmt: skip
def test_other_tasks_are_recognised_or_asked_about(outputs, activation, settings, tasks, words):
    meaning = meaning_of(outputs, {activation}, settings)
    assert list(meaning.tasks) == tasks
    assert words in meaning.reason.lower()
    assert meaning.decided == (len(tasks) == 1)


def test_one_output_of_a_softmax_is_refused():
    with pytest.raises(ModelError, match="1 for every picture") as refusal:
        meaning_of(1, {"softmax"}, TrainingSettings("binary_crossentropy"))
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
    assert inspect_archive(path).meaning.reason == "Each of its 3 outputs is a sigmoid of its own."


def test_arithmetic_does_not_hide_them(tmp_path):
    times = layer("Multiply", "t", ["s"], module="keras.src.ops.numpy")
    times["config"] = {"name": "t"}
    times["inbound_nodes"][0]["args"].append(1.0)
    rescaled = layer("Rescaling", "r", ["t"], scale=2.0, offset=0.0)
    path = ending(tmp_path / "a.keras", sigmoid("s", "logits"), times, rescaled)
    assert inspect_archive(path).meaning.tasks[0] == "multi-label"


def test_normalised_features_are_no_classes(tmp_path):
    path = ending(tmp_path / "a.keras", layer("UnitNormalization", "u", ["logits"], axis=[-1]))
    assert inspect_archive(path).meaning.tasks[0] == "embedding"


def test_sigmoids_are_found_in_every_branch(tmp_path):
    softmax = layer("Softmax", "p", ["logits"], axis=-1)
    mean = layer("Average", "mean", ["p", "s"])
    path = ending(tmp_path / "a.keras", softmax, sigmoid("s", "logits"), mean)
    assert inspect_archive(path).meaning.tasks[0] == "multi-label"


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
    path = ending(tmp_path / "a.keras", compiled={"loss": loss, "metrics": ["mae"]})
    meaning = inspect_archive(path).meaning
    assert (meaning.tasks, meaning.reason[:22]) == (("regression",), "It estimates 3 numbers")


@pytest.mark.parametrize("compiled", [None, {}, {"loss": 3}, {"loss": "x" * 1000, "metrics": {"a": None}}])
def test_settings_that_say_nothing_leave_it_open(tmp_path, compiled):
    assert not inspect_archive(ending(tmp_path / "a.keras", compiled=compiled)).meaning.decided
