from __future__ import annotations

import contextlib
import csv
import importlib.util
import json
import os
import signal
import socket
import sqlite3

import pytest

from desktop_app.cli import main
from desktop_app.commands.threads import decoding_threads
from desktop_app.core.batch.job import job as job_module
from desktop_app.core.batch.job.job import Job
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.run import cluster_link, runner
from desktop_app.core.batch.run.cluster import run_on_cluster
from desktop_app.core.batch.run.cluster_link import DaskLink, connect
from desktop_app.core.batch.run.cluster_worker import Question, model_key
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.foundation import paths
from desktop_app.core.library.store import Library
from tests.core.batch.fakes import make_folder
from tests.dask_cluster import DaskCluster
from tests.tiny_model import install_colour_model

pytestmark = [pytest.mark.engine, pytest.mark.own_processor]

COUNT = 300


@pytest.fixture(scope="module")
def home(tmp_path_factory, engine):
    """A library that this process and the workers share; its model is made ready for OpenVINO."""
    folder = tmp_path_factory.mktemp("shared-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_HOME", str(folder))
        install_colour_model(Library.default())
        load_classifier("colours", Library.default())
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, home):
    """A scheduler and two workers, which are there when the first test needs them."""
    environment = os.environ | {"SIGHTLINE_HOME": str(home), "CUDA_VISIBLE_DEVICES": "-1"}
    with DaskCluster(tmp_path_factory.mktemp("dask"), environment) as started:
        started.workers = started.start_workers(2)
        yield started


