"""The walls between the layers stand: who may import what, who may start threads, what loads when."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from desktop_app.cli import COMMANDS
from tests.source_tree import ROOT, attributes, imports, is_inside, modules

QT = ("PySide6", "shiboken6", "pyqtgraph")
HEAVY = ("tensorflow", "keras", "h5py", "sklearn", "pandas")
THREADS = (
    "threading.Thread",
    "threading.Timer",
    "_thread",
    "concurrent.futures",
    "multiprocessing",
    "PySide6.QtCore.QThread",
    "PySide6.QtCore.QThreadPool",
    "PySide6.QtCore.QRunnable",
    "PySide6.QtConcurrent",
)

# What each part may import of the package, besides itself. `main.py` may import `desktop_app.cli`.
MAY_IMPORT = {
    "desktop_app.core": (),
    "desktop_app.workers": ("desktop_app.core",),
    "desktop_app.ui": ("desktop_app.core", "desktop_app.workers"),
    "desktop_app.commands": ("desktop_app.core",),
    "desktop_app.app": ("desktop_app.core", "desktop_app.workers", "desktop_app.ui"),
    "desktop_app.cli": ("desktop_app.core", "desktop_app.commands", "desktop_app.app"),
    "desktop_app.__main__": ("desktop_app.cli",),
}
# Inside core: pictures, devices and cards know nothing of what is built on them.
MAY_IMPORT_IN_CORE = {
    "desktop_app.core.images": ("library", "classify", "datasets", "training"),
    "desktop_app.core.devices": ("images", "library", "classify", "datasets", "training"),
    "desktop_app.core.library": ("datasets", "training"),
}


def part_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def test_every_module_belongs_to_a_known_part():
    parts = {part_of(name) for name in modules() if name != "desktop_app"}
    assert parts <= MAY_IMPORT.keys()


def test_imports_point_one_way():
    wrong = []
    for found in imports():
        if not found.is_from("desktop_app") or found.name in {"desktop_app", "desktop_app.__version__"}:
            continue
        allowed = (part_of(found.importer), *MAY_IMPORT.get(part_of(found.importer), ()))
        if not found.is_from(*allowed):
            wrong.append(str(found))
    assert not wrong


@pytest.mark.parametrize(("part", "unknown"), MAY_IMPORT_IN_CORE.items())
def test_the_foundations_of_core_know_nothing_of_what_stands_on_them(part, unknown):
    packages = [f"desktop_app.core.{name}" for name in unknown]
    inside = [found for found in imports() if is_inside(found.importer, part)]
    assert inside
    # Types alone create no dependency when the program runs.
    assert not [str(found) for found in inside if found.is_from(*packages) and not found.for_types]


def test_core_and_commands_know_nothing_of_qt():
    inner = ("desktop_app.core", "desktop_app.commands", "desktop_app.cli")
    wrong = [
        str(found)
        for found in imports()
        if any(is_inside(found.importer, part) for part in inner) and found.is_from(*QT)
    ]
    assert not wrong


def test_heavy_packages_are_imported_inside_functions_only():
    assert not [str(found) for found in imports() if found.at_start and found.is_from(*HEAVY)]


def test_widgets_and_workers_do_not_import_heavy_packages_at_all():
    outer = [found for found in imports() if is_inside(found.importer, "desktop_app.ui")]
    assert outer
    assert not [str(found) for found in outer if found.is_from(*HEAVY) and not found.for_types]


def test_only_workers_start_threads():
    wrong = [
        f"{found}"
        for found in imports()
        if found.is_from(*THREADS)
        and not found.for_types
        and not is_inside(found.importer, "desktop_app.workers")
    ]
    wrong += [
        f"{module}, line {line}: {text}"
        for module, line, text in attributes()
        if text in {"threading.Thread", "threading.Timer", "os.fork"}
        and not is_inside(module, "desktop_app.workers")
    ]
    assert not wrong


def run_python(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


HIDE_QT = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
"""


def test_core_and_commands_run_without_qt():
    names = [
        name
        for name in modules()
        if is_inside(name, "desktop_app.core") or is_inside(name, "desktop_app.commands")
    ]
    loaded = run_python(
        f"{HIDE_QT}\nimport importlib\nfor name in {names!r}: importlib.import_module(name)\n"
        "print(sum(name.startswith('desktop_app.core') for name in sys.modules))"
    )
    assert int(loaded) >= len([name for name in names if is_inside(name, "desktop_app.core")])


def heavy_after(code: str) -> set[str]:
    """Run code in a fresh process and return which heavy packages it loaded."""
    output = run_python(
        f"import sys\n{code}\nprint('loaded:', *[name for name in {(*HEAVY, *QT)!r} if name in sys.modules])"
    )
    return set(output.splitlines()[-1].removeprefix("loaded:").split())


def test_the_window_is_imported_without_tensorflow():
    loaded = heavy_after("import desktop_app.ui.main_window")
    assert "PySide6" in loaded
    assert not loaded & {"tensorflow", "keras", "h5py"}


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS if name != "window"), ["recipes"]],
    ids=" ".join,
)
def test_help_loads_neither_tensorflow_nor_qt(words):
    code = f"from desktop_app.cli import main\ntry: main({words!r})\nexcept SystemExit: pass"
    assert heavy_after(code) == set()


def test_the_packaging_folder_does_not_hide_the_packaging_library():
    spec = importlib.util.find_spec("packaging")
    assert spec is not None
    assert spec.origin is not None
    assert "site-packages" in spec.origin
