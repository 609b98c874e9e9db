from __future__ import annotations

import sqlite3

import pytest

from desktop_app.core.batch.job import job as job_module
from desktop_app.core.batch.job.control import BatchControl
from desktop_app.core.batch.job.errors import ClusterError, JobError
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.run import cluster, runner
from desktop_app.core.batch.run.answering import OwnNetwork
from desktop_app.core.batch.run.cluster import NO_WORKER, run_on_cluster
from desktop_app.core.batch.run.cluster_worker import ChunkAnswer
from tests.core.batch.fakes import FakeClassifier, make_folder, new_job

COUNT = 50


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pictures", COUNT)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "one.job"


@pytest.fixture(autouse=True)
def every_batch_is_committed(monkeypatch):
    monkeypatch.setattr(job_module, "COMMIT_ROWS", 1)


class Chunk:
    """The pictures of a chunk, as `WaitingPictures`."""

    complete = True

    def __init__(self, pictures):
        self.pictures = list(pictures)

    def take(self, count):
        taken, self.pictures = self.pictures[:count], self.pictures[count:]
        return taken


class FakeLink:
    """Classifies the last chunk first; each is lost once when its result is asked for."""

    addresses = frozenset({"tcp://a:1"})

    def __init__(self, *, threads=2, unseen=lambda _number: False):
        self.threads = threads
        self.unseen = unseen
        self.chunks, self.asked = [], []
        self.most_out = self.fetched = 0
        self.lost = set()

    def submit(self, question, pictures, workers=frozenset()):
        self.asked.append(min(workers or self.addresses))
        self.chunks.append((question, pictures))
        self.most_out = max(self.most_out, len(self.chunks) - self.fetched)
        return len(self.chunks) - 1

    def finished(self, futures, seconds):
        return [max(futures)]

    def result(self, future):
        if future not in self.lost:
            self.lost.add(future)
            return None
        self.fetched += 1
        question, pictures = self.chunks[future]
        worker = self.asked[future]
        unseen = {number for number, _ in pictures if self.hides(number, worker)}
        seen = [(number, path) for number, path in pictures if number not in unseen]
        hidden = [(number, path.with_name("gone")) for number, path in pictures if number in unseen]
        waiting = Chunk([*seen, *hidden])
        outcomes = []
        with OwnNetwork(
            FakeClassifier(),
            fit=question.fit,
            crop_share=question.crop_share,
            top=question.top,
            batch_size=question.batch_size,
        ) as network:
            network.feed(waiting)
            while network.pending:
                outcomes += network.take(waiting)
                network.feed(waiting)
        return ChunkAnswer(tuple(outcomes), frozenset(unseen), 0.5, "elsewhere", worker)

    def hides(self, number, _worker):
        return self.unseen(number)


def run(job, link, **options):
    options.setdefault("batch_size", 4)
    return run_on_cluster(job, FakeClassifier().card, link, **options)


def rows(path):
    """All that a job knows of its pictures, but for the time that each took."""
    connection = sqlite3.connect(path)
    columns = "id, path, status, label, probability, second, answers, reason"
    found = connection.execute(f"SELECT {columns} FROM pictures ORDER BY id").fetchall()
    connection.close()
    return found


def test_the_rows_are_those_of_one_computer_bit_for_bit(folder, path, tmp_path):
    for number in (3, 4, 20):
        (folder / f"{number}.ppm").write_bytes(b"")
    with new_job(path, folder, top=2) as job:
        summary = run(job, FakeLink())
        assert job.state == "finished"
    alone = tmp_path / "alone.job"
    with new_job(alone, folder, top=2) as job:
        runner.run(job, FakeClassifier(), batch_size=4)
    assert rows(path) == rows(alone)
    assert (summary.finished, summary.answered, summary.failed, summary.left) == (True, 47, 3, 0)


def test_chunks_are_whole_batches_and_few_are_out(folder, path):
    link = FakeLink(threads=2)
    with new_job(path, folder) as job:
        run(job, link)
    sizes = [len(pictures) for _, pictures in link.chunks]
    assert all(size % 4 == 0 for size in sizes[:-1])
    assert sizes[0] == 4
    assert max(sizes) > 4  # half a second for a batch: several make a chunk
    assert link.most_out <= cluster.AHEAD * 2 + 1
    numbers = sorted(number for _, pictures in link.chunks for number, _ in pictures)
    assert numbers == list(range(1, COUNT + 1))


