"""Posts every file of a folder to a running service: each must get a response, 200 or a sentence in JSON.

``python -m benchmarks.service_hostile FOLDER [--model ID]`` starts ``sightline serve``, sends each file as a
form, as raw bytes and as JSON, asks after each round whether the service still lives, and prints how often
each status came. Exit status 1 when a response was anything else.
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import requests

PATH = "/api/v1/classify_image"


def main() -> int:
    """Send everything; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="everyday")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    command = [sys.executable, "-m", "desktop_app", "serve", "--port", "0", "--model", options.model]
    service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert service.stderr is not None
    try:
        found = re.search(r"http://\S+:\d+", service.stderr.readline())
        assert found is not None
        with requests.Session() as session:
            return _send_all(session, found[0], files)
    finally:
        service.send_signal(signal.SIGTERM)
        status = service.wait(10)
        service.stderr.close()
        print(f"The service ended with status {status}.")


def _send_all(session: requests.Session, address: str, files: list[Path]) -> int:
    while session.get(f"{address}/readyz", timeout=60).status_code != 200:
        time.sleep(0.2)  # another process, which can only be asked again
    wrong = 0
    slowest = 0.0
    for kind in ("form", "raw", "json"):
        statuses: Counter[int] = Counter()
        for path in files:
            started = time.perf_counter()
            answer = _send(session, address + PATH, kind, path.read_bytes())
            slowest = max(slowest, time.perf_counter() - started)
            statuses[answer.status_code] += 1
            if not _is_proper(answer):
                wrong += 1
                print(f"{path.name} as {kind}: {answer.status_code} {answer.text[:200]}")
        alive = session.get(f"{address}/healthz", timeout=10).json() == {"status": "ok"}
        wrong += not alive
        listed = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        print(f"{len(files)} files as {kind}: {listed}; the service {'lives' if alive else 'is dead'}.")
    print(f"{wrong} answers were wrong; the slowest took {slowest:.2f} s.")
    return 1 if wrong else 0


def _send(session: requests.Session, url: str, kind: str, data: bytes) -> requests.Response:
    if kind == "form":
        return session.post(url, files={"image": data}, timeout=60)
    content_type = "image/jpeg" if kind == "raw" else "application/json"
    return session.post(url, data=data, headers={"Content-Type": content_type}, timeout=60)


def _is_proper(answer: requests.Response) -> bool:
    """Whether it is labels, or a refusal with a sentence."""
    try:
        body = answer.json()
    except ValueError:
        return False
    if answer.status_code == 200:
        return bool(body["predictions"])
    return (
        400 <= answer.status_code < 500
        and body["error"].endswith((".", ".)"))
        and "Traceback" not in answer.text
    )


if __name__ == "__main__":
    sys.exit(main())
