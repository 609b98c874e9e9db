from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from desktop_app.cli import main
from desktop_app.commands import serve as command
from desktop_app.core.classify.loader import load_classifier
from desktop_app.core.classify.pool import ModelPool
from desktop_app.core.library.store import Library
from desktop_app.core.service.server import LabelServer
from tests.core.service.running import Loader, add_models, picture, refuses, wait_until
from tests.servers import respond
from tests.tiny_model import install_colour_model

CLASSIFY = "/api/v1/classify_image"


@pytest.fixture
def listening(monkeypatch):
    """Note each server that the command makes, end it as soon as it runs, and let it load nothing heavy."""
    servers = []
    made = LabelServer.__init__
    runs = LabelServer.run

    def make(server, pool, options):
        made(server, ModelPool(pool.library, load=Loader()), options)
        servers.append(server)

    def run(server):
        server.close()
        return runs(server)

    monkeypatch.setattr(LabelServer, "__init__", make)
    monkeypatch.setattr(LabelServer, "run", run)
    add_models("colours")
    return servers


def serve(*words):
    return main(["serve", "--model", "colours", "--port", "0", *words])


def test_says_where_it_listens_and_ends(listening, capsys):
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert serve() == 0
    output = capsys.readouterr()
    address = re.search(r"listens on (http://127\.0\.0\.1:[1-9]\d*)\.", output.err)
    assert f"  curl -F image=@picture.jpg {address[1]}{CLASSIFY}\n" in output.err
    assert output.out == ""
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_the_options_reach_the_service(listening, monkeypatch, capsys):
    monkeypatch.setenv("SIGHTLINE_TOKEN", "from-the-environment")
    names = ("--allowed-host", "Pictures.Example", "--allowed-host", "b.example")
    assert serve("--host", "0.0.0.0", "--threads", "7", "--allow-private-hosts", *names) == 0
    options = listening[0].options
    assert (options.host, options.port, options.model_id, options.threads) == ("0.0.0.0", 0, "colours", 7)
    assert options.token == "from-the-environment"
    assert options.allowed_hosts == ("pictures.example", "b.example")
    assert options.allow_private_hosts
    error = capsys.readouterr().err
    assert "$SIGHTLINE_TOKEN" in error
    assert "from-the-environment" not in error


def test_a_token_on_the_command_line_counts_more(listening, monkeypatch):
    monkeypatch.setenv("SIGHTLINE_TOKEN", "from-the-environment")
    assert serve("--token", "given") == 0
    assert serve("--no-token", "--host", "0.0.0.0") == 0
    assert [server.options.token for server in listening] == ["given", ""]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--host", "0.0.0.0"], "needs a token"),
        (["--host", "192.0.2.1", "--no-token"], "cannot listen on 192.0.2.1"),
        (["--threads", "1"], "threads"),
        (["--model", "dragons"], "no model 'dragons'"),
        (["--model", "vgg19"], "not installed"),
        (["--token", "two words"], "token"),
    ],
)
def test_what_cannot_work_is_said(listening, capsys, words, part):
    assert serve(*words) == 2
    error = capsys.readouterr().err
    assert part in error
    assert "listens" not in error
    assert "Traceback" not in error


def test_a_port_in_use(listening, capsys):
    with LabelServer(ModelPool(Library.default()), command._service_options(parsed())) as other:
        port = other.listen().rpartition(":")[2]
        assert main(["serve", "--model", "colours", "--port", port]) == 2
    assert f"port {port}" in capsys.readouterr().err


def parsed():
    from desktop_app.cli import build_parser

    return build_parser().parse_args(["serve", "--port", "0", "--model", "colours"])


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_is_none(port, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["serve", "--port", port])
    assert caught.value.code == 2


def test_a_thread_that_cannot_end_does_not_keep_the_process(listening, monkeypatch):
    ended = []
    monkeypatch.setattr(LabelServer, "run", lambda _server: False)
    monkeypatch.setattr(os, "_exit", ended.append)
    serve()
    assert ended == [0]


@pytest.mark.engine
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_real_process(isolated_home, serve, number):
    """A request in flight when the signal comes still gets its response."""
    asked, ending = threading.Event(), threading.Event()

    def give_picture_at_the_end(request):
        asked.set()
        ending.wait(60)
        respond(request, picture())

    url = f"{serve(give_picture_at_the_end).url}/green.png"
    install_colour_model(Library.default())
    load_classifier("colours", Library.default())  # made ready here, the process has nothing to convert
    environment = os.environ | {"SIGHTLINE_HOME": str(isolated_home)}
    words = ["serve", "--port", "0", "--model", "colours", "--allow-private-hosts"]
    command = [sys.executable, "-m", "desktop_app", *words]
    with (
        ThreadPoolExecutor(1) as pool,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process,
    ):
        try:
            address = re.search(r"http://\S+:\d+", process.stderr.readline())[0]
            assert address in process.stderr.readline()
            assert "Colours (colours) answers" in process.stderr.readline()
            answer = requests.post(address + CLASSIFY, files={"image": picture()}, timeout=60)
            assert answer.json()["message"] == "green"
            linked = pool.submit(requests.post, address + CLASSIFY, json={"url": url}, timeout=60)
            assert asked.wait(60)
            process.send_signal(number)
            wait_until(lambda: refuses(int(address.rpartition(":")[2])))
            ending.set()
            assert linked.result(60).json()["message"] == "green"
            assert process.wait(60) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            ending.set()
            process.kill()
