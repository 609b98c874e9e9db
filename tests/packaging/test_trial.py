"""The checks of the trial that need no other system."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sightline %U", ["sightline", "file:///a%20b", "file:///c"]),
        ("sightline %u", ["sightline", "file:///a%20b"]),
        ('"my app" --rate 5%% %U', ["my app", "--rate", "5%", "file:///a%20b", "file:///c"]),
        ("sightline window --pane train", ["sightline", "window", "--pane", "train"]),
    ],
)
def test_an_exec_line_becomes_words(script, line, words):
    assert script("trial.entry").command(line, ["file:///a%20b", "file:///c"]) == words


def test_the_menu_entry_is_read(script):
    entry = script("trial.entry")
    path = script("frozen.tree").LINUX / "sightline.desktop"
    desktop = entry.read(path)
    assert entry.command(desktop[entry.GROUP]["Exec"], []) == ["sightline"]
    for action in desktop[entry.GROUP]["Actions"].rstrip(";").split(";"):
        assert entry.command(desktop[f"Desktop Action {action}"]["Exec"], [])[0] == "sightline"


def test_a_failure_is_noted_and_the_trial_continues(script, capsys):
    report = script("trial.report").Report("bookworm")
    with report.check("works") as found:
        found.append("3 files")
    with report.check("fails"):
        raise ValueError("Broken.\nMore.")
    assert [(row.what, row.verdict) for row in report.rows] == [("works", "pass"), ("fails", "FAIL")]
    assert report.rows[1].found == "Broken."
    assert report.failed
    assert "3 files" in report.table()
    assert "ValueError" in capsys.readouterr().out


def test_a_failure_that_ends_all_is_raised_and_shows_what_the_command_said(script, capsys):
    module = script("trial.report")
    report = module.Report()
    with pytest.raises(module.Failed), report.check("install", ends_all=True):
        raise subprocess.CalledProcessError(100, ["apt-get"], output="no such package", stderr="at all")
    assert report.rows[0].found == "a command ended with status 100"
    assert "no such packageat all" in capsys.readouterr().out


def test_a_missed_goal_is_shown_but_is_no_failure(script):
    report = script("trial.report").Report()
    report.figure("start", 1.5, 1.0, "s")
    report.figure("size", 100, 215, "MB")
    assert [row.verdict for row in report.rows] == ["missed", "pass"]
    assert not report.failed


def test_figures_are_shown_beside_their_goals_to_be_copied(script):
    report = script("trial.report").Report("bookworm")
    with report.check("a check, which is no figure"):
        report.figure("first window, cold", 0.9, 1.0, "s", "median of 0.80, 0.90, 1.10")
    assert report.figures().splitlines() == [
        "| measured | where | goal | found |",
        "| --- | --- | --- | --- |",
        "| first window, cold | bookworm | <= 1 s | 0.90 s (median of 0.80, 0.90, 1.10) |",
    ]


def test_what_is_missing_for_the_trial_is_named(script, monkeypatch):
    needs = script("trial.needs")
    monkeypatch.setattr(needs.shutil, "which", lambda _program: None)
    monkeypatch.setattr(needs.sys, "platform", "linux")
    monkeypatch.setattr(needs.os, "geteuid", lambda: 1000, raising=False)
    root, packages = needs.missing()
    assert "sudo" in root
    assert "debootstrap" in packages
    monkeypatch.setattr(needs.sys, "platform", "win32")
    assert needs.missing() == ["The trial needs Linux."]


def test_exactly_one_file_is_tried(script, tmp_path):
    needs = script("trial.needs")
    with pytest.raises(FileNotFoundError, match="make dist"):
        needs.one_file(tmp_path, "*.deb")
    (tmp_path / "a.deb").touch()
    assert needs.one_file(tmp_path, "*.deb") == tmp_path / "a.deb"
    (tmp_path / "b.deb").touch()
    with pytest.raises(FileNotFoundError, match="2 files"):
        needs.one_file(tmp_path, "*.deb")


def test_a_command_runs_as_the_person_without_a_network(script, tmp_path):
    roots = script("trial.roots")
    words = roots.Root(tmp_path).command("sightline", "a b.jpg", person=True, display=":7")
    assert "--net" in words
    assert words[-2:] == ["sightline", "a b.jpg"]
    assert {"1000:1000", "DISPLAY=:7", f"HOME={roots.HOME}"} <= set(words)
    assert "--net" not in roots.Root(tmp_path).command("apt-get", "update", network=True)


def test_five_labels_with_percentages_are_an_answer(script):
    person = script("trial.person")
    lines = ["cat 99.5%", "horse 0.2%", "ship 0.1%", "truck 0.1%", "frog 0.0%"]
    assert person.five_labels("\n".join(lines)) == ["cat", "horse", "ship", "truck", "frog"]
    with pytest.raises(AssertionError, match="not five"):
        person.five_labels("\n".join(lines[:4]))


@pytest.fixture
def bootstrapped(script, monkeypatch):
    """The suites that were fetched from the mirror, by a stand-in that makes a folder."""
    roots, suites = script("trial.roots"), []
    run = subprocess.run

    def stand_in(command, **options):
        if command[0] != "debootstrap":
            return run(command, **options)
        suites.append(command[2])
        Path(command[3]).mkdir()
        if command[2] == "broken":
            raise subprocess.CalledProcessError(1, command)
        return run(["true"], check=True)

    monkeypatch.setattr(roots.subprocess, "run", stand_in)
    monkeypatch.setattr(roots.Root, "run", lambda *_words: None)
    monkeypatch.setattr(roots.Root, "log_in", lambda _root: None)
    return suites


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the trial is Linux's")
def test_a_system_is_fetched_once_and_used_afresh(script, bootstrapped, tmp_path):
    roots = script("trial.roots")
    folder = tmp_path / "roots"
    for _ in range(2):
        root = roots.fresh("bookworm", folder)
        assert not root.outside("/used").exists()
        root.outside("/used").touch()
    assert bootstrapped == ["bookworm"]
    assert {path.name for path in folder.iterdir()} == {"bookworm", "bookworm-trial"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the trial is Linux's")
def test_a_system_that_was_fetched_by_half_is_not_kept(script, bootstrapped, tmp_path):
    roots = script("trial.roots")
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            roots.fresh("broken", tmp_path)
    assert bootstrapped == ["broken"] * 2
    assert not (tmp_path / "broken").exists()
