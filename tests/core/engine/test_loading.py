from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from desktop_app.core.engine import loading


@pytest.mark.engine
def test_leaves_other_threads_running_while_it_loads():
    """In a fresh process, the longest pause of another thread stays far below a plain import's."""
    script = """
import sys, threading, time
from desktop_app.core.engine.loading import engine_loaded, load_engine
import gc
assert not engine_loaded()
ticks, done = [], threading.Event()
def tick():
    while not done.wait(0.002):
        ticks.append(time.perf_counter())
thread = threading.Thread(target=tick)
thread.start()
load_engine()
done.set(); thread.join()
assert engine_loaded()
assert gc.isenabled() and gc.get_freeze_count() > 100_000
load_engine()
print(len(ticks))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert int(done.stdout) > 50


def test_says_what_to_do_when_tensorflow_is_missing(monkeypatch):
    monkeypatch.setattr(loading, "engine_loaded", lambda: False)
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(loading, "map_libraries", lambda *_: None)
    with pytest.raises(loading.EngineError, match="TensorFlow cannot be loaded") as caught:
        loading.load_engine()
    assert "doctor" in caught.value.advice


@pytest.mark.engine
def test_the_users_own_keras_settings_neither_count_nor_change(tmp_path):
    settings = tmp_path / ".keras" / "keras.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"floatx": "float16", "image_data_format": "channels_first"}))
    before = settings.stat()
    script = """
from desktop_app.core.engine.loading import load_engine
load_engine()
from keras import config
print(config.floatx(), config.image_data_format(), config.backend(), config.max_epochs())
"""
    hostile = {"HOME": str(tmp_path), "KERAS_BACKEND": "torch", "KERAS_MAX_EPOCHS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **hostile},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == ["float32", "channels_last", "tensorflow", "None"]
    assert list(tmp_path.rglob("*")) == [settings.parent, settings]
    assert settings.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    ("avx2", "before", "after"),
    [(True, None, "1"), (False, None, None), (True, "0", "0")],
)
def test_convolutions_run_in_onednn_where_the_processor_has_avx2(monkeypatch, avx2, before, after):
    """Unless the user's environment says otherwise."""
    if before is None:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "")  # so that it is put back
        monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    else:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", before)
    monkeypatch.setattr(loading, "engine_loaded", lambda: False)
    monkeypatch.setattr(loading, "has_avx2", lambda: avx2)
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(loading, "map_libraries", lambda *_: None)
    with pytest.raises(loading.EngineError):
        loading.load_engine()
    assert os.environ.get("TF_ENABLE_ONEDNN_OPTS") == after


@pytest.mark.engine
def test_tensorflow_is_heard_but_on_compiling_often(engine, caplog):
    logger = logging.getLogger("tensorflow")
    logger.warning("5 out of the last 5 calls to <function f> triggered tf.function retracing.")
    logger.warning("Something else")
    assert [record.getMessage() for record in caplog.records] == ["Something else"]
