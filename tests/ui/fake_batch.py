"""The batch service without threads, and realistic data for it to report; tests drive it by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.core.batch.filing.filing import Filed, plan
from desktop_app.core.batch.filing.journals import LastFiling
from desktop_app.core.batch.job.reader import Counts, FolderProblem
from desktop_app.core.batch.job.rows import Row, Status
from desktop_app.core.batch.job.spec import JobSpec
from desktop_app.core.batch.results.scoring import Scores, most_frequent_mistake
from desktop_app.core.classify.confusion import Confusion
from desktop_app.workers.batch.messages import JobOverview, OpenJob
from tests.ui.fakes import ANIMALS, card

PETS = Path("/pictures/pets")
JOB = Path("/jobs/batch-1.job")


class FakeBatch(QObject):
    """Records every call; the signals and the methods `open_job` and `end_filing` play the workers' part."""

    jobs_changed = Signal(object)
    job_opened = Signal(object)
    job_closed = Signal()
    failed = Signal(object)
    running_changed = Signal(bool)
    model_loading = Signal(str)
    answering = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    rows_changed = Signal()
    view_ready = Signal(object)
    rows_ready = Signal(object)
    overview_ready = Signal(object)
    thumbnail_ready = Signal(object)
    plan_ready = Signal(object)
    filing_progressed = Signal(int, int)
    filed = Signal(object)
    undo_available = Signal(object)
    message = Signal(str, bool)

    def __init__(self):
        super().__init__()
        self.running = self.paused = self.filing = False
        self.opened = None
        self.jobs = ()
        self.calls = []

    def refresh_jobs(self):
        self.calls.append(("refresh_jobs",))

    def set_fit(self, fit):
        self.calls.append(("set_fit", fit))

    def begin(self, sources, model_id):
        self.calls.append(("begin", tuple(sources), model_id))

    def open(self, path):
        self.calls.append(("open", path))

    def close(self):
        self.calls.append(("close",))

    def resume(self):
        self.calls.append(("resume",))

    def pause(self):
        self.calls.append(("pause",))

    def unpause(self):
        self.calls.append(("unpause",))

    def cancel(self):
        self.calls.append(("cancel",))

    def remove(self, path):
        self.calls.append(("remove", path))

    def ask_view(self, which, sort):
        self.calls.append(("ask_view", which, sort))

    def ask_rows(self, numbers):
        self.calls.append(("ask_rows", tuple(numbers)))

    def request_thumbnails(self, paths):
        self.calls.append(("request_thumbnails", tuple(paths)))

    def plan_filing(self, numbers, folder, how, *, by_kind=False):
        self.calls.append(("plan_filing", numbers, folder, how, *(["by kind"] if by_kind else [])))

    def carry_out(self, planned):
        self.calls.append(("carry_out", planned))
        self.filing = True

    def cancel_filing(self):
        self.calls.append(("cancel_filing",))

    def undo_filing(self):
        self.calls.append(("undo_filing",))
        self.filing = True

    def give_up_undo(self, last):
        self.calls.append(("give_up_undo", last))

    def export(self, path, form, style):
        self.calls.append(("export", path, form, style))

    def shutdown(self, seconds=2.0):
        self.calls.append(("shutdown",))
        return True

    def open_job(self, spec=None, path=JOB):
        """Play that a job is shown from now on."""
        self.opened = OpenJob(path, "pets", spec or job_spec())
        self.job_opened.emit(self.opened)

    def end_filing(self, what="copied", done=3, problems=(), left=0, undo=None, folder=None):
        """Play the end of a filing or an undo; ``undo`` is what can be undone after that."""
        self.filing = False
        self.filed.emit(Filed(what, done, tuple(problems), left, folder=folder))
        if undo is None and what not in {"restored", "removed"}:
            undo = standing(what, done, folder)
        self.undo_available.emit(undo)

    def called(self, name):
        """The arguments of every call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


def standing(what="copied", done=3, folder=None, *, in_vain=False):
    """What stands of a filing."""
    return LastFiling(Path("/jobs/batch-1.1.journal"), Filed(what, done, (), folder=folder), in_vain)


def job_spec(*sources, classes=ANIMALS, **fields):
    """What a job was asked: by default, one folder and ten animals."""
    spec = JobSpec.for_card(card(classes=classes), sources or (PETS,), base=Path("/"))
    return spec.model_copy(update=fields)


def rows(spec=None, count=6, failed=0):
    """Pictures in two folders, classified alternately as two classes; then some that cannot be read."""
    spec = spec or job_spec()
    answered = [
        Row(
            number,
            0,
            spec.sources[0] / ("a", "b")[number % 2] / f"{number // 2}.jpg",
            Status.DONE,
            spec.prediction([number // 2 % 2, 2], [0.9, 0.1]),
            seconds=0.02,
        )
        for number in range(1, count + 1)
    ]
    broken = [
        Row(count + number, 0, spec.sources[0] / f"broken {number}.jpg", Status.FAILED, reason="It is empty.")
        for number in range(1, failed + 1)
    ]
    return [*answered, *broken]


def filing_plan(folder=Path("/filed"), how="copy", spec=None, **fields):
    """A plan for `rows`."""
    spec = spec or job_spec()
    return plan(rows(spec, **fields), spec, folder, how)


def overview(*labels, failed=0, waiting=0, problems=(), scores=None):
    """What a job says as a whole; ``labels`` are pairs of class and number of pictures."""
    labels = labels or ((0, 60), (1, 30), (4, 10))
    done = sum(count for _, count in labels)
    counts = Counts(done, failed, done + failed + waiting)
    return JobOverview(counts, labels, tuple(problems), scores)


def empty_folder(name="empty"):
    """A folder that gave no pictures."""
    return FolderProblem(0, PETS / name, "There are no pictures in it.")


def scores(confusion=((8, 2), (1, 9)), classes=(0, 1), **fields):
    """How often a model was right."""
    counts = Confusion.from_rows(confusion)
    correct, pictures = counts.right, counts.total
    result = Scores(
        classes=tuple(classes),
        names=tuple(ANIMALS[place] for place in classes),
        confusion=counts,
        mistake=most_frequent_mistake(counts, [ANIMALS[place] for place in classes]),
        correct=correct,
        among_top=pictures - 1,
        top=5,
        pictures=pictures,
        outside=0,
    )
    return replace(result, **fields)
