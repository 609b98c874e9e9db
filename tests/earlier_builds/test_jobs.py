"""Jobs of earlier builds are read and resumed, and what was filed out of them is taken back."""

from __future__ import annotations

import shutil

import pytest

from desktop_app.core.batch.filing.filing import undo
from desktop_app.core.batch.filing.journals import filed_files, last_filing
from desktop_app.core.batch.job.filters import RowFilter
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.reader import JobReader
from desktop_app.core.batch.run import runner
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation import paths
from desktop_app.core.library.store import Library
from tests.earlier_builds.kept import moved

FINISHED = "batch-20260130T120001Z-00000001.job"
HALF_DONE = {
    "batch-20260131T120002Z-00000002.job": ("stopped", "stopped"),
    "batch-20260131T120003Z-00000003.job": ("killed", "running"),
}


@pytest.fixture
def jobs(root):
    return paths.jobs()


def require_rows(rows, expected, root):
    """Compare rows with those that the earlier build read."""
    assert [row.path for row in rows] == [moved(entry["path"], root) for entry in expected]
    for row, entry in zip(rows, expected, strict=True):
        assert (row.status.name, row.reason) == (entry["status"], entry["reason"])
        labels = row.prediction.labels if row.prediction else ()
        assert [label.label for label in labels] == entry["labels"]
        found = [label.probability for label in labels]
        assert found == pytest.approx(entry["probabilities"], abs=1e-5)


def test_a_finished_job_is_read(jobs, root, said):
    expected = said["jobs"]["finished"]
    with JobReader(jobs / FINISHED) as reader:
        assert reader.state == "finished"
        assert reader.worked is not None
        spec = reader.spec
        assert (spec.model_id, spec.fit, spec.top, spec.base) == ("everything", "crop", 3, root)
        assert spec.crop_share == 1
        assert spec.sources == (root / "pictures" / "loose", root / "pictures" / "nothing")
        assert spec.weights_sha256 == Library.default().get("everything").card.weights_sha256
        require_rows(list(reader.select()), expected["rows"], root)
        counts = reader.counts()
        assert (counts.done, counts.failed, counts.total) == (6, 1, 7)
        (problem,) = reader.problems()
        assert (problem.path, problem.reason) == (root / "pictures" / "nothing", expected["problems"][0][1])


def test_nothing_in_it_is_called_unlike(jobs, root):
    unlike = RowFilter(unlike=True)
    with JobReader(jobs / FINISHED) as reader:
        assert {row.prediction.distance for row in reader.select() if row.prediction} == {None}
        assert (list(reader.numbers(unlike)), list(reader.select(unlike))) == ([], [])


@pytest.mark.parametrize("name", sorted(HALF_DONE))
def test_a_half_done_job_knows_what_it_has(jobs, root, said, name):
    kind, state = HALF_DONE[name]
    assert (jobs / f"{name}-wal").exists() == (kind == "killed")
    with JobReader(jobs / name) as reader:
        assert reader.state == state
        rows = list(reader.select())
    done = [number for number, row in enumerate(rows) if row.prediction]
    assert done == [0, 1, 2, 3]
    assert len(rows) == 12
    require_rows(rows[:4], said["jobs"][kind]["rows"][:4], root)


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("name", sorted(HALF_DONE))
def test_a_half_done_job_is_resumed(jobs, root, said, name):
    kind, _state = HALF_DONE[name]
    classifier = load_classifier("everything", Library.default())
    with Job(jobs / name) as job:
        summary = runner.run(job, classifier)
        assert job.state == "finished"
    assert (summary.finished, summary.answered, summary.failed) == (True, 8, 0)
    with JobReader(jobs / name) as reader:
        require_rows(list(reader.select()), said["jobs"][kind]["rows"], root)


def test_what_was_filed_is_taken_back(jobs, root, said):
    job = jobs / FINISHED
    steps = {
        how: [(moved(source, root), moved(target, root)) for source, target in pairs]
        for how, pairs in said["filed"].items()
    }
    for source, target in steps["copy"]:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    contents = {source: source.read_bytes() for source, _target in steps["copy"]}
    for source, target in steps["move"]:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    assert filed_files(job).moved == dict(steps["move"])
    found = [last_filing(job)]
    assert (found[0].filed.what, found[0].filed.done) == ("moved", 2)
    back = undo(found[0].journal)
    assert (back.done, back.problems, back.left) == (2, (), 0)
    found.append(last_filing(job))
    assert (found[1].filed.what, found[1].filed.done) == ("copied", 6)
    back = undo(found[1].journal)
    assert (back.done, back.problems, back.left) == (6, (), 0)
    assert last_filing(job) is None
    assert {source: source.read_bytes() for source in contents} == contents
    assert not (root / "filed").exists()
