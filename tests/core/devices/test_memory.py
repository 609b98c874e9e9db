"""Free memory respects the machine, control groups and the limit of the address space."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_app.core.devices import memory
from desktop_app.core.devices.memory import free_memory

GB = 10**9

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc and /sys")


@pytest.fixture
def root(tmp_path):
    write(tmp_path, "proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 100 kB\nMemAvailable: 8000000 kB\n")
    return tmp_path


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n")


def write_group(root, group, limit, used, cache=0):
    write(root, f"sys/fs/cgroup/{group}/memory.max", limit)
    write(root, f"sys/fs/cgroup/{group}/memory.current", used)
    write(root, f"sys/fs/cgroup/{group}/memory.stat", f"anon 1\nfile 5\ninactive_file {cache}")


def test_without_limits_the_machine_counts(root):
    assert free_memory(root) == 8_000_000 * 1024


def test_this_machine_has_some():
    assert 10**6 < free_memory() < 10**14


def test_a_system_that_says_nothing_has_none(tmp_path):
    assert free_memory(tmp_path) == 0


def test_the_control_group_leaves_its_limit_less_what_is_used_but_page_cache_is_free(root):
    write(root, "proc/self/cgroup", "0::/app/one")
    write_group(root, "app/one", 3 * GB, 2 * GB, cache=GB // 2)
    assert free_memory(root) == 3 * GB // 2


def test_the_tightest_group_above_counts(root):
    write(root, "proc/self/cgroup", "0::/app/one")
    write_group(root, "app/one", "max", GB)
    write_group(root, "app", 2 * GB, GB)
    write_group(root, "", "max", 5 * GB)
    assert free_memory(root) == GB


def test_a_group_without_limit_does_not_count(root):
    write(root, "proc/self/cgroup", "0::/")
    write_group(root, "", "max", GB)
    assert free_memory(root) == 8_000_000 * 1024


def test_a_group_over_its_limit_leaves_nothing(root):
    write(root, "proc/self/cgroup", "0::/")
    write_group(root, "", GB, 2 * GB)
    assert free_memory(root) == 0


@pytest.mark.parametrize(("limit", "free"), [(4 * GB, 2 * GB), (9223372036854771712, 8_000_000 * 1024)])
def test_the_older_control_groups(root, limit, free):
    write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", limit)
    write(root, "sys/fs/cgroup/memory/memory.usage_in_bytes", 3 * GB)
    write(root, "sys/fs/cgroup/memory/memory.stat", f"inactive_file 7\ntotal_inactive_file {GB}")
    assert free_memory(root) == free


@pytest.mark.parametrize(
    ("limit", "free"), [(3 * GB, 3 * GB - 1_000_000 * 1024), ("unlimited", 8_192_000_000)]
)
def test_the_limit_of_the_address_space(root, limit, free):
    write(
        root, "proc/self/limits", f"Limit  Soft  Hard  Units\nMax address space   {limit}   unlimited   bytes"
    )
    write(root, "proc/self/status", "Name:\tpython\nVmSize:\t 1000000 kB\nVmRSS:\t 5 kB")
    assert free_memory(root) == free


def test_a_real_limit_of_the_address_space_counts():
    code = (
        "import resource; from desktop_app.core.devices.memory import free_memory\n"
        "resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9)); print(free_memory())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 10**8 < int(answer.stdout) < 10**9


def test_what_macos_reports_is_added_up(monkeypatch):
    report = (
        "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
        "Pages free:                        10.\n"
        "Pages active:                     500.\n"
        "Pages inactive:                    20.\n"
        "Pages speculative:                  3.\n"
        "Pages purgeable:                    4.\n"
    )
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(memory, "_output", lambda _program: report)
    assert free_memory() == 37 * 16384
    monkeypatch.setattr(memory, "_output", lambda _program: "")
    assert free_memory() == 0