def test_a_cancelled_run_keeps_what_came_back_and_goes_on_later(folder, path):
    control = BatchControl()

    class Cancelling(FakeLink):
        def result(self, future):
            if self.fetched == 3:
                control.cancel()
            return super().result(future)

    with new_job(path, folder) as job:
        summary = run(job, Cancelling(), control=control.token)
        assert job.state == "stopped"
    assert not summary.finished
    assert 0 < summary.answered < COUNT
    link = FakeLink()
    with Job(path) as job:
        assert run(job, link).answered == COUNT - summary.answered
    assert sum(len(pictures) for _, pictures in link.chunks) == COUNT - summary.answered
    assert {row[2] for row in rows(path)} == {1}


def test_a_picture_that_a_worker_does_not_see_says_so(folder, path):
    with new_job(path, folder) as job:
        summary = run(job, FakeLink(unseen=lambda number: number == 7))
    assert (summary.answered, summary.failed) == (COUNT - 1, 1)
    reason = rows(path)[6][-1]
    assert "worker on elsewhere does not see" in reason
    assert "6.ppm" in reason
    assert "Share the folder" in reason


class TwoWorkers(FakeLink):
    """The first worker does not see every third picture."""

    addresses = frozenset({"tcp://a:1", "tcp://b:1"})

    def hides(self, number, worker):
        return number % 3 == 0 and worker == "tcp://a:1"


def test_a_picture_that_one_worker_does_not_see_is_asked_of_another(folder, path, tmp_path):
    link = TwoWorkers()
    with new_job(path, folder) as job:
        assert run(job, link).answered == COUNT
    assert set(link.asked) == link.addresses
    numbers = sorted(number for _, pictures in link.chunks for number, _ in pictures)
    assert numbers == sorted([*range(1, COUNT + 1), *range(3, COUNT + 1, 3)])


def test_a_folder_that_none_of_many_workers_sees_is_not_asked_for_for_ever(folder, path, monkeypatch):
    class ManyBlind(FakeLink):
        addresses = frozenset(f"tcp://{number}:1" for number in range(50))

    link = ManyBlind(unseen=lambda _number: True)
    with new_job(path, folder) as job, pytest.raises(ClusterError, match="does not see"):
        run(job, link)
    assert sum(len(pictures) for _, pictures in link.chunks) == COUNT * cluster.MOST_TRIES


def test_a_picture_that_is_nowhere_has_the_usual_reason(folder, path):
    class Vanishing(FakeLink):
        def result(self, future):
            (folder / "6.ppm").unlink(missing_ok=True)
            return super().result(future)

    with new_job(path, folder) as job:
        run(job, Vanishing(unseen=lambda number: number == 7))
    assert "worker" not in rows(path)[6][-1]


@pytest.mark.parametrize("blind", [10, cluster.BLIND])
def test_a_folder_that_no_worker_sees_ends_the_run_and_fails_no_picture(folder, path, monkeypatch, blind):
    monkeypatch.setattr(cluster, "BLIND", blind)
    with (
        new_job(path, folder) as job,
        pytest.raises(ClusterError, match=r"worker on elsewhere does not see .*ppm") as raised,
    ):
        run(job, FakeLink(unseen=lambda _number: True))
    assert "Share the folder" in raised.value.advice
    with Job(path) as job:
        assert (job.state, job.done, job.failed) == ("interrupted", 0, 0)
        assert run(job, FakeLink()).answered == COUNT


def test_missing_workers_are_told_once_and_waited_for(folder, path, monkeypatch):
    monkeypatch.setattr(cluster, "COUNT_SECONDS", 0)
    told, counted = [], iter([0, 0, 2])

    class Late(FakeLink):
        threads = property(lambda self: next(counted, 2), lambda self, value: None)

    with new_job(path, folder) as job:
        assert run(job, Late(), on_notice=told.append).finished
    assert told == [NO_WORKER]


def test_a_cluster_that_fails_leaves_a_job_that_goes_on(folder, path):
    class Failing(FakeLink):
        def result(self, future):
            if self.fetched == 2:
                raise ClusterError("The connection was lost.")
            return super().result(future)

    with new_job(path, folder) as job:
        with pytest.raises(ClusterError):
            run(job, Failing())
        assert job.state == "interrupted"
        assert 0 < job.done < COUNT
        assert run(job, FakeLink()).finished


def test_another_model_is_refused(folder, path):
    card = FakeClassifier().card.changed(weights_sha256="f" * 64)
    with new_job(path, folder) as job, pytest.raises(JobError, match="other weights"):
        run_on_cluster(job, card, FakeLink())
