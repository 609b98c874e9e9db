"""Every examination ends in a report, in words, or silently when it was given up."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_app.core.foundation.cancellation import NEVER, CancelSource
from desktop_app.workers.training.dataset_worker import DatasetWorker, ScanRequest


@pytest.fixture
def data(tmp_path):
    for number, name in enumerate(["cats", "dogs"] * 6):
        (tmp_path / "pets" / name).mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(number).integers(0, 256, (12, 16, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "pets" / name / f"{number}.png")
    return tmp_path / "pets"


@pytest.fixture
def worker(qapp):
    worker = DatasetWorker()
    worker.told = []
    worker.progressed.connect(lambda request, progress: worker.told.append(("progress", request, progress)))
    worker.succeeded.connect(lambda request, report: worker.told.append(("report", request, report)))
    worker.failed.connect(lambda request, reason: worker.told.append(("failed", request, reason)))
    return worker


def test_data_is_examined_and_progress_told(worker, data):
    request = ScanRequest(data, NEVER)
    worker.scan(request)
    *progress, (kind, asked, report) = worker.told
    assert (kind, asked) == ("report", request)
    assert report.class_names == ("cats", "dogs")
    assert len(report.examples) == 12
    assert {kind for kind, _request, _progress in progress} == {"progress"}
    assert any(told.done == told.total == 12 for _kind, _request, told in progress)


def test_what_is_no_data_set_is_said(worker, tmp_path):
    request = ScanRequest(tmp_path / "nowhere", NEVER)
    worker.scan(request)
    ((kind, asked, reason),) = worker.told
    assert (kind, asked) == ("failed", request)
    assert "nowhere" in reason.text
    assert reason.advice


def test_one_that_is_given_up_before_its_turn_is_not_begun(worker, tmp_path):
    source = CancelSource()
    source.cancel()
    request = ScanRequest(tmp_path / "nowhere", source.token)
    worker.scan(request)
    assert worker.told == [("failed", request, None)]


def test_one_that_is_given_up_meanwhile_ends_without_a_reason(worker, data):
    source = CancelSource()
    request = ScanRequest(data, source.token)
    worker.progressed.connect(source.cancel)
    worker.scan(request)
    assert worker.told[-1] == ("failed", request, None)
    assert not [told for told in worker.told if told[0] == "report"]


def test_a_defect_ends_the_examination_and_is_seen(worker, data, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("a defect")

    monkeypatch.setattr("desktop_app.core.datasets.examine.doctor.examine", fail)
    request = ScanRequest(data, NEVER)
    with pytest.raises(RuntimeError, match="a defect"):
        worker.scan(request)
    ((kind, asked, reason),) = worker.told
    assert (kind, asked) == ("failed", request)
    assert reason.text == f"Checking {data} failed: a defect."
