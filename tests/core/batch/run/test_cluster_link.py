from __future__ import annotations

import importlib.util
import os
import socket

import pytest
from distributed import KilledWorker

from desktop_app.core.batch.job.errors import ClusterError
from desktop_app.core.batch.run import cluster_link
from desktop_app.core.batch.run.cluster_link import DaskLink, check_address, connect
from desktop_app.core.batch.run.cluster_worker import Member, introduce
from tests.dask_cluster import DaskCluster


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    assert cluster_link.CONNECT_SECONDS < 10
    monkeypatch.setattr(cluster_link, "CONNECT_SECONDS", 0.5)


def failure(address):
    with pytest.raises(ClusterError) as raised, connect(address):
        pass
    return str(raised.value)


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tls://lab-3.example:1/", "tcp://[::1]:8786"])
def test_addresses(address):
    check_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "10.0.0.1:8786", "http://10.0.0.1:8786", "tcp://10.0.0.1", "tcp://:8786", "tcp://a:0", "tcp://a:99999",
     "tcp://::1:8786", "tcp://a:1/b", "inproc://1"],
)  # fmt: skip
def test_what_is_no_address_of_a_scheduler(address):
    assert failure(address).startswith(f"'{address}' is not the address of a scheduler")


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    assert failure(address) == f"No scheduler of Dask answers at {address}."


def test_somebody_who_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        assert failure(address) == f"No scheduler of Dask answers at {address}."


def test_somebody_else(serve):
    server = serve(lambda request: None)
    assert "No scheduler of Dask answers" in failure(f"tcp://127.0.0.1:{server.port}")


def test_tls_without_certificates():
    assert "cannot be reached: TLS expects" in failure("tls://127.0.0.1:8786")


def test_the_missing_extra_is_named(monkeypatch):
    original = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *more: None if name == "distributed" else original(name, *more),
    )
    assert "package distributed, which is not installed" in failure("tcp://127.0.0.1:8786")


@pytest.fixture
def dask(tmp_path):
    with DaskCluster(tmp_path, dict(os.environ)) as cluster:
        yield cluster


def test_a_cluster_without_workers_and_a_scheduler_that_is_lost(dask, monkeypatch):
    monkeypatch.setattr(cluster_link, "CONNECT_SECONDS", 60)
    with connect(dask.address) as link:
        assert (link.workers, link.threads) == (0, 0)
        with pytest.raises(ClusterError, match="has no worker"):
            link.check()
        chunk = link.submit(None, [])
        assert link.finished([chunk], 0.01) == []
        dask.scheduler.kill()
        assert link.finished([chunk], 60) == [chunk]
        with pytest.raises(ClusterError, match=r"The connection with the scheduler .* was lost") as raised:
            link.result(chunk)
    assert "by the same command with --resume" in raised.value.advice


class FakeClient:
    """Knows a scheduler and some workers by what they say of themselves."""

    status = "running"

    def __init__(self, scheduler=None, **workers):
        self.scheduler = scheduler or introduce()
        self.workers = {name.replace("_", ":"): member for name, member in workers.items()}

    def run_on_scheduler(self, function):
        return self.scheduler

    def run(self, function, folders, on_error):
        return self.workers


def check(**members):
    with pytest.raises(ClusterError) as raised:
        DaskLink(FakeClient(**members), "tcp://s:1").check(["/shared"])
    return f"{raised.value} {raised.value.advice}"


def test_who_does_not_fit_is_named():
    fits = introduce()
    other = Member("lab-3", "99.0", fits.dask, ())
    assert "The cluster at tcp://s:1 has no worker. Start some: dask worker tcp://s:1" in check()
    assert "The scheduler tcp://s:1 on lab-3 has Sightline 99.0" in check(scheduler=other, a=fits)
    assert "The worker b on lab-3 has Sightline 99.0, this computer" in check(a=fits, b=other)
    older = Member("lab-3", fits.sightline, "1.0", ())
    assert "has dask.distributed 1.0, this computer" in check(a=older)
    blind = Member("lab-3", fits.sightline, fits.dask, ("/shared",))
    assert "The worker a on lab-3 does not see /shared. Share the folder" in check(a=blind)
    stranger = ModuleNotFoundError("No module named 'desktop_app'")
    assert "The worker a does not know this version of Sightline" in check(a=stranger)


class FakeFuture:
    """A chunk that ends in an error."""

    def __init__(self, error, status):
        self.error = error
        self.status = status
        self.released = False

    def result(self, timeout):
        raise self.error

    def release(self):
        self.released = True


@pytest.mark.parametrize("status", ["finished", "pending"])
def test_an_answer_that_is_slow_to_come_is_kept_for_later(status):
    future = FakeFuture(TimeoutError(), status)
    assert DaskLink(FakeClient(), "tcp://s:1").result(future) is None
    assert not future.released


def test_errors_of_workers_become_sentences():
    link = DaskLink(FakeClient(), "tcp://s:1")

    def told(error):
        with pytest.raises(ClusterError) as raised:
            link.result(FakeFuture(error, "error"))
        return str(raised.value)

    assert told(ClusterError("There is no model.")) == "There is no model."
    assert told(TimeoutError("late")) == "A worker of tcp://s:1 failed: late."
    assert told(KilledWorker("key", "worker", 3)).startswith("4 workers ended, one after the other")
