"""Measures the label service beside a bare loop over the same model, pictures and cores.

``python -m benchmarks.service_load [--model ID] [--clients 32] [--seconds 30] [--requests N] [--folder DIR]``
first classifies pictures one after the other (decode, run the network, name the best), then starts
``sightline serve`` and lets another process ask with that many clients at once, each over one connection.
Then the loop once more, since other programs may take the cores meanwhile; its faster pass counts.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.turns import take_turns
from desktop_app.core.classify.loader import default_model_id, load_classifier
from desktop_app.core.foundation.paths import resources
from desktop_app.core.images.decoding.decode import read_fitted
from desktop_app.core.library.store import EVERYDAY_ID, Library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.frame.plan import Plan

_LATENCIES = (("p50", 50), ("p99", 99), ("longest", 100))
PATH = "/api/v1/classify_image"


def main() -> None:
    """Measure, or be the clients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--requests", type=int, default=0, help="end after so many instead of after a time")
    parser.add_argument("--folder", type=Path, default=resources() / "samples")
    parser.add_argument("--be-clients-of", metavar="PORT", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be_clients_of:
        print(json.dumps(_ask_much(options)))
        return
    options.model = options.model or default_model_id(Library.default())
    bare = _Bare(options)
    first = bare.rate(options.seconds / 2)
    asked = _with_service(options)
    second = bare.rate(options.seconds / 2)
    loop = max(first, second)
    rate = len(asked["seconds"]) / asked["wall"]
    latency = ", ".join(f"{name} {_percentile(asked, percent):.0f} ms" for name, percent in _LATENCIES)
    print(f"{options.model}: bare loop {first:.1f} and {second:.1f} pictures a second.")
    print(
        f"{options.clients} clients: {rate:.1f} requests a second, {rate / loop:.2f} of the loop; {latency}."
    )
    print(f"{asked['batch']:.1f} pictures a batch; statuses other than 200: {asked['others'] or 'none'}.")
    done = len(asked["seconds"])
    print(f"Memory: {asked['memory'][0]} MB, and {asked['memory'][1]} MB after {done} more requests.")


def measure(plan: Plan) -> list[Figure]:
    """Ask Everyday by 32 clients and in a loop, by turns; the service idles while the loop runs."""
    options = argparse.Namespace(model=EVERYDAY_ID, clients=32, folder=resources() / "samples")
    seconds = plan.count(1, 5)
    bare = _Bare(options)
    with _service(options) as service:
        others: dict[int, int] = {}

        def ask() -> float:
            asked = _clients(options, service.port, seconds=seconds)
            others.update(asked["others"])
            return float(len(asked["seconds"]) / asked["wall"])

        rates = take_turns({"service": ask, "loop": lambda: bare.rate(seconds)}, plan.runs)
    if others:
        message = f"The service answered with other statuses than 200: {others}."
        raise AssertionError(message)
    return [
        Figure(
            f"label service, {options.clients} clients, Everyday",
            "loop over single pictures",
            "pictures/s",
            tuple(rates["service"]),
            tuple(rates["loop"]),
            Goal(1.5, at_least=True),
            digits=0,
        )
    ]


class _Bare:
    """Decodes and classifies one picture after the other, as a program without the service would."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._pictures = _pictures(options.folder)
        self._classifier = load_classifier(options.model, Library.default())
        self.rate(1)

    def rate(self, seconds: float) -> float:
        spec = self._classifier.card.input
        done, started = 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            data = self._pictures[done % len(self._pictures)]
            self._classifier.predict_prepared([read_fitted(data, spec.fitting())])
            done += 1
        return done / (time.perf_counter() - started)


def _pictures(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*.jpg"))[:200]]


def _with_service(options: argparse.Namespace) -> dict[str, Any]:
    with _service(options) as service:
        _clients(options, service.port, seconds=min(5.0, options.seconds))
        before, memory = _batches(service.port), _resident_mb(service.pid)
        asked = _clients(options, service.port, seconds=options.seconds, requests=options.requests)
        after = _batches(service.port)
        return {
            **asked,
            "memory": (memory, _resident_mb(service.pid)),
            "batch": (after[0] - before[0]) / max(1, after[1] - before[1]),
        }


@dataclass(frozen=True)
class _Service:
    port: int
    pid: int


@contextlib.contextmanager
def _service(options: argparse.Namespace) -> Iterator[_Service]:
    """Start ``sightline serve``, and end it."""
    command = [sys.executable, "-m", "desktop_app", "serve", "--port", "0", "--model", options.model]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert service.stderr is not None
    try:
        found = re.search(r":(\d+)", service.stderr.readline())
        assert found is not None
        port = int(found[1])
        _wait_until_ready(port)
        yield _Service(port, service.pid)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(10)
        service.stderr.close()


def _clients(options: argparse.Namespace, port: int, *, seconds: float, requests: int = 0) -> dict[str, Any]:
    """Ask from another process, whose lock is not the service's."""
    command = [
        *(sys.executable, "-m", "benchmarks.service_load", "--be-clients-of", str(port)),
        *("--clients", str(options.clients), "--folder", str(options.folder)),
        *("--seconds", str(seconds), "--requests", str(requests)),
    ]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(json.loads(output))


def _ask_much(options: argparse.Namespace) -> dict[str, Any]:
    """Act as all the clients at once; each sends its next request when it has its last response."""
    requests = [_request(data, options.be_clients_of) for data in _pictures(options.folder)]
    seconds: list[float] = []
    others: dict[int, int] = {}
    lock = threading.Lock()
    started = time.perf_counter()

    def over() -> bool:
        if options.requests:
            return bool(len(seconds) >= options.requests)
        return bool(time.perf_counter() - started > options.seconds)

    def be_one(number: int) -> None:
        with socket.create_connection(("127.0.0.1", options.be_clients_of)) as connection:
            while not over():
                began = time.perf_counter()
                connection.sendall(requests[number % len(requests)])
                status = _read_answer(connection)
                with lock:
                    seconds.append(time.perf_counter() - began)
                    if status != 200:
                        others[status] = others.get(status, 0) + 1
                number += 1

    threads = [threading.Thread(target=be_one, args=(number,)) for number in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": seconds, "others": others, "wall": time.perf_counter() - started}


def _request(picture: bytes, port: int) -> bytes:
    """A form with one file, as ``curl -F`` sends it."""
    boundary = "------------------------d74496d66958873e"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    body += picture + f"\r\n--{boundary}--\r\n".encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: multipart/form-data; boundary={boundary}\r\n\r\n"
    )
    return head.encode() + body


def _read_answer(connection: socket.socket) -> int:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _receive(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert length is not None
    while len(body) < int(length[1]):
        body += _receive(connection)
    return int(head.split(b" ", 2)[1])


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 16)
    if not data:
        message = "The service closed a connection."
        raise ConnectionError(message)
    return data


def _wait_until_ready(port: int) -> None:
    while True:
        try:
            _get(port, "/readyz")
        except OSError:  # urllib's errors are among them
            time.sleep(0.2)  # another process, which can only be asked again
        else:
            return


def _batches(port: int) -> tuple[float, float]:
    """Pictures and batches so far."""
    text = _get(port, "/metrics")
    found = [
        re.search(rf"^sightline_batch_pictures_{name} (\S+)$", text, re.MULTILINE)
        for name in ("sum", "count")
    ]
    return tuple(float(match[1]) if match else 0.0 for match in found)  # type: ignore[return-value]


def _get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())


def _resident_mb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _percentile(asked: dict[str, Any], percent: int) -> float:
    """A percentile of the latencies, in milliseconds."""
    if percent == 100:
        return float(max(asked["seconds"])) * 1000
    return float(statistics.quantiles(asked["seconds"], n=100)[percent - 1]) * 1000


if __name__ == "__main__":
    main()