@pytest.fixture(autouse=True)
def shared_library(home, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_HOME", str(home))


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """The scheduler and its workers share this computer with all that the tests start."""
    monkeypatch.setattr(cluster_link, "CONNECT_SECONDS", 60.0)
    monkeypatch.setattr(cluster_link, "RESULT_SECONDS", 60.0)


@pytest.fixture
def folder(tmp_path):
    folder = make_folder(tmp_path / "pictures", COUNT)
    (folder / "7.ppm").write_text("no picture")
    return folder


def classify(*words):
    return main(["classify", "--model", "colours", *map(str, words)])


def rows_of(target):
    with target.open(encoding="utf-8", newline="") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def test_the_table_is_that_of_one_computer(cluster, folder, tmp_path, capsys):
    words = [folder, "--format", "csv", "--batch-size", 8, "--top", 2, "--output"]
    assert classify(*words, tmp_path / "cluster.csv", "--scheduler", cluster.address) == 1
    told = capsys.readouterr().err
    assert f"Colours (colours) runs on 2 workers of {cluster.address}." in told
    assert "300 pictures, 1 couldn't be read" in told
    assert classify(*words, tmp_path / "alone.csv") == 1
    assert rows_of(tmp_path / "cluster.csv") == rows_of(tmp_path / "alone.csv")


def engines_of(target):
    """The engine of each classified picture in a document."""
    document = json.loads(target.read_text(encoding="utf-8"))
    assert document["engine"]["processor"]
    own = [result.get("engine", document["engine"]) for result in document["results"] if "sure" in result]
    return {(engine["name"], engine["precision"]) for engine in own}


def test_workers_answer_without_tensorflow_unless_asked(cluster, folder, tmp_path, capsys):
    target = tmp_path / "out.json"
    words = [folder, "--format", "json", "--output", target, "--scheduler", cluster.address]
    assert classify(*words, "--precision", "float32") == 1
    assert "\n299 by OpenVINO, float32.\n" in capsys.readouterr().err
    assert engines_of(target) == {("openvino", "float32")}
    with connect(cluster.address) as link:
        loaded = link._client.run(lambda: {"tensorflow", "openvino"} & __import__("sys").modules.keys())
    assert set().union(*loaded.values()) == {"openvino"}

    assert classify(*words, "--engine", "tensorflow") == 1
    assert "\n299 by TensorFlow, float32.\n" in capsys.readouterr().err
    assert engines_of(target) == {("tensorflow", "float32")}


def test_ctrl_c_keeps_what_came_and_resume_goes_on(cluster, folder, tmp_path, capsys, monkeypatch):
    original, came = DaskLink.result, []

    def result(self, future):
        answer = original(self, future)
        if answer is not None:
            came.append(len(answer.outcomes))
            if len(came) == 2:
                signal.raise_signal(signal.SIGINT)
        return answer

    monkeypatch.setattr(DaskLink, "result", result)
    target = tmp_path / "labels.csv"
    words = [folder, "--format", "csv", "--top", 1, "--output", target, "--scheduler", cluster.address]
    assert classify(*words, "--batch-size", 4) == 130
    assert "resume by the same command with --resume" in capsys.readouterr().err
    assert 0 < len(rows_of(target)) < COUNT
    assert classify(*words, "--batch-size", 4, "--resume") == 1
    rows = rows_of(target)
    assert len(rows) == len({row["source"] for row in rows}) == COUNT
    assert sum(came) == COUNT
    assert not list(paths.jobs().iterdir())


def test_a_worker_that_is_killed_midway_costs_no_picture(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(job_module, "COMMIT_ROWS", 1)
    folder = make_folder(tmp_path / "many", 2000)
    classifier = load_classifier("colours", Library.default())
    spec = JobSpec.for_card(classifier.card, [folder])
    with Job(tmp_path / "alone.job", spec) as job:
        runner.run(job, classifier, batch_size=8)

    killed, kept = [], []
    with connect(cluster.address) as link, Job(tmp_path / "cluster.job", spec) as job:
        link.check([str(folder)])
        processes = dict(link._client.run(os.getpid))

        def kill_one_at_work(progress):
            busy = [address for address, keys in link._client.processing().items() if keys]
            if progress.done and busy and not killed:
                kept.append(progress.done)
                killed.append(processes[busy[0]])
                os.kill(killed[0], signal.SIGKILL)

        summary = run_on_cluster(
            job, classifier.card, link, on_progress=kill_one_at_work, batch_size=8, parallel=1
        )
        assert link.workers == 1
    assert killed[0] in [worker.pid for worker in cluster.workers]
    assert 0 < kept[0] < 2000
    assert (summary.finished, summary.answered, summary.failed, summary.left) == (True, 2000, 0, 0)
    assert table(tmp_path / "cluster.job") == table(tmp_path / "alone.job")


def test_some_workers_only_can_be_asked(cluster, folder):
    card = Library.default().get("colours").card
    question = Question(model_key(card), "squash", 1.0, 1, 4, 2, make_executor=decoding_threads)
    pictures = [(number, folder / f"{number}.ppm") for number in range(4)]
    with connect(cluster.address) as link:
        for address in link.addresses:
            chunk = link.submit(question, pictures, frozenset({address}))
            assert link.finished([chunk], 60) == [chunk]
            assert link.result(chunk).worker == address


def table(path):
    """All rows of a job bit for bit, but for the time that each took."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        columns = "id, path, status, label, probability, second, answers, reason"
        return connection.execute(f"SELECT {columns} FROM pictures ORDER BY id").fetchall()


def test_a_scheduler_that_is_not_there_is_wrong_usage(folder, capsys, monkeypatch):
    monkeypatch.setattr(cluster_link, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    assert classify(folder, "--scheduler", address) == 2
    assert capsys.readouterr().err.startswith(f"No scheduler of Dask answers at {address}")
    assert classify(folder, "--scheduler", "lab-3") == 2
    assert "'lab-3' is not the address of a scheduler. Write it like tcp://" in capsys.readouterr().err
    assert not paths.jobs().exists() or not list(paths.jobs().iterdir())


def test_the_missing_extra_says_how_to_install_it(folder, capsys, monkeypatch):
    original = importlib.util.find_spec
    hidden = "distributed"
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == hidden else original(name, *more)
    )
    assert classify(folder, "--scheduler", "tcp://127.0.0.1:8786") == 2
    assert "its extra 'cluster' (pip install -e '.[cluster]'" in capsys.readouterr().err


def test_links_cannot_be_handed_out(folder, capsys):
    assert classify(folder, "https://example.org/a.jpg", "--scheduler", "tcp://127.0.0.1:8786") == 2
    assert "Links cannot be handed to a cluster." in capsys.readouterr().err
