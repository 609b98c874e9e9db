"""The walls between the layers stand: who may import what, who may start threads, what loads when."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys

import pytest

from desktop_app.cli import COMMANDS
from tests.import_graph import circle, graph
from tests.room_list import EVERYWHERE, MAY_IMPORT
from tests.rooms import BEGIN, END, drawn, imported_rooms
from tests.source_tree import ROOT, advice_joined_in, attributes, imports, is_inside, joined_advice, modules

QT = ("PySide6", "shiboken6", "pyqtgraph")
HEAVY = ("tensorflow", "keras", "openvino", "h5py", "sklearn", "pandas")
THREADS = (
    "threading.Thread",
    "threading.Timer",
    "_thread",
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor",
    "concurrent.futures.InterpreterPoolExecutor",
    "concurrent.futures.thread",
    "concurrent.futures.process",
    "concurrent.futures.interpreter",
    "multiprocessing",
    "PySide6.QtCore.QThread",
    "PySide6.QtCore.QThreadPool",
    "PySide6.QtCore.QRunnable",
    "PySide6.QtConcurrent",
)


def test_every_room_imports_what_the_list_says_and_no_more():
    """A permission that nobody uses any more is as wrong as an import that nobody permitted."""
    found = {room: others.keys() - {EVERYWHERE} for room, others in imported_rooms().items()}
    assert found.keys() == MAY_IMPORT.keys()
    arrows = imported_rooms()
    forbidden = [
        arrows[room][other] for room, others in found.items() for other in others - set(MAY_IMPORT[room])
    ]
    assert not forbidden
    unused = [(room, other) for room, others in MAY_IMPORT.items() for other in set(others) - found[room]]
    assert not unused


def test_imports_point_down_the_list():
    """So there is no circle between rooms, imports for types included."""
    order = list(MAY_IMPORT)
    assert order[-1] == EVERYWHERE
    upward = [
        (room, other)
        for room, others in MAY_IMPORT.items()
        for other in others
        if order.index(other) <= order.index(room)
    ]
    assert not upward


def test_no_modules_import_each_other_in_a_circle():
    """Two threads that enter a circle at two places see each other's half-made modules.

    A package comes before its modules, so one that imports them is a circle, too.
    """
    assert circle(graph()) == []


def test_a_package_that_imports_its_own_module_is_a_circle():
    assert circle({"house": {"house.room"}, "house.room": {"house"}})


def test_the_layers_stand_on_each_other():
    for room, others in MAY_IMPORT.items():
        layer = room.partition(".")[0]
        below = {"core": {"core"}, "workers": {"workers", "core"}, "commands": {"core"}}
        allowed = below.get(layer, {"ui", "workers", "core", "commands"})
        assert {other.partition(".")[0] for other in others} <= allowed, room


def test_the_architecture_page_draws_the_list():
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    there = page.partition(f"{BEGIN}\n")[2].partition(f"\n{END}")[0]
    assert there == drawn(), "put the output of python -m tests.rooms between the marks in ARCHITECTURE.md"


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


def test_only_workers_and_one_module_of_commands_start_threads():
    wrong = [
        f"{found}"
        for found in imports()
        if found.is_from(*THREADS) and not found.for_types and not may_start_threads(found.importer)
    ]
    wrong += [
        f"{module}, line {line}: {text}"
        for module, line, text in attributes()
        if (text in {"threading.Thread", "threading.Timer", "os.fork"} or text.endswith("PoolExecutor"))
        and not may_start_threads(module)
    ]
    assert not wrong


def test_a_reason_becomes_one_sentence_in_one_place():
    """Whoever joins an error and its advice by hand does it once more than `Reason.sentence`."""
    assert joined_advice("desktop_app.core.foundation.errors"), "the search finds nothing at all"
    wrong = [
        f"{module}, line {line}: {text}"
        for module in modules()
        if module != "desktop_app.core.foundation.errors"
        for line, text in joined_advice(module).items()
    ]
    assert not wrong


@pytest.mark.parametrize(
    "code",
    [
        'f"{error} {error.advice}".strip()',
        'f"{item.name}: {item.reason} {item.advice}"',
        'f"{reason} {advice}"',
        '" ".join((str(error), error.advice))',
        'str(error) + " " + error.advice',
        'log.error("%s %s", error, error.advice)',
    ],
)
def test_advice_that_is_joined_by_hand_is_found(code):
    assert advice_joined_in(ast.parse(code)) == {1: code.removesuffix(".strip()").replace('"', "'")}


@pytest.mark.parametrize(
    "code", ["error.reason.sentence", "Reason(text, advice)", 'f"{sentence}\\n\\n{status.advice}"']
)
def test_advice_that_stays_apart_is_left_alone(code):
    assert not advice_joined_in(ast.parse(code))


def may_start_threads(module: str) -> bool:
    return is_inside(module, "desktop_app.workers") or module == "desktop_app.commands.threads"


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


def test_the_window_is_imported_without_the_engines():
    loaded = heavy_after("import desktop_app.ui.main_window")
    assert "PySide6" in loaded
    assert not loaded & {"tensorflow", "keras", "openvino", "h5py"}


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS if name != "window"), ["recipes"]],
    ids=" ".join,
)
def test_help_loads_neither_engines_nor_qt(words):
    code = f"from desktop_app.cli import main\ntry: main({words!r})\nexcept SystemExit: pass"
    assert heavy_after(code) == set()


def test_the_packaging_folder_does_not_hide_the_packaging_library():
    spec = importlib.util.find_spec("packaging")
    assert spec is not None
    assert spec.origin is not None
    assert "site-packages" in spec.origin
