"""Fixtures for all tests: a home of their own, no display, a quiet TensorFlow, and the guards."""

from __future__ import annotations

import os
import signal

# A shell that starts the tests in the background has them, and what they start, ignore Ctrl+C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before Qt and TensorFlow are first imported, here or by a process that a test starts.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

from tests.guards import no_leaked_threads, no_unexpected_logs
from tests.patient_bot import PatientBot
from tests.servers import LocalServer
from tests.sharing import in_order, make_sendable, mark, worker_count
from tests.vgg19_file import shared_vgg19_weights
from tests.virtual_display import VirtualDisplay, missing_programs

__all__ = ["no_leaked_threads", "no_unexpected_logs"]

PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def pytest_xdist_auto_num_workers(config):
    """Say what `-n auto` is, as `make test` has it."""
    return worker_count()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark the tests before `-m` chooses among them."""
    mark(items)
    items[:] = in_order(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    make_sendable(report)
    return report


@pytest.fixture(autouse=True)
def isolated_home(tmp_path, monkeypatch):
    """Give every test an empty `SIGHTLINE_HOME`, and no proxy between it and its own servers."""
    home = tmp_path / "sightline-home"
    monkeypatch.setenv("SIGHTLINE_HOME", str(home))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return home


@pytest.fixture(autouse=True)
def same_numbers_on_every_processor(monkeypatch, request):
    """Let no network be computed in bfloat16, which only some processors have: answers would differ.

    Not so for tests marked `own_processor`, whose child processes use what there is.
    """
    if request.node.get_closest_marker("own_processor"):
        return
    from desktop_app.core.classify import answering
    from desktop_app.core.engine.compiled import Processor, read_processor
    from desktop_app.core.inference import handed_over

    def without_bfloat16():
        found = read_processor()
        return Processor(found.name, tuple(name for name in found.capabilities if name != "BF16"))

    monkeypatch.setattr(answering, "read_processor", without_bfloat16)
    monkeypatch.setattr(handed_over, "read_processor", without_bfloat16)


@pytest.fixture
def qtbot(qapp, request):
    """What pytest-qt's own fixture is, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def engine():
    """Load TensorFlow once, the way the app does; for tests marked `engine`."""
    from desktop_app.core.engine.loading import load_engine

    load_engine()


@pytest.fixture(scope="session")
def vgg19_weights(tmp_path_factory):
    """A weights file of VGG19 with seeded random numbers, one for all workers; only read it."""
    folder = tmp_path_factory.getbasetemp()
    return shared_vgg19_weights(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def virtual_display():
    """Start an X server for tests marked `display`; see `VirtualDisplay.environment`."""
    if missing := missing_programs():
        pytest.skip(f"{' and '.join(missing)} not installed (make test installs them where it may)")
    with VirtualDisplay() as display:
        yield display


@pytest.fixture
def serve():
    """Start web servers on the loopback address: `serve(handler)` returns a `LocalServer`."""
    servers: list[LocalServer] = []

    def start(handle):
        servers.append(LocalServer(handle))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
