from __future__ import annotations

import platform
import sys

import pytest

from desktop_app.core.engine import processor
from desktop_app.core.engine.processor import has_avx2


@pytest.fixture
def cpuinfo(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    (tmp_path / "proc").mkdir()
    return tmp_path / "proc" / "cpuinfo"


@pytest.mark.parametrize(
    ("flags", "found"),
    [("fpu avx avx2 fma", True), ("fpu avx", False), ("fpu avx2_other", False)],
)
def test_reads_the_flags_of_the_first_core(cpuinfo, tmp_path, flags, found):
    cpuinfo.write_text(f"processor\t: 0\nmodel name\t: avx2 in a name\nflags\t\t: {flags}\n")
    assert has_avx2(tmp_path) is found


def test_is_not_assumed_where_the_system_is_silent(cpuinfo, tmp_path):
    assert not has_avx2(tmp_path)  # no such file
    cpuinfo.write_text("processor\t: 0\n")
    assert not has_avx2(tmp_path)


def test_other_processors_do_not_have_it(cpuinfo, tmp_path, monkeypatch):
    cpuinfo.write_text("flags\t: avx2\n")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert not has_avx2(tmp_path)


def test_asks_windows(monkeypatch):
    asked = []

    class Kernel:
        @staticmethod
        def IsProcessorFeaturePresent(number):
            asked.append(number)
            return 1

    class Library:
        kernel32 = Kernel

    import ctypes

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(ctypes, "windll", Library, raising=False)
    assert has_avx2() is True
    assert asked == [processor._AVX2_ON_WINDOWS]
