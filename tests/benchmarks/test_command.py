"""The command: what it runs, and what it keeps of it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from benchmarks.frame import command, machine, peers
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.registry import MEASURED, by_hand
from benchmarks.frame.report import BEGIN, END, Report


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Keep results and guide in a folder of the test; every measurement gives one figure."""
    guide = tmp_path / "guide.md"
    guide.write_text(f"{BEGIN}\n{END}\n")
    results = tmp_path / "results"
    monkeypatch.setattr(command, "RESULTS", results)
    monkeypatch.setattr(command, "GUIDE", guide)
    monkeypatch.setattr(command.prepared, "environment", lambda: None)
    value = {"now": 1.0}

    def find(name):
        return lambda plan: [
            Figure(name, "other", own=(value["now"],) * plan.runs, other=(1.0,), goal=Goal(2))
        ]

    monkeypatch.setattr(command, "find", find)
    return results, guide, value


def test_every_listed_measurement_exists_and_the_others_are_run_by_hand():
    assert all(find_spec(f"benchmarks.{name}") for name in (*MEASURED, *by_hand()))
    assert not set(MEASURED) & set(by_hand())


def test_figures_are_kept_in_file_and_guide(place, capsys):
    results, guide, _value = place
    assert command.main(["start", "--runs", "6", "--results", str(results)]) == 0
    assert "start" in capsys.readouterr().out
    (path,) = results.glob("*.json")
    assert path.stem.endswith(machine.host_kind())
    assert Report.load(path).entries["start"].figures[0].own == (1.0,) * 6
    assert "| start |" in guide.read_text()


def test_a_later_run_replaces_its_own_figures_alone(place):
    results, guide, value = place
    options = ["--results", str(results)]
    command.main(["start", *options])
    command.main(["fit_gap", *options])
    value["now"] = 3.0
    command.main(["start", *options])
    (path,) = results.glob("*.json")
    entries = Report.load(path).entries
    assert list(entries) == ["start", "fit_gap"]
    assert [entries[name].figures[0].met for name in entries] == [False, True]
    assert "**no**" in guide.read_text()


def test_a_trial_is_kept_nowhere(place):
    results, guide, _value = place
    before = guide.read_text()
    command.main(["start", "--trial", "--results", str(results)])
    assert not results.exists()
    assert guide.read_text() == before


def test_results_elsewhere_do_not_change_the_guide(place, tmp_path):
    _results, guide, _value = place
    before = guide.read_text()
    command.main(["start", "--results", str(tmp_path / "elsewhere")])
    assert list((tmp_path / "elsewhere").glob("*.md"))
    assert guide.read_text() == before


def test_an_unknown_name_is_refused(place, capsys):
    with pytest.raises(SystemExit):
        command.main(["nonsense"])
    assert "nonsense" in capsys.readouterr().err


def test_names_are_taken_off_the_command_line():
    assert command.words_without_names(["start", "fit_gap", "--runs", "3"], ["start", "fit_gap"]) == [
        "--runs",
        "3",
    ]


def test_a_missing_package_is_named():
    assert peers.missing("json") == ""
    assert peers.missing("json", "no_such_engine").startswith("no_such_engine is not installed")


def test_other_probabilities_are_no_peer():
    assert "apart" in peers.check_same([[0.5]], [[0.50001]], "Keras", 1e-4)
    with pytest.raises(AssertionError, match=r"of Keras differ by 0\.1"):
        peers.check_same([[0.5]], [[0.6]], "Keras", 1e-4)
    with pytest.raises(AssertionError):
        peers.check_same([[0.5]], [[float("nan")]], "Keras", 1e-4)
