from __future__ import annotations

import pytest

from desktop_app.core.batch.job.reader import JobReader
from tests.torture import batch_jobs

MANY = 600
"""Pictures that last for longer than a busy machine takes to kill a process."""


def test_kills_lose_no_acknowledged_row(monkeypatch):
    monkeypatch.setattr(batch_jobs, "PICTURES", 400)
    assert "0 of" in batch_jobs.run(3)


@pytest.mark.engine
def test_a_kill_of_the_real_network(tmp_path):
    """It is killed right after its first acknowledgement, and then lives to the end."""
    folder = batch_jobs.make_pictures(tmp_path / "pictures", MANY)
    path = tmp_path / "one.job"
    kept = batch_jobs.live_until([path, folder, "--real"], lambda word, value: word == "kept" and value > 0)
    with JobReader(path) as reader:
        counts = reader.counts()
    assert kept <= counts.done + counts.failed < MANY
    lines, killed = batch_jobs.live([path, folder, "--real"], None)
    assert not killed
    assert lines[0] == ("start", counts.done + counts.failed)
    batch_jobs.check_end(path, folder)
