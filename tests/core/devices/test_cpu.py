"""The count respects affinity and control groups."""

from __future__ import annotations

import os

import pytest

from desktop_app.core.devices import cpu
from desktop_app.core.devices.cpu import cpu_count


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)), raising=False)
    return tmp_path


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_affinity_without_quota(root):
    assert cpu_count(root) == 8


def test_without_affinity_the_machine_counts(root, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert cpu_count(root) == 6


@pytest.mark.parametrize(("quota", "cores"), [("max", 8), ("200000", 2), ("150000", 2), ("5000", 1)])
def test_quota_of_this_group(root, quota, cores):
    write(root, "proc/self/cgroup", "0::/app.slice/one\n")
    write(root, "sys/fs/cgroup/app.slice/one/cpu.max", f"{quota} 100000\n")
    assert cpu_count(root) == cores


def test_the_tightest_group_above_counts(root):
    write(root, "proc/self/cgroup", "0::/app.slice/one\n")
    write(root, "sys/fs/cgroup/app.slice/one/cpu.max", "max 100000\n")
    write(root, "sys/fs/cgroup/app.slice/cpu.max", "300000 100000\n")
    assert cpu_count(root) == 3


def test_in_a_container_the_group_is_the_top(root):
    write(root, "proc/self/cgroup", "0::/\n")
    write(root, "sys/fs/cgroup/cpu.max", "400000 100000\n")
    assert cpu_count(root) == 4


@pytest.mark.parametrize(("quota", "cores"), [("-1", 8), ("250000", 3)])
def test_quota_of_the_older_groups(root, quota, cores):
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", quota)
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000")
    assert cpu_count(root) == cores


def test_nonsense_in_the_files_is_ignored(root):
    write(root, "proc/self/cgroup", "0::/\n")
    write(root, "sys/fs/cgroup/cpu.max", "lots\n")
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000")
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "0")
    assert cpu_count(root) == 8


def test_this_machine():
    assert 1 <= cpu_count() <= (os.cpu_count() or 1)


def test_the_kind_of_processor_is_named(root, monkeypatch):
    (root / "proc").mkdir(exist_ok=True)
    (root / "proc" / "cpuinfo").write_text("processor\t: 0\nmodel name\t: AMD  EPYC 7B12\nflags\t\t: fpu\n")
    assert cpu.processor_model(root) == "AMD EPYC 7B12"
    (root / "proc" / "cpuinfo").write_text("Hardware\t: BCM2711\n")
    monkeypatch.setattr(cpu.platform, "processor", lambda: "aarch64")
    assert cpu.processor_model(root) == "aarch64"
