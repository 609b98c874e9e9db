import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation.errors import Cancelled, DamagedInstallation, ModelError
from desktop_app.core.library.store import Library
from desktop_app.core.service.models import Models
from desktop_app.core.service.refusals import Refusal
from tests.core.service.running import add_models, wait_until


@pytest.fixture
def pool(loader):
    return ModelPool(add_models("colours", "colours-2", "colours-3"), load=loader, free=lambda: 0)


@pytest.fixture
def models(pool):
    return Models(pool, "colours")


def ask(models, model_id=None):
    """Use a model for a moment."""
    with models.use(model_id) as model:
        return model.classifier


def test_each_model_is_loaded_once(models, loader):
    assert ask(models) is ask(models, "colours") is ask(models, None)
    assert loader.loaded == ["colours"]


def test_those_who_ask_the_same_model_meanwhile_share_a_batcher(models):
    with models.use() as first, models.use("colours") as second, models.use("colours-2") as other:
        assert first.batcher is second.batcher
        assert first.batcher is not other.batcher
    assert models.waiting() == 0


@pytest.mark.parametrize(("engine_name", "batches"), [("openvino", [1] * 6), ("tensorflow", [1, 5])])
def test_openvino_gets_one_picture_at_a_time_and_tensorflow_those_that_wait(
    models, loader, engine_name, batches
):
    classifier = ask(models)
    classifier.by = replace(classifier.by, engine=engine_name)
    classifier.gate.clear()
    pixels = np.full((8, 8, 3), 9, np.uint8)
    with models.use() as model, ThreadPoolExecutor(6) as threads:
        first = threads.submit(model.batcher.answer, lambda: pixels)
        assert classifier.running.wait(60)
        others = [threads.submit(model.batcher.answer, lambda: pixels) for _ in range(5)]
        wait_until(lambda: model.batcher.waiting == 5)
        classifier.gate.set()
        assert [list(asked.result(60)) for asked in (first, *others)] == [[9, 9, 9]] * 6
    assert classifier.batches == batches


def test_as_many_run_a_network_at_once_as_it_is_quickest_with(models):
    classifier = ask(models)
    classifier.calls_at_once = 3
    classifier.by = replace(classifier.by, engine="openvino")
    classifier.gate.clear()
    pixels = np.full((8, 8, 3), 9, np.uint8)
    with models.use() as model, ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(model.batcher.answer, lambda: pixels) for _ in range(5)]
        wait_until(lambda: classifier.inside == 3 and model.batcher.waiting == 2)
        classifier.gate.set()
        assert [list(each.result(60)) for each in asked] == [[9, 9, 9]] * 5
    assert classifier.batches == [1] * 5


def test_what_computes_a_model_is_known_while_it_is_in_memory(models):
    assert models.computed("colours") is None
    ask(models)
    assert models.computed("colours").model_dump(exclude_none=True) == {
        "name": "tensorflow",
        "precision": "float32",
        "device": "test bench",
    }


def test_a_model_that_others_use_is_not_loaded_again(models, pool, loader):
    with pool.acquire("colours") as lease:
        models.reserve_default()
        assert ask(models) is lease.classifier
        models.load_default()
    assert models.ready
    assert loader.loaded == ["colours"]


def test_a_model_that_others_load_is_refused_but_the_default_one_is_waited_for(models, pool, loader):
    loader.gate.clear()
    with ThreadPoolExecutor(2) as threads:
        elsewhere = threads.submit(pool.acquire, "colours")
        assert loader.loading.wait(60)
        with pytest.raises(Refusal, match="colours is being loaded"):
            ask(models)
        models.reserve_default()
        waiting = threads.submit(models.load_default)
        loader.gate.set()
        waiting.result(60)
        elsewhere.result(60).release()
    assert models.ready
    assert loader.loaded == ["colours"]


def test_a_service_that_stops_does_not_wait_for_what_others_load(models, pool, loader):
    loader.gate.clear()
    with ThreadPoolExecutor(2) as threads:
        elsewhere = threads.submit(pool.acquire, "colours")
        assert loader.loading.wait(60)
        models.reserve_default()
        waiting = threads.submit(models.load_default)
        models.close()
        with pytest.raises(Cancelled):
            waiting.result(60)
        loader.gate.set()
        elsewhere.result(60).release()
    assert not models.problem


