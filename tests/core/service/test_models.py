import logging
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop_app.core.foundation.errors import DamagedInstallation, ModelError
from desktop_app.core.library.store import Library
from desktop_app.core.service.models import Models
from desktop_app.core.service.refusals import Refusal
from tests.core.service.running import add_models


@pytest.fixture
def models(loader):
    return Models(add_models("colours", "colours-2", "colours-3"), "colours", load=loader)


def test_each_model_is_loaded_once(models, loader):
    assert models.get() is models.get("colours") is models.get(None)
    assert loader.loaded == ["colours"]


def test_the_one_that_was_asked_longest_ago_makes_room_but_never_the_default_one(models, loader):
    for model_id in ("colours", "colours-2", "colours-3", "colours-3", "colours-2", "colours"):
        models.get(model_id)
    assert loader.loaded == ["colours", "colours-2", "colours-3", "colours-2"]
    assert [entry.id for entry in models.describe() if entry.loaded] == ["colours", "colours-2"]


def test_while_one_is_loaded_others_are_told_to_come_back(models, loader):
    loader.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(models.get)
        assert loader.loading.wait(60)
        for model_id in (None, "colours-2"):
            with pytest.raises(Refusal, match="colours is being loaded") as caught:
                models.get(model_id)
            assert caught.value.status == 503
        with pytest.raises(Refusal) as caught:
            models.get("dragons")
        assert caught.value.status == 404
        loader.gate.set()
        assert first.result(60) is models.get()


def test_who_reads_in_the_log_that_a_model_answers_is_answered(models):
    answers = []

    class Reader(logging.Handler):
        def emit(self, record):
            try:
                answers.append((record.getMessage(), models.get()))
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
    assert answers == [("Colours (colours) answers on the test bench.", models.get())]


def test_nobody_takes_the_loading_of_the_default_model_from_the_service(models, loader):
    models.reserve_default()
    for model_id in (None, "colours-2"):
        with pytest.raises(Refusal, match="colours is being loaded"):
            models.get(model_id)
    models.load_default()
    assert models.ready
    models.get("colours-2")
    assert loader.loaded == ["colours", "colours-2"]


def test_a_reserved_default_model_that_failed_is_loaded_by_the_next_who_asks(models, loader):
    models.reserve_default()
    loader.error = ModelError("The file is damaged.", "Import it again.")
    with pytest.raises(ModelError):
        models.load_default()
    assert "damaged" in models.problem
    loader.error = None
    models.get()
    assert models.ready
    assert models.problem == ""


def test_a_model_that_failed_is_tried_again(models, loader):
    loader.error = ModelError("The file is damaged.", "Import it again.")
    with pytest.raises(ModelError):
        models.get()
    with pytest.raises(Refusal, match="damaged"):
        models.check_ready()
    loader.error = None
    models.get()
    models.check_ready()
    assert models.ready


def test_a_damaged_installation_is_told_to_those_who_wait(models, monkeypatch):
    def fail(_model_id):
        raise DamagedInstallation("The list of classes cannot be read.", "Reinstall Sightline.")

    monkeypatch.setattr(models._library, "get", fail)
    with pytest.raises(DamagedInstallation):
        models.get()
    with pytest.raises(Refusal, match="list of classes"):
        models.check_ready()


def test_a_defect_while_loading_is_told_without_its_own_words(models, loader):
    loader.error = RuntimeError("/secret/place")
    with pytest.raises(RuntimeError):
        models.get()
    with pytest.raises(Refusal, match="could not be loaded") as caught:
        models.check_ready()
    assert "secret" not in f"{caught.value} {models.problem}"


def test_a_model_that_was_replaced_is_loaded_again(models, loader):
    first = models.get("colours-2")
    card = Library.default().installed / "colours-2" / "card.json"
    os.utime(card, ns=(1, 1))
    assert models.get("colours-2") is not first


def test_a_model_that_was_removed_is_forgotten(models):
    models.get("colours-2")
    Library.default().remove("colours-2")
    with pytest.raises(Refusal, match="no model 'colours-2'"):
        models.get("colours-2")


def test_a_default_model_that_is_not_there():
    with pytest.raises(Refusal, match="no model 'dragons'"):
        Models(Library.default(), "dragons").check_known()
    with pytest.raises(Refusal, match="not installed"):
        Models(Library.default(), "vgg19").check_known()
    assert Models(Library.default()).default_id == "everyday"
