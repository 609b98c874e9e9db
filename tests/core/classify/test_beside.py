"""A model is made ready by another process, which is heard, cancelled and never left behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.classify import beside
from desktop_app.core.classify.beside import PROGRESS, compare_beside, load_beside
from desktop_app.core.classify.readying import make_ready_now
from desktop_app.core.engine.compiled import openvino_version
from desktop_app.core.foundation import children
from desktop_app.core.foundation.cancellation import CancelSource
from desktop_app.core.foundation.errors import Cancelled, ModelError
from desktop_app.core.inference.choice import AUTOMATIC, EngineChoice
from desktop_app.core.inference.engine_record import read_record
from desktop_app.core.library.store import Library
from tests.tiny_model import install_colour_model

FOREVER = "import time; time.sleep(600)"


@pytest.fixture
def stand_in(monkeypatch):
    """`stand_in(code)` lets Python with some code stand for the process; returns the processes started."""
    started = []
    popen = subprocess.Popen

    def start(*given, **options):
        started.append(popen(*given, **options))
        return started[-1]

    def use(code):
        monkeypatch.setattr(beside, "own_command", lambda *_words: [sys.executable, "-c", code])
        return started

    monkeypatch.setattr(children.subprocess, "Popen", start)
    return use


@pytest.fixture
def loaded(monkeypatch):
    """The ids of models that were loaded; nothing is."""
    ids = []
    monkeypatch.setattr(beside, "load_classifier", lambda model_id, *_given: ids.append(model_id))
    return ids


@pytest.fixture
def library():
    library = Library.default()
    install_colour_model(library)
    return library


pytestmark = pytest.mark.engine


def saying(done, then=""):
    return f"print({PROGRESS.format(done, 32)!r}, flush=True); {then}"


def test_the_process_makes_it_ready_and_this_one_notes_the_proof(library, monkeypatch):
    told = []
    monkeypatch.setattr(
        "desktop_app.core.classify.readying.by_tensorflow", lambda *_given: pytest.fail("it was done here")
    )
    record = make_ready_now(library, "colours", on_progress=lambda *counts: told.append(counts), beside=True)
    assert record.proofs[0].holds
    entry = library.get("colours")
    assert read_record(entry, openvino_version()) == record
    assert entry.card.proofs == record.proofs
    assert told == sorted(told)
    assert told[-1][1] == 32


def test_its_progress_is_told(library, stand_in):
    stand_in(saying(8, FOREVER))
    told, cancel = [], CancelSource()

    def stop(*counts):
        told.append(counts)
        cancel.cancel()

    with pytest.raises(Cancelled):
        compare_beside(library.get("colours"), cancel=cancel.token, on_progress=stop)
    assert told == [(8, 32)]


def test_cancelled_it_ends_and_nothing_has_changed(library, stand_in):
    started = stand_in(saying(8, FOREVER))
    cancel = CancelSource()
    assert (
        make_ready_now(
            library,
            "colours",
            cancel=cancel.token,
            on_progress=lambda *_counts: cancel.cancel(),
            beside=True,
        )
        is None
    )
    assert started[0].returncode is not None
    assert library.get("colours").card.proofs == ()


def test_what_it_said_last_is_named_when_it_fails(library, stand_in):
    stand_in("import sys; sys.exit('There is no memory.')")
    with pytest.raises(ModelError, match=r"ended with status 1 and said: There is no memory\."):
        compare_beside(library.get("colours"))
    assert make_ready_now(library, "colours", beside=True) is None


def test_one_that_leaves_nothing_is_no_success(library, stand_in):
    stand_in("pass")
    with pytest.raises(ModelError, match="left no record of"):
        compare_beside(library.get("colours"))


def test_one_that_falls_silent_is_ended(library, stand_in, monkeypatch):
    monkeypatch.setattr(beside, "_SILENT_SECONDS", 0.0)
    started = stand_in(FOREVER)
    with pytest.raises(ModelError, match="said nothing for"):
        compare_beside(library.get("colours"))
    assert started[0].returncode is not None


def test_one_that_cannot_be_started_is_told(library, monkeypatch, tmp_path):
    monkeypatch.setattr(beside, "own_command", lambda *_words: [str(tmp_path / "nothing")])
    with pytest.raises(ModelError, match="No process could be started: "):
        compare_beside(library.get("colours"))


def test_another_library_is_not_looked_for(tmp_path, stand_in):
    started = stand_in("pass")
    other = Library(tmp_path / "shipped", tmp_path / "models", tmp_path / "trash")
    with pytest.raises(ModelError, match="library of its own"):
        compare_beside(install_colour_model(other))
    assert not started


def test_at_first_use_the_progress_is_told_and_the_model_loaded(library, stand_in, loaded):
    started = stand_in(saying(16))
    told = []
    load_beside("colours", library, AUTOMATIC, told.append)
    words = "Comparing OpenVINO with TensorFlow for Colours, this once"
    assert told == [f"{words}…", f"{words}: 16 of 32 pictures…"]
    assert (len(started), loaded) == (1, ["colours"])


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "pass"])
def test_where_it_fails_the_model_is_made_ready_here(library, stand_in, loaded, code):
    stand_in(code)
    load_beside("colours", library, AUTOMATIC, lambda _sentence: None)
    assert loaded == ["colours"]


def test_tensorflow_alone_and_a_gpu_need_no_comparison(library, stand_in, loaded, monkeypatch):
    started = stand_in("pass")
    load_beside("colours", library, EngineChoice(engine="tensorflow"), lambda _sentence: None)
    monkeypatch.setattr(beside, "gpu_expected", lambda: True)
    load_beside("colours", library, AUTOMATIC, lambda _sentence: None)
    assert (len(loaded), started) == (2, [])


def test_one_that_is_ready_is_only_loaded(library, stand_in, loaded):
    make_ready_now(library, "colours")
    started = stand_in("pass")
    load_beside("colours", library, AUTOMATIC, lambda _sentence: None)
    assert (loaded, started) == (["colours"], [])
