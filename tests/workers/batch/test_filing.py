"""Filing the pictures of a job: planned first, one at a time, undoable also after a crash."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from desktop_app.core.batch.filing import filing
from desktop_app.core.batch.filing.filing import Filed
from desktop_app.core.batch.filing.journal import Journal
from desktop_app.core.batch.filing.journals import LastFiling, journals_of
from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from tests.workers.batch_fakes import TIMEOUT, all_rows, finish, listed, open_job


@pytest.fixture
def done(qtbot, batch, folder):
    """A finished job that is shown."""
    finish(qtbot, batch, folder)
    return batch


def plan(qtbot, service, folder, how="copy", numbers=None):
    with qtbot.waitSignal(service.plan_ready, timeout=TIMEOUT) as planned:
        service.plan_filing(numbers, folder, how)
    return planned.args[0]


def work(qtbot, service, request):
    """File or undo, until what can then be undone is reported."""
    with qtbot.waitSignals([service.filed, service.undo_available], timeout=TIMEOUT, order="strict"):
        request()
    return service.last("filed")


def file_all(qtbot, service, folder, how="copy"):
    planned = plan(qtbot, service, folder, how)
    return work(qtbot, service, lambda: service.carry_out(planned))


def offered_by(service):
    """What can be taken back, in words; empty when there is nothing."""
    last = service.last("undo_available")
    return last.filed.sentence if last is not None else ""


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_plan_is_about_all_pictures_or_some_in_the_order_found(qtbot, done, folder, tmp_path):
    assert len(plan(qtbot, done, tmp_path / "filed").steps) == 12
    planned = plan(qtbot, done, tmp_path / "filed", "move", [4, 2, 3])
    assert [step.source.name for step in planned.steps] == ["1.ppm", "2.ppm", "3.ppm"]
    assert planned.how == "move"
    assert not (tmp_path / "filed").exists()
    assert not plan(qtbot, done, tmp_path / "filed", "move", []).steps


def test_of_two_plans_the_last_one_is_made(qtbot, done, tmp_path):
    done.plan_filing(None, tmp_path / "one", "copy")
    planned = plan(qtbot, done, tmp_path / "two")
    assert planned.folder == tmp_path / "two"
    assert len(done.all("plan_ready")) == 1


def test_filing_and_taking_it_back(qtbot, done, folder, tmp_path):
    assert offered_by(done) == ""
    filed = file_all(qtbot, done, tmp_path / "filed")
    assert filed.sentence == f"12 pictures copied into {tmp_path / 'filed'}."
    assert done.last("filing_progressed") == [12, 12]
    assert not done.filing
    assert offered_by(done) == f"12 pictures copied into {tmp_path / 'filed'}."
    assert len(names_in(tmp_path / "filed")) == 12
    undone = work(qtbot, done, done.undo_filing)
    assert undone.sentence == "12 copies removed."
    assert offered_by(done) == ""
    assert not (tmp_path / "filed").exists()
    assert journals_of(done.opened.path) == []


def test_several_filings_are_taken_back_one_by_one(qtbot, done, tmp_path):
    file_all(qtbot, done, tmp_path / "one")
    some = plan(qtbot, done, tmp_path / "two", "link", [1])
    work(qtbot, done, lambda: done.carry_out(some))
    assert offered_by(done) == f"1 picture linked into {tmp_path / 'two'}."
    work(qtbot, done, done.undo_filing)
    assert offered_by(done) == f"12 pictures copied into {tmp_path / 'one'}."
    work(qtbot, done, done.undo_filing)
    assert offered_by(done) == ""
    assert names_in(tmp_path / "one") == []


def test_what_cannot_be_taken_back_is_offered_until_it_is_given_up(qtbot, done, tmp_path):
    file_all(qtbot, done, tmp_path / "one")
    some = plan(qtbot, done, tmp_path / "two", "copy", [1])
    work(qtbot, done, lambda: done.carry_out(some))
    (changed,) = (path for path in (tmp_path / "two").rglob("*") if path.is_file())
    changed.write_text("edited")
    assert work(qtbot, done, done.undo_filing).problems
    work(qtbot, done, done.undo_filing)
    stuck = done.last("undo_available")
    assert (stuck.in_vain, stuck.filed.folder) == (True, tmp_path / "two")
    open_job(qtbot, done, done.opened.path)
    with qtbot.waitSignal(done.undo_available, timeout=TIMEOUT, check_params_cb=bool) as offered:
        pass
    assert offered.args == [stuck]
    with qtbot.waitSignal(done.undo_available, timeout=TIMEOUT):
        done.give_up_undo(stuck)
    assert offered_by(done) == ""
    assert changed.read_text() == "edited"
    work(qtbot, done, done.undo_filing)
    assert done.last("message") == ["There is nothing to undo.", False]


def test_giving_up_that_cannot_be_noted_says_why_and_the_offer_stays(qtbot, done, tmp_path, monkeypatch):
    file_all(qtbot, done, tmp_path / "filed")
    last = done.last("undo_available")

    def refuse(*_arguments):
        raise StorageError("The disk is too full.", "Make room.")

    threads = []
    told_at_once = Qt.ConnectionType.DirectConnection
    done.message.connect(lambda *_words: threads.append(threading.current_thread()), told_at_once)
    monkeypatch.setattr(Journal, "open", refuse)
    with qtbot.waitSignals([done.message, done.undo_available], timeout=TIMEOUT):
        done.give_up_undo(last)
    assert threads == [threading.main_thread()]
    assert done.last("message") == ["The disk is too full. Make room.", False]
    assert done.last("undo_available") == last


def test_nothing_is_given_up_while_pictures_are_being_filed(qtbot, done, slow, tmp_path):
    planned = plan(qtbot, done, tmp_path / "filed")
    done.carry_out(planned)
    qtbot.waitUntil(slow.begun.is_set, timeout=TIMEOUT)
    done.give_up_undo(LastFiling(tmp_path / "some.journal", Filed("copied", 1, ())))
    assert "Pictures are being filed" in done.last("message")[0]
    with qtbot.waitSignals([done.filed, done.undo_available], timeout=TIMEOUT):
        slow.go.set()


def test_moved_pictures_are_shown_where_they_are_and_planned_from_there(qtbot, done, folder, tmp_path):
    rows_told = len(done.all("rows_changed"))
    file_all(qtbot, done, tmp_path / "filed", "move")
    assert len(done.all("rows_changed")) == rows_told + 1
    rows = all_rows(qtbot, done)
    assert [row.path.parent.name for row in rows[:3]] == ["red", "green", "blue"]
    assert all(row.path.is_file() for row in rows)
    assert plan(qtbot, done, tmp_path / "filed", "move").in_place == 12
    file_all(qtbot, done, tmp_path / "again", "move")
    assert {row.path.parent.parent.name for row in all_rows(qtbot, done)} == {"again"}
    work(qtbot, done, done.undo_filing)
    assert {row.path.parent.parent.name for row in all_rows(qtbot, done)} == {"filed"}
    work(qtbot, done, done.undo_filing)
    assert {row.path.parent for row in all_rows(qtbot, done)} == {folder}


@pytest.mark.parametrize("how", ["copy", "move", "link"])
def test_what_was_filed_into_the_folder_itself_is_not_found_again(qtbot, done, folder, how):
    file_all(qtbot, done, folder, how)
    finish(qtbot, done)
    assert done.last("ended").answered == 0
    assert len(all_rows(qtbot, done)) == 12


def test_undo_is_offered_after_a_crash(qtbot, make_batch, folder, tmp_path, monkeypatch):
    first = make_batch()
    finish(qtbot, first, folder)
    path = first.opened.path
    planned = plan(qtbot, first, tmp_path / "filed", "move")
    steps = iter(range(5))

    def crash(*arguments):
        next(steps)
        return take_step(*arguments)

    take_step = filing.take_step
    with monkeypatch.context() as patched, qtbot.captureExceptions() as caught:
        patched.setattr(filing, "take_step", crash)
        filed = work(qtbot, first, lambda: first.carry_out(planned))
        qtbot.waitUntil(lambda: bool(caught), timeout=TIMEOUT)
    assert (filed.done, filed.left) == (5, 7)
    assert first.last("message")[1] is False
    assert first.shutdown(60)

    second = make_batch()
    with qtbot.waitSignal(second.undo_available, timeout=TIMEOUT, check_params_cb=bool) as offered:
        second.open(path)
    assert offered.args[0].filed.sentence == f"5 pictures moved into {tmp_path / 'filed'}."
    assert sum(row.path.is_relative_to(tmp_path / "filed") for row in all_rows(qtbot, second)) == 5
    assert work(qtbot, second, second.undo_filing).done == 5
    assert len(names_in(folder)) == 12


class Slow:
    """Filing that waits before each picture until it is let."""

    def __init__(self, monkeypatch):
        self.go, self.begun = threading.Event(), threading.Event()
        take_step = filing.take_step

        def wait(*arguments):
            self.begun.set()
            assert self.go.wait(60)
            return take_step(*arguments)

        monkeypatch.setattr(filing, "take_step", wait)


@pytest.fixture
def slow(monkeypatch):
    slow = Slow(monkeypatch)
    yield slow
    slow.go.set()


def test_while_pictures_are_filed_no_other_filing_begins(qtbot, done, slow, tmp_path):
    planned = plan(qtbot, done, tmp_path / "filed")
    done.carry_out(planned)
    assert done.filing
    for request in (
        lambda: done.carry_out(planned),
        done.undo_filing,
        lambda: done.plan_filing(None, tmp_path, "copy"),
        lambda: done.remove(done.opened.path),
    ):
        told = len(done.all("message"))
        request()
        assert done.all("message")[told:][0][1] is False
    with qtbot.waitSignal(done.rows_ready, timeout=TIMEOUT):
        done.ask_rows([1])
    with qtbot.waitSignal(done.filed, timeout=TIMEOUT):
        slow.go.set()
    assert done.all("filed") == [Filed("copied", 12, (), folder=tmp_path / "filed")]
    assert listed(qtbot, done)


def test_a_cancelled_filing_keeps_what_was_done(qtbot, done, slow, tmp_path):
    planned = plan(qtbot, done, tmp_path / "filed")
    done.carry_out(planned)
    qtbot.waitUntil(slow.begun.is_set, timeout=TIMEOUT)
    with qtbot.waitSignals([done.filed, done.undo_available], timeout=TIMEOUT):
        done.cancel_filing()
        slow.go.set()
    assert done.last("filed") == Filed("copied", 1, (), 11, folder=tmp_path / "filed")
    assert offered_by(done) == f"1 picture copied into {tmp_path / 'filed'}."


def test_what_could_not_be_filed_at_all_leaves_nothing_to_undo(qtbot, done, folder, tmp_path):
    planned = plan(qtbot, done, tmp_path / "filed")
    for path in folder.iterdir():
        path.unlink()
    filed = work(qtbot, done, lambda: done.carry_out(planned))
    assert (filed.done, len(filed.problems)) == (0, 12)
    assert offered_by(done) == ""
    assert journals_of(done.opened.path) == []
    assert not (tmp_path / "filed").exists()


def test_a_journal_that_cannot_be_written_ends_the_filing_with_a_sentence(qtbot, done, tmp_path, monkeypatch):
    planned = plan(qtbot, done, tmp_path / "filed")

    def refuse(*_arguments):
        raise StorageError("The disk is too full.", "Make room.")

    monkeypatch.setattr(filing, "take_step", refuse)
    filed = work(qtbot, done, lambda: done.carry_out(planned))
    assert filed == Filed("copied", 0, (), 12, folder=tmp_path / "filed")
    assert done.last("message") == ["The disk is too full. Make room.", False]
    assert not done.filing


def test_there_is_nothing_to_take_back_where_nothing_was_filed(qtbot, done):
    work(qtbot, done, done.undo_filing)
    assert done.last("message") == ["There is nothing to undo.", False]


def test_a_damaged_journal_is_passed_over(qtbot, done, tmp_path):
    file_all(qtbot, done, tmp_path / "filed")
    path = done.opened.path
    path.with_name(f"{path.stem}.99990101.journal").write_text("no journal")
    open_job(qtbot, done, path)
    with qtbot.waitSignal(done.undo_available, timeout=TIMEOUT, check_params_cb=bool) as offered:
        pass
    assert offered.args[0].filed.sentence == f"12 pictures copied into {tmp_path / 'filed'}."


def test_filing_ends_when_the_window_is_closed(qtbot, make_batch, folder, slow, tmp_path):
    service = make_batch()
    finish(qtbot, service, folder)
    path = service.opened.path
    service.carry_out(plan(qtbot, service, tmp_path / "filed"))
    qtbot.waitUntil(slow.begun.is_set, timeout=TIMEOUT)
    service.cancel_filing()
    slow.go.set()
    assert service.shutdown(60)
    assert len(names_in(tmp_path / "filed")) == 1
    assert len(journals_of(path)) == 1
    assert path.parent == paths.jobs()
