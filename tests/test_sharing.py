from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import sharing

GIGABYTE = 1024**3
ROOT = Path(__file__).resolve().parent.parent


class Item:
    """A test as pytest has collected it."""

    def __init__(self, path, *fixtures):
        self.path = ROOT / "tests" / path
        self.fixturenames = ["tmp_path", *fixtures]
        self.marks = set()

    def add_marker(self, mark):
        self.marks.add(mark.name)

    def get_closest_marker(self, name):
        return name if name in self.marks else None


@pytest.mark.parametrize(
    ("cores", "memory", "count"),
    [(2, 24, 2), (64, 24, 2), (1, 24, 1), (2, 9, 1), (2, 1, 1)],
)
def test_workers_need_processors_and_memory(monkeypatch, cores, memory, count):
    monkeypatch.setattr(sharing, "cpu_count", lambda: cores)
    monkeypatch.setattr(sharing, "free_memory", lambda: memory * GIGABYTE)
    assert sharing.worker_count() == count


@pytest.mark.parametrize(
    ("path", "fixtures", "marks"),
    [
        ("core/test_a.py", (), set()),
        ("core/test_a.py", ("engine",), {"engine"}),
        ("ui/test_a.py", ("qapp", "qtbot"), {"window"}),
        ("end2end/test_a.py", (), {"window"}),
        ("end2end/test_a.py", ("engine", "virtual_display"), {"engine", "display", "window"}),
    ],
)
def test_what_is_not_quick_follows_from_the_fixtures(path, fixtures, marks):
    item = Item(path, *fixtures)
    sharing.mark([item])
    assert item.marks == marks
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]
    assert marks <= {text.split(":")[0] for text in known["ini_options"]["markers"]}


def test_files_stay_whole_and_what_takes_long_comes_first():
    names = ["a", "b", "b", "c", "d"]
    items = [Item(f"test_{name}.py") for name in names]
    items[2].marks.add("engine")
    items[4].marks |= {"engine", "display"}
    assert [item.path.stem[-1] for item in sharing.in_order(items)] == ["d", "b", "b", "a", "c"]


def test_output_that_is_no_unicode_can_be_sent():
    report = SimpleNamespace(sections=[("Captured log call", "a name: \udcff")])
    sharing.make_sendable(report)
    assert report.sections == [("Captured log call", r"a name: \udcff")]
