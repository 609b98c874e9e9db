from __future__ import annotations

import pytest

from desktop_app.core.devices import parallel


@pytest.mark.parametrize(
    ("cores", "free", "threads"), [(4, 1000, 4), (4, 250, 2), (4, 99, 1), (4, 0, 1), (64, 10**6, 8)]
)
def test_as_many_threads_as_there_are_cores_and_memory_for(monkeypatch, cores, free, threads):
    monkeypatch.setattr(parallel, "cpu_count", lambda: cores)
    monkeypatch.setattr(parallel, "free_memory", lambda: free)
    assert parallel.parallel_for(100) == threads