def test_the_default_model_stays_until_the_service_stops(models, pool, monkeypatch):
    monkeypatch.setattr("desktop_app.core.classify.pool.SMALL_BYTES", 0)
    for model_id in ("colours", "colours-2"):
        ask(models, model_id)
    assert [entry.id for entry in models.describe() if entry.loaded] == ["colours"]
    models.close()
    assert not pool.is_loaded("colours")


def test_a_request_after_the_end_keeps_no_model(models, pool, monkeypatch):
    monkeypatch.setattr("desktop_app.core.classify.pool.SMALL_BYTES", 0)
    models.close()
    ask(models)
    assert not pool.is_loaded("colours")


def test_while_one_is_loaded_others_are_told_to_come_back(models, loader):
    loader.gate.clear()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(ask, models)
        assert loader.loading.wait(60)
        for model_id in (None, "colours-2"):
            with pytest.raises(Refusal, match="colours is being loaded") as caught:
                ask(models, model_id)
            assert caught.value.status == 503
        with pytest.raises(Refusal) as caught:
            ask(models, "dragons")
        assert caught.value.status == 404
        loader.gate.set()
        assert first.result(60) is ask(models)


def test_who_reads_in_the_log_that_a_model_answers_is_answered(models):
    answers = []

    class Reader(logging.Handler):
        def emit(self, record):
            try:
                answers.append((record.getMessage(), ask(models)))
            except Refusal as refusal:
                answers.append((record.getMessage(), refusal))

    log, reader = logging.getLogger("desktop_app.core.service.models"), Reader()
    before = log.level
    log.setLevel(logging.INFO)
    log.addHandler(reader)
    try:
        models.reserve_default()
        models.load_default()
    finally:
        log.removeHandler(reader)
        log.setLevel(before)
    said = "Colours (colours) answers on the test bench: TensorFlow, float32."
    assert answers == [(said, ask(models))]


def test_nobody_takes_the_loading_of_the_default_model_from_the_service(models, loader):
    models.reserve_default()
    for model_id in (None, "colours-2"):
        with pytest.raises(Refusal, match="colours is being loaded"):
            ask(models, model_id)
    models.load_default()
    assert models.ready
    ask(models, "colours-2")
    assert loader.loaded == ["colours", "colours-2"]


def test_a_reserved_default_model_that_failed_is_loaded_by_the_next_who_asks(models, loader):
    models.reserve_default()
    loader.error = ModelError("The file is damaged.", "Import it again.")
    with pytest.raises(ModelError):
        models.load_default()
    assert "damaged" in models.problem
    loader.error = None
    ask(models)
    assert models.ready
    assert models.problem == ""


def test_a_model_that_failed_is_tried_again(models, loader):
    loader.error = ModelError("The file is damaged.", "Import it again.")
    with pytest.raises(ModelError):
        ask(models)
    with pytest.raises(Refusal, match="damaged"):
        models.check_ready()
    loader.error = None
    ask(models)
    models.check_ready()
    assert models.ready


def test_a_damaged_installation_is_told_to_those_who_wait(models, pool, monkeypatch):
    def fail(_model_id):
        raise DamagedInstallation("The list of classes cannot be read.", "Reinstall Sightline.")

    monkeypatch.setattr(pool.library, "get", fail)
    with pytest.raises(DamagedInstallation):
        ask(models)
    with pytest.raises(Refusal, match="list of classes"):
        models.check_ready()


def test_a_defect_while_loading_is_told_without_its_own_words(models, loader):
    loader.error = RuntimeError("/secret/place")
    with pytest.raises(RuntimeError):
        ask(models)
    with pytest.raises(Refusal, match="could not be loaded") as caught:
        models.check_ready()
    assert "secret" not in f"{caught.value} {models.problem}"


def test_a_model_that_was_replaced_is_loaded_again(models, loader):
    first = ask(models, "colours-2")
    card = Library.default().installed / "colours-2" / "card.json"
    os.utime(card, ns=(1, 1))
    assert ask(models, "colours-2") is not first


def test_a_model_that_was_removed_is_forgotten(models):
    ask(models, "colours-2")
    Library.default().remove("colours-2")
    with pytest.raises(Refusal, match="no model 'colours-2'"):
        ask(models, "colours-2")


def test_a_default_model_that_is_not_there():
    with pytest.raises(Refusal, match="no model 'dragons'"):
        Models(ModelPool(Library.default()), "dragons").check_known()
    with pytest.raises(Refusal, match="not installed"):
        Models(ModelPool(Library.default()), "vgg19").check_known()
    assert Models(ModelPool(Library.default())).default_id == "imagenet-better"
