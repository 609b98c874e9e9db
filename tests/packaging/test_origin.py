"""What the app knows about its own build, and what older versions learn about it."""

import json
import subprocess

import pytest

from desktop_app.core.foundation import build_info


@pytest.fixture
def origin(script):
    return script("frozen.origin")


@pytest.fixture
def checkout(origin, monkeypatch, tmp_path):
    """A repository of its own with one commit."""

    def git(*arguments):
        command = ["git", "-C", tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "One")
    monkeypatch.setattr(origin.platforms, "ROOT", tmp_path)
    return git


def test_the_app_reads_what_the_build_writes(origin, checkout, monkeypatch, tmp_path):
    address = "https://example.org/sightline/latest.json"
    origin.write(tmp_path / "build" / build_info.FILE_NAME, 1_795_000_000, address)
    monkeypatch.setattr(build_info.sys, "_MEIPASS", str(tmp_path / "build"), raising=False)
    monkeypatch.delenv(build_info.UPDATES_VARIABLE, raising=False)
    known = build_info.build_info()
    assert known == build_info.BuildInfo(
        packaged=True, commit=checkout("rev-parse", "HEAD")[:12], date="2026-11-18", updates_url=address
    )


def test_changed_files_are_marked(origin, checkout, tmp_path):
    (tmp_path / "new").write_text("of no commit")
    assert not origin.commit().endswith("+")
    (tmp_path / "file").write_text("two")
    assert origin.commit().endswith("+")


def test_without_git_there_is_no_commit(origin, monkeypatch, tmp_path):
    monkeypatch.setattr(origin.platforms, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert origin.commit() == ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert origin.commit() == ""


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://example.org/sightline/latest.json", "https://example.org/sightline/"),
        ("", ""),
    ],
)
def test_older_versions_are_sent_to_where_the_installers_lie(script, tmp_path, address, page):
    documents = script("frozen.documents")
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "build.json").write_text(json.dumps({"updates_url": address}))
    announced = documents.announcement(tmp_path)
    assert (announced["version"], announced["page"]) == (documents.platforms.version(), page)
    assert announced["notes"].startswith("- ")
    assert "`" not in announced["notes"]


@pytest.mark.parametrize(
    "arguments",
    [["--updates-url", "http://example.org/"], ["--reuse", "--updates-url", "https://example.org/"]],
)
def test_addresses_that_cannot_be_frozen_are_refused(script, monkeypatch, capsys, arguments):
    dist = script("dist")
    monkeypatch.setattr("sys.argv", ["dist.py", *arguments])
    with pytest.raises(SystemExit) as ended:
        dist.main()
    assert ended.value.code == 2
    assert "--updates-url" in capsys.readouterr().err
