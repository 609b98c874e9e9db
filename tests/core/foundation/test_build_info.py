"""What is known about a build, and what is not."""

from __future__ import annotations

import json
import sys

import pytest

from desktop_app.core.foundation.build_info import FILE_NAME, UPDATES_VARIABLE, BuildInfo, build_info


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.delenv(UPDATES_VARIABLE, raising=False)
    return tmp_path / FILE_NAME


def test_sources_know_nothing(monkeypatch):
    monkeypatch.delenv(UPDATES_VARIABLE, raising=False)
    assert build_info() == BuildInfo()
    assert build_info().sentence == "not packaged, runs from its sources"


def test_a_packaged_app_tells_its_commit_and_day(packaged):
    known = {"commit": "0123456789ab", "date": "2026-11-21", "updates_url": "https://example.org/latest.json"}
    packaged.write_text(json.dumps(known))
    assert build_info() == BuildInfo(packaged=True, **known)
    assert build_info().sentence == "packaged, commit 0123456789ab of 2026-11-21"


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"commit": 5, "packaged": false, "other": "x"}'])
def test_a_damaged_file_leaves_it_unknown(packaged, text):
    packaged.write_text(text)
    assert build_info() == BuildInfo(packaged=True)
    assert build_info().sentence == "packaged, unknown sources"


def test_a_missing_file_leaves_it_unknown(packaged):
    assert build_info() == BuildInfo(packaged=True)


def test_the_environment_overrides_where_updates_are(packaged, monkeypatch):
    packaged.write_text(json.dumps({"updates_url": "https://example.org/latest.json"}))
    monkeypatch.setenv(UPDATES_VARIABLE, " https://example.com/newest.json ")
    assert build_info().updates_url == "https://example.com/newest.json"
    monkeypatch.setenv(UPDATES_VARIABLE, "")
    assert build_info().updates_url == ""
