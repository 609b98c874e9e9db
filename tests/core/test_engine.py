from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core import engine


@pytest.mark.engine
def test_leaves_other_threads_running_while_it_loads():
    """In a fresh process, the longest pause of another thread stays far below a plain import's."""
    script = """
import sys, threading, time
from desktop_app.core.engine import engine_loaded, load_engine
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
    monkeypatch.setattr(engine, "engine_loaded", lambda: False)
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(engine, "map_libraries", lambda *_: None)
    with pytest.raises(engine.EngineError, match="TensorFlow cannot be loaded") as caught:
        engine.load_engine()
    assert "doctor" in caught.value.advice
