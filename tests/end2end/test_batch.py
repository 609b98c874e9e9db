"""A folder is dropped on the Batch pane of the real window; no death of the process loses a result."""

from __future__ import annotations

import pytest
from PIL import Image

from desktop_app.core.batch.job.errors import JobError
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.job.rows import Status

pytestmark = [pytest.mark.display, pytest.mark.engine]

MANY = 1500
COLOURS = {"red": (250, 0, 0), "blue": (0, 0, 250)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pictures in folders of their colours."""
    result = tmp_path_factory.mktemp("batch") / "colours"
    for name, colour in COLOURS.items():
        (result / name).mkdir(parents=True)
        first = result / name / "0.png"
        Image.new("RGB", (640, 480), colour).save(first)
        for number in range(1, MANY // 2):
            (result / name / f"{number}.png").hardlink_to(first)
    return result


def read_jobs(home):
    """Counts of the only job; None before there is one."""
    found = list((home / "jobs").glob("*.job"))
    assert len(found) <= 1
    try:
        with JobReader(found[0]) as reader:
            return reader.counts()
    except (IndexError, JobError):  # it is just being made
        return None


def test_a_folder_is_classified_and_resumes_after_a_kill(desk, make_home, folder):
    first = desk.open(home=make_home())
    desk.turn_to_pane(first, "ctrl+2", "Batch")
    desk.drag(urls=[folder.as_uri()])
    first.wait_until(lambda: (counts := read_jobs(first.home)) is not None and counts.done > 0, "an answer")
    first.kill()
    killed = read_jobs(first.home)
    assert killed.done < MANY

    app = desk.open(home=first.home)
    desk.turn_to_pane(app, "ctrl+2", "Batch")
    app.wait_for_log("Model colours: ready")  # by then the pane has its list
    desk.press("ctrl+1")
    desk.press("ctrl+2")
    desk.press(*desk.TO_GO_ON)
    app.wait_for_log("A job has ended")
    [path] = (app.home / "jobs").glob("*.job")
    with JobReader(path) as reader:
        rows = list(reader.select())
    assert [row.status for row in rows] == [Status.DONE] * MANY
    assert all(row.prediction.top.label == row.path.parent.name for row in rows)
    desk.press("ctrl+q")
    assert app.wait_for_end() == 0
