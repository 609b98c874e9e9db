"""Whether two builds are the same."""

import subprocess
import sys

import pytest


@pytest.fixture
def twice(script, monkeypatch, tmp_path):
    module = script("dist_twice")
    monkeypatch.setattr(module.platforms, "ROOT", tmp_path)
    for name, place in (("DIST", "dist"), ("FROZEN", "build/frozen"), ("BEFORE", "build/dist-before")):
        monkeypatch.setattr(module, name, tmp_path / place)
    monkeypatch.setattr(sys, "argv", ["dist_twice.py"])
    return module


@pytest.fixture
def built(twice, monkeypatch):
    """A first build; what the second one makes is what the test asks for."""

    def build(text):
        for folder in (twice.DIST, twice.FROZEN / "sightline"):
            folder.mkdir(parents=True, exist_ok=True)
        (twice.DIST / "SHA256SUMS").write_text(text)
        (twice.FROZEN / "sightline" / "sightline").write_text("the same")

    def second(text, status=0):
        def run(*words, check):
            build(text)
            return subprocess.CompletedProcess(words, status)

        monkeypatch.setattr(twice.subprocess, "run", run)
        return twice.main()

    build("first")
    return second


def test_two_equal_builds_are_reported_and_the_first_is_cleared_away(twice, built, capsys):
    assert built("first") == 0
    assert "dist: 1 files, none of them different" in capsys.readouterr().out
    assert not twice.BEFORE.exists()


def test_two_different_builds_are_reported_and_the_first_is_kept(twice, built, capsys):
    assert built("second") == 1
    said = capsys.readouterr().out
    assert "changed  SHA256SUMS" in said
    assert "frozen app: 1 files, none" in said
    assert (twice.BEFORE / "SHA256SUMS").read_text() == "first"


def test_a_second_build_that_fails_leaves_the_first(twice, built, capsys):
    assert built("half", status=1) == 1
    assert "failed" in capsys.readouterr().err
    assert (twice.DIST / "SHA256SUMS").read_text() == "first"
    assert not twice.BEFORE.exists()


def test_without_a_build_there_is_nothing_to_compare(twice, capsys):
    assert twice.main() == 2
    assert "make dist" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_lists_contents_and_modes_are_compared(twice, tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        (folder / "empty").mkdir(parents=True)
        (folder / "same").write_text("same")
        (folder / "mode").write_text("same")
        (folder / "text").write_text(folder.name)
        (folder / "link").symlink_to("same" if folder.name == "a" else "text")
    (folders[0] / "old").touch()
    (folders[1] / "empty" / "new").touch()
    (folders[1] / "mode").chmod(0o600)
    (folders[0] / "mode").chmod(0o644)
    lines = [line.split() for line in twice.differences(*map(twice.contents, folders))]
    assert lines == [
        ["new", "empty/new"],
        ["changed", "link"],
        ["changed", "mode"],
        ["gone", "old"],
        ["changed", "text"],
    ]
    assert twice.differences(*[twice.contents(folders[0])] * 2) == []
