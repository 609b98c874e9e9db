from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from desktop_app.core.foundation.errors import Reason, StorageError
from desktop_app.core.networks.memory_need import NetworkTooLarge
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.failures import NotFinite, explain, is_memory
from desktop_app.core.training.settings.hyperparameters import default_hyperparameters

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

LOG = Path("runs/x/log.txt")


def explained(error, recipe="two-block-cnn", **changes):
    values = default_hyperparameters().changed({"batch_size": 32, "input_size": 64} | changes)
    return explain(error, values, catalogue.get(recipe), LOG)


def memory_errors():
    import tensorflow as tf

    yield MemoryError()
    yield tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
    yield tf.errors.InternalError(None, None, "Failed to allocate memory: CUDA_ERROR_OUT_OF_MEMORY")


def test_every_kind_of_full_memory_offers_less(engine):
    for error in memory_errors():
        failure = explained(error)
        assert "not enough memory for batches of 32 pictures of 64 x 64" in failure.reason.text
        assert [retry.changes for retry in failure.retry] == [{"batch_size": 16}, {"input_size": 32}]


def test_tensorflow_is_not_loaded_to_judge_an_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert is_memory(MemoryError())
    assert is_memory(RuntimeError("Out of memory"))
    assert not is_memory(RuntimeError("odd"))


def test_nothing_smaller_is_offered_than_there_is():
    assert explained(MemoryError(), batch_size=1, input_size=8).retry == ()


def test_a_diverged_training_offers_a_tenth_of_the_rate():
    [retry] = explained(NotFinite(), learning_rate=0.03).retry
    assert retry.changes == {"learning_rate": 0.003}
    assert "0.003" in retry.label
    assert explained(NotFinite(), learning_rate=1e-7).retry == ()


def test_sentences_are_passed_on():
    failure = explained(StorageError("The disk is too full.", "Make room."))
    assert (failure.reason, failure.retry) == (Reason("The disk is too full.", "Make room."), ())


def test_the_unforeseen_is_logged(caplog):
    failure = explained(KeyError("strange"))
    assert "unexpected error" in failure.reason.text
    assert str(LOG) in failure.reason.advice
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert caplog.records[0].exc_info


def at_stage(stage, error=None):
    values = default_hyperparameters().changed({"batch_size": 32, "input_size": 64})
    return explain(error or MemoryError(), values, catalogue.get("two-block-cnn"), LOG, stage)


@pytest.mark.parametrize(
    ("stage", "said", "offered"),
    [
        ("data", "to check and read the pictures", []),
        ("network", "for this network, whatever the batch size", [{"input_size": 32}]),
        ("outcome", "The training is done, but there is not enough memory to keep the model", []),
        ("training", "for batches of 32 pictures", [{"batch_size": 16}, {"input_size": 32}]),
    ],
)
def test_the_advice_fits_what_memory_was_needed_for(stage, said, offered):
    failure = at_stage(stage)
    assert said in failure.reason.text
    assert ("batch" in failure.reason.advice) is (stage == "training")
    assert [retry.changes for retry in failure.retry] == offered


def test_a_network_that_is_too_large_for_one_picture_needs_no_smaller_batches():
    assert at_stage("training", NetworkTooLarge()) == at_stage("network")
