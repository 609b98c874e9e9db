"""Similar pictures of a batch job."""

from __future__ import annotations

import pytest

from desktop_app.core.features import extract
from desktop_app.core.foundation.cancellation import NEVER
from desktop_app.workers.similar import calls
from tests.core.features.fake_compute import colour_of, make_compute, make_pictures


@pytest.fixture
def job(qtbot, batch, tmp_path, monkeypatch):
    monkeypatch.setattr(extract, "extractor", lambda _library: make_compute())
    make_pictures(tmp_path / "pictures", 4)
    with qtbot.waitSignal(batch.ended):
        batch.begin([tmp_path / "pictures"], "colours")
    return batch.opened


def test_the_pictures_of_the_job_are_compared(job, tmp_path):
    picture = tmp_path / "pictures" / "2 blue.png"
    reports = []
    found = calls.similar_in_job(
        None, picture, job.path, "", NEVER, on_progress=lambda *report: reports.append(report)
    )
    assert len(found.paths) == 11
    assert {colour_of(path) for path in found.paths[:3]} == {"blue"}
    assert reports[-1] == (12, 12)
