"""A batch service whose network needs no TensorFlow, and a record of its signals."""

from __future__ import annotations

import threading
from functools import partial

from desktop_app.core.batch.job.filters import RowFilter, Sort
from desktop_app.core.batch.run import runner
from desktop_app.core.library.store import Library
from desktop_app.workers.batch.batch_service import BatchService
from tests.core.batch.fakes import FakeClassifier
from tests.tiny_model import colour_card

TIMEOUT = 20_000

TOLD = (
    "jobs_changed",
    "job_opened",
    "job_closed",
    "failed",
    "running_changed",
    "model_loading",
    "answering",
    "progressed",
    "ended",
    "rows_changed",
    "view_ready",
    "rows_ready",
    "overview_ready",
    "thumbnail_ready",
    "plan_ready",
    "filing_progressed",
    "filed",
    "undo_available",
    "message",
)


class Models:
    """Loads fake classifiers; a test may hold the loading or the predictions, or let them fail."""

    def __init__(self):
        self.loaded = []
        self.load_goes_on, self.asked, self.answers_go_on = (threading.Event() for _ in range(3))
        self.load_goes_on.set()
        self.answers_go_on.set()
        self.error = None

    def load(self, model_id, library, *_wishes):
        self.loaded.append(model_id)
        assert self.load_goes_on.wait(60)
        if self.error is not None:
            raise self.error
        return HeldClassifier(library.get(model_id).card, self)


class HeldClassifier(FakeClassifier):
    """Predicts when the test lets it."""

    def __init__(self, card, models):
        super().__init__(card)
        self._models = models

    def outputs(self, prepared, batch_size=16):
        self._models.asked.set()
        assert self._models.answers_go_on.wait(60)
        return super().outputs(prepared, batch_size)


class Told(BatchService):
    """Records every signal."""

    def __init__(self, pool):
        super().__init__(pool)
        self.pool = pool
        self.library = pool.library
        self.told = []
        self.lists_asked = 0
        for name in TOLD:
            getattr(self, name).connect(partial(self._note, name))

    def refresh_jobs(self):
        self.lists_asked += 1
        super().refresh_jobs()

    def _note(self, name, *values):
        self.told.append((name, *values))

    def all(self, name):
        """Everything that one signal reported."""
        return [values[0] if len(values) == 1 else values for kind, *values in self.told if kind == name]

    def last(self, name):
        """What one signal reported last."""
        return self.all(name)[-1]


def install(library, tmp_path, *model_ids):
    """Put models into a library whose weights nobody reads."""
    weights = tmp_path / "weights"
    for model_id in model_ids:
        weights.write_text(model_id)
        library.add(colour_card(model_id), weights)


def use_fakes(monkeypatch):
    """Have jobs run without TensorFlow; returns what loads the models."""
    monkeypatch.setattr(runner, "run", partial(runner.run, batch_size=4))
    return Models()


def library_in(folder):
    """An empty library."""
    return Library(folder / "shipped", folder / "models", folder / "trash")


def finish(qtbot, service, *sources, model_id="colours"):
    """Classify these sources, or without any resume the job that is shown, to the end."""
    with until_stopped(qtbot, service):
        if sources:
            service.begin(sources, model_id)
        else:
            service.resume()


def until_stopped(qtbot, service):
    """Wait for the end of a run that the body begins or ends."""
    return qtbot.waitSignal(service.running_changed, timeout=TIMEOUT, check_params_cb=lambda on: not on)


def open_job(qtbot, service, path):
    """Show a job."""
    with qtbot.waitSignal(service.job_opened, timeout=TIMEOUT):
        service.open(path)


def all_rows(qtbot, service):
    """Every row of the job that is shown, in the order found."""
    with qtbot.waitSignal(service.view_ready, timeout=TIMEOUT) as viewed:
        service.ask_view(RowFilter(), Sort())
    if not viewed.args[0].numbers:
        return ()
    with qtbot.waitSignal(service.rows_ready, timeout=TIMEOUT) as read:
        service.ask_rows(viewed.args[0].numbers)
    return read.args[0]


def overview(qtbot, service, condition, since=0):
    """The last overview, once one meets a condition; the first ones may be passed over."""
    said = service.all
    qtbot.waitUntil(lambda: any(map(condition, said("overview_ready")[since:])), timeout=TIMEOUT)
    return service.last("overview_ready")


def listed(qtbot, service):
    """The jobs as they are listed now."""
    service.refresh_jobs()
    qtbot.waitUntil(lambda: len(service.all("jobs_changed")) == service.lists_asked, timeout=TIMEOUT)
    return service.jobs


def begin_and_hold(qtbot, service, models, *sources):
    """Start a job whose network waits until the test lets it predict."""
    models.asked.clear()
    models.answers_go_on.clear()
    service.begin(sources, "colours")
    qtbot.waitUntil(models.asked.is_set, timeout=TIMEOUT)
