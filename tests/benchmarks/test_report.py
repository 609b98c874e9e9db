"""The report: its table, its file, and its place in the guide."""

from __future__ import annotations

import pytest

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.report import BEGIN, END, Entry, Report, write_into

MACHINE, VERSIONS = {"processor": "fast"}, {"python": "3.11"}


def entry(*figures, date="2026-01-02"):
    return Entry(date, "abc", 0.5, 12.0, 5, "usual", "generated", figures)


MISSED = Figure("start", "bare window", "s", (2.0, 3.0, 2.5), (1.0, 1.0, 1.0), Goal(2.0), "from the fork")
ABSENT = Figure("call", "OpenVINO", missing="openvino is not installed.", goal=Goal(1.0))


@pytest.fixture
def report():
    return Report(MACHINE, VERSIONS, {"start": entry(MISSED), "network_call": entry(ABSENT)})


def test_a_row_has_medians_spread_ratio_goal_and_verdict(report):
    assert report.rows()[0] == (
        "start",
        "2.50 s (2.00 to 3.00)",
        "bare window: 1.00 s (1.00 to 1.00)",
        "2.50 (2.00 to 3.00)",
        "<= 2 x",
        "**no**",
        "2026-01-02, abc",
    )


def test_a_missing_peer_is_said_and_not_hidden(report):
    assert report.rows()[1][1:6] == ("not measured", "OpenVINO: not measured", "", "<= 1 x", "")
    assert "openvino is not installed." in report.markdown()
    assert "openvino is not installed." in report.text()


def test_the_table_shows_notes_machine_and_versions(report):
    text = report.markdown()
    assert "- start against bare window: from the fork" in text
    assert "Machine: processor fast." in text
    assert "Versions: python 3.11." in text
    assert "`start`: 5 rounds after a warm-up" in text


def test_a_report_survives_its_file(report, tmp_path):
    path = tmp_path / "results" / "2026-01-02-linux.json"
    report.save(path)
    assert Report.load(path) == report
    assert path.with_suffix(".md").read_text() == report.markdown()


def test_measurements_stand_in_the_order_of_their_list(report):
    report.in_order(["network_call", "fit_gap", "start"])
    assert list(report.entries) == ["network_call", "start"]


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_into(guide, "new\n")
    assert guide.read_text() == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_guide_without_marks_is_left_alone(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text("nothing")
    with pytest.raises(ValueError, match=r"guide\.md has no lines"):
        write_into(guide, "new")
    assert guide.read_text() == "nothing"
