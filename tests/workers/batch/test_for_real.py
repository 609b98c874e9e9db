"""The service with TensorFlow and Everyday: from pictures to predictions, and resumed after a shutdown."""

from __future__ import annotations

import shutil
from functools import partial

import pytest

from desktop_app.core.batch.job.rows import Status
from desktop_app.core.batch.run import runner
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.foundation import paths
from desktop_app.core.library.store import EVERYDAY_ID, Library
from tests.workers.batch_fakes import Told, all_rows, finish, open_job

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

TIMEOUT = 60_000


@pytest.fixture
def samples(tmp_path):
    """The pictures that come with the app, and a damaged one."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for path in (paths.resources() / "samples").iterdir():
        if path.suffix in {".jpg", ".png", ".webp"}:
            shutil.copy(path, folder)
    (folder / "zz.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def test_everyday_answers_for_a_folder_and_goes_on_after_a_shutdown(qtbot, samples, monkeypatch):
    monkeypatch.setattr(runner, "run", partial(runner.run, batch_size=2))
    monkeypatch.setattr("desktop_app.core.batch.job.job.COMMIT_ROWS", 1)
    count = len(list(samples.iterdir()))
    first = Told(ModelPool(Library.default()))
    try:
        first.progressed.connect(lambda progress: progress.done and first.cancel())
        with qtbot.waitSignal(first.ended, timeout=TIMEOUT) as ended:
            first.begin([samples], EVERYDAY_ID)
        path = first.opened.path
    finally:
        assert first.shutdown(60)
    assert 0 < ended.args[0].answered < count
    second = Told(ModelPool(Library.default()))
    try:
        open_job(qtbot, second, path)
        finish(qtbot, second)
        rows = all_rows(qtbot, second)
    finally:
        assert second.shutdown(60)
    assert second.last("ended").answered == count - 1 - ended.args[0].answered
    assert [row.status for row in rows] == [Status.DONE] * (count - 1) + [Status.FAILED]
    labels = {row.prediction.top.label for row in rows[:-1]}
    assert len(labels) == count - 1
