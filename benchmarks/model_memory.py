"""Measures the memory of a process whose Classify, Batch and label service all use VGG19.

``python -m benchmarks model_memory``: they share a pool of models, as in the app, beside a pool for each of
them. The weights are random numbers. Each answers for pictures; what is measured is what stays in memory
after that, the libraries included.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.frame import prepared
from benchmarks.frame.command import as_module
from benchmarks.frame.figure import Figure, Goal
from benchmarks.frame.process import fresh
from benchmarks.frame.turns import take_turns
from desktop_app.core.library.download.vgg19_weights import VGG19_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QCoreApplication

    from benchmarks.frame.plan import Plan
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.classify.session import ClassifySession
    from desktop_app.workers.service.label_service import LabelService

SECONDS = 600
"""After which a stage is given up."""


def measure(plan: Plan) -> list[Figure]:
    """Let all three answer, with one pool and with three."""
    prepared.vgg19()
    _write_pictures(plan.scratch, plan.count(2, 64))

    def megabytes(pools: str) -> float:
        return float(fresh("benchmarks.model_memory", "--way", "once", pools, plan.scratch))

    samples = take_turns({pools: partial(megabytes, pools) for pools in ("one", "three")}, plan.runs)
    return [
        Figure(
            "memory, VGG19 in Classify, Batch and the local API",
            "a copy for each",
            unit="MB",
            own=tuple(samples["one"]),
            other=tuple(samples["three"]),
            goal=Goal(0.75),
            note="Memory of the whole process, TensorFlow's libraries and what it keeps of a batch included.",
            digits=0,
        )
    ]


def _write_pictures(folder: Path, count: int) -> None:
    from PIL import Image

    random = np.random.default_rng(0)
    for number in range(count):
        pixels = random.integers(0, 256, (300, 400, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:03}.jpg")


def _once(pools: str, folder: str) -> float:
    """Tell the memory in MB, in a fresh process."""
    from PySide6.QtCore import QCoreApplication

    from desktop_app.core.classify.pool import ModelPool
    from desktop_app.core.library.store import Library
    from desktop_app.workers.batch.batch_service import BatchService
    from desktop_app.workers.classify.session import ClassifySession
    from desktop_app.workers.service.label_service import LabelService

    application = QCoreApplication([])
    library = Library.default()
    shared = ModelPool(library)
    made = [shared if pools == "one" else ModelPool(library) for _ in range(3)]
    session, batch, service = ClassifySession(made[0]), BatchService(made[1]), LabelService(made[2])
    until = _Waiting(application)
    picture = min(Path(folder).iterdir())
    try:
        _classify(session, picture, until)
        _run(batch, Path(folder), until)
        _ask(service, picture, until)
        return _resident_bytes() / 1e6
    finally:
        for each in (session, batch, service):
            each.shutdown(10)


class _Waiting:
    """Handles events until something is so."""

    def __init__(self, application: QCoreApplication) -> None:
        self._application = application

    def __call__(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError
            self._application.processEvents()
            time.sleep(0.005)  # some conditions, such as the state of a server, have no signal


def _classify(session: ClassifySession, picture: Path, until: _Waiting) -> None:
    from desktop_app.core.images.sources import FileSource
    from desktop_app.workers.classify.messages import ItemState

    session.set_model(VGG19_ID)
    session.add([FileSource(picture)])
    until(lambda: session.items()[0].state is not ItemState.WAITING)
    if session.items()[0].state is not ItemState.ANSWERED:
        raise RuntimeError(session.items()[0].reason)


def _run(batch: BatchService, folder: Path, until: _Waiting) -> None:
    told: list[object] = []
    batch.failed.connect(lambda reason, advice: told.append(f"{reason} {advice}"))
    batch.ended.connect(told.append)
    batch.begin([folder], VGG19_ID)
    until(lambda: told)
    if isinstance(told[0], str):
        raise RuntimeError(told[0])  # noqa: TRY004 - no wrong type, but why the job failed


def _ask(service: LabelService, picture: Path, until: _Waiting) -> None:
    from desktop_app.core.service.options import ServiceOptions

    service.start(ServiceOptions(port=0, model_id=VGG19_ID))
    until(lambda: service.status.snapshot is not None and service.status.snapshot.ready)
    assert service.status.listening is not None
    address = f"{service.status.listening.address}/api/v1/classify_image"
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(_post(address, picture.read_bytes())))
    asking.start()
    until(lambda: not asking.is_alive())
    if answers != [200]:
        raise RuntimeError(f"The service answered {answers}.")


def _post(address: str, body: bytes) -> int:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        return session.post(
            address, body, headers={"Content-Type": "image/jpeg"}, timeout=SECONDS
        ).status_code


def _resident_bytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status has no VmRSS")


if __name__ == "__main__":
    as_module("model_memory", once=_once)
