"""OpenVINO without its telemetry: a package of that name writes down that it was imported, and never is."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.core.engine import libraries, openvino_import
from desktop_app.core.engine.loading import EngineError
from tests.source_tree import imports
from tests.torture import nothing_sent

PLAIN = "import openvino"
OURS = """
from desktop_app.core.engine.openvino_import import load_openvino
openvino = load_openvino()
"""
USE = """
import numpy as np
picture = openvino.opset13.parameter([1, 4], np.float32)
model = openvino.Model([openvino.opset13.relu(picture)], [picture], "one_layer")
openvino.save_model(model, sys.argv[1], compress_to_fp16=False)
core = openvino.Core()
compiled = core.compile_model(core.read_model(sys.argv[1]), "CPU")
print(compiled(np.float32([[-1, 0, 1, 2]]))[0].tolist())
"""


@pytest.fixture
def telemetry(tmp_path):
    """A package that notes that it is imported, and then cannot be used; the file with the notes."""
    notes = tmp_path / "notes.txt"
    package = tmp_path / "installed" / "openvino_telemetry"
    package.mkdir(parents=True)
    source = f"open({str(notes)!r}, 'a').write(__name__)\nraise ImportError('It was only to be noticed.')\n"
    (package / "__init__.py").write_text(source)
    return notes


def run_beside_it(notes, code):
    """Run code in a fresh process where the package of the fixture is installed; what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}", str(notes.with_name("model.xml"))],
        env={**os.environ, "PYTHONPATH": str(notes.with_name("installed"))},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_a_plain_import_would_run_the_telemetry(telemetry):
    run_beside_it(telemetry, PLAIN)
    assert "openvino_telemetry" in telemetry.read_text()


def test_ours_never_imports_it_and_openvino_computes_all_the_same(telemetry):
    assert run_beside_it(telemetry, OURS + USE).strip() == "[[0.0, 0.0, 1.0, 2.0]]"
    assert not telemetry.exists()


def test_a_stand_in_that_connects_and_writes_never_does(tmp_path):
    """The promise at a small size, without a network."""
    package = tmp_path / "openvino_telemetry"
    package.mkdir()
    (package / "__init__.py").write_text("""
import pathlib, socket
pathlib.Path.home().joinpath("client number").touch()
socket.socket(type=socket.SOCK_DGRAM).connect(("127.0.0.1", 9))
raise ImportError
""")
    sentence = nothing_sent.run(1, tmp_path)
    if sentence.startswith("Not tried"):
        pytest.skip(sentence)
    assert "0 look-ups, 0 connections, 0 files" in sentence
    assert sentence.endswith("calls that reach for the network, 1 files.")


def test_whoever_imports_openvino_afterwards_does_not_get_it_either(telemetry):
    afterwards = """
import importlib.util, inspect
import openvino
assert not hasattr(openvino, "convert_model")
assert "openvino.tools" not in sys.modules, "half of the time of an import"
assert importlib.util.find_spec("openvino_telemetry") is None
inspect.getmodule(inspect.currentframe())  # It looks at all modules, those that are None among them.
try:
    import openvino_telemetry
except ImportError as error:
    print(type(error).__name__)
"""
    assert run_beside_it(telemetry, OURS + afterwards).strip() == "ModuleNotFoundError"
    assert not telemetry.exists()


def test_another_thread_runs_on_while_it_loads():
    script = """
import gc, sys, threading
from desktop_app.core.engine.libraries import import_picture_modules
from desktop_app.core.engine.openvino_import import load_openvino, openvino_loaded
import_picture_modules()
assert not openvino_loaded() and "openvino" not in sys.modules
ticks, done = [], threading.Event()
def tick():
    while not done.wait(0.001):
        ticks.append(None)
thread = threading.Thread(target=tick)
thread.start()
first = load_openvino()
done.set(); thread.join()
assert openvino_loaded() and gc.isenabled()
assert load_openvino() is first is sys.modules["openvino"]
assert "tensorflow" not in sys.modules
print(len(ticks))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert int(done.stdout) > 5


@pytest.mark.parametrize("alone", [True, False])
def test_only_beside_other_threads_it_imports_the_readers_of_all_pictures(alone):
    """They might otherwise import them while it loads; a command with one thread need not wait for that."""
    script = f"""
import sys, threading
from desktop_app.core.engine.openvino_import import load_openvino
done = threading.Event()
thread = threading.Thread(target=done.wait)
if not {alone}:
    thread.start()
load_openvino()
done.set()
assert ("desktop_app.core.images.instruments.czi" in sys.modules) is not {alone}
"""
    subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)


def test_libraries_are_mapped_under_the_lock_before_the_import(monkeypatch):
    happened = []

    def note_mapping(package, patterns):
        happened.append((package, patterns, libraries.loading.held_here))

    def note_import(name):
        happened.append((name, libraries.loading.held_here))
        return "the module"

    openvino_import.import_picture_modules()
    monkeypatch.setattr(openvino_import, "openvino_loaded", lambda: False)
    monkeypatch.setattr(openvino_import, "map_libraries", note_mapping)
    monkeypatch.setattr(openvino_import.importlib, "import_module", note_import)
    assert openvino_import.load_openvino() == "the module"
    assert happened == [("openvino", openvino_import._LIBRARIES, True), ("openvino", True)]


@pytest.mark.parametrize("error", [ImportError("No module named 'openvino'"), OSError("libtbb.so.12: gone")])
def test_says_what_to_do_when_it_is_missing_or_broken(monkeypatch, error):
    def fail(_name):
        raise error

    monkeypatch.setattr(openvino_import, "openvino_loaded", lambda: False)
    monkeypatch.setattr(openvino_import, "map_libraries", lambda *_: None)
    monkeypatch.setattr(openvino_import.importlib, "import_module", fail)
    with pytest.raises(EngineError, match="OpenVINO cannot be loaded") as caught:
        openvino_import.load_openvino()
    assert str(error) in str(caught.value)
    assert "doctor" in caught.value.advice


def test_nothing_else_imports_openvino():
    """Whoever came first would run the telemetry."""
    assert [str(one) for one in imports() if one.is_from("openvino") and not one.for_types] == []


def test_nothing_else_imports_it_by_name():
    folder = Path(openvino_import.__file__).parents[2]
    named = [
        path.name
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("import_module", "__import__"))
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and str(node.args[0].value).startswith("openvino")
    ]
    # What asks exported files runs in a process where nothing of Sightline can be imported.
    assert named == ["openvino_import.py", "asking.py"]
