"""Questions about the data, and answers to them, on the Train pane."""

from dataclasses import replace
from pathlib import Path

from desktop_app.core.foundation.errors import Reason
from tests.ui.fake_training import PETS, config, report
from tests.ui.training.questions.questions import GROUPS, LEVELS, ONE, TWO


def opened(pane):
    return [number for number, section in enumerate(pane._sections, start=1) if section.is_open]


def set_up(data=PETS, **fields):
    return config(data, "cats-dogs-cnn", epochs=7).model_copy(update=fields)


def test_a_run_is_repeated_with_the_answers_about_its_data(ready, service):
    wanted = set_up(Path("/data/birds"), answers=TWO)
    ready.repeat(wanted)
    service.scan_failed.emit(Reason("The folder /data/birds is not there.", "Put it back."))
    ready._data._failure.again_requested.emit()
    assert service.called("open_data") == [(Path("/data/birds"), TWO)] * 2
    service.end_scan(report(Path("/data/birds"), count=100, answers=TWO))
    ready._run.start_requested.emit()
    ((planned,),) = service.called("start")
    assert planned.answers == TWO


def test_training_again_examines_data_that_are_read_otherwise_now(ready, service):
    ready.repeat(set_up(answers=TWO))
    service.end_scan(report(count=100, answers=TWO))
    ready._run.start_requested.emit()
    service.end()
    service.end_scan(report(count=100, answers=ONE))
    ready._use._again.click()
    assert service.called("open_data")[-1] == (PETS, TWO)


def test_a_question_stops_all_later_steps(ready, service):
    ready.open_data(PETS)
    service.scan_asked.emit(LEVELS)
    assert opened(ready) == [1]
    assert ready._sections[1].header.summary == "Answer the question about the data first"
    assert not ready._run._start.isEnabled()
    service.end_scan(report(count=100, questions=(replace(LEVELS, required=True),)))
    assert ready._sections[1].header.summary == "Answer this first: Which level holds the classes?"
    assert not ready._sections[0].header.done
    assert not ready._run._start.isEnabled()
    service.end_scan(report(count=100, questions=(GROUPS,)))
    assert ready._sections[0].header.done
    assert ready._run._start.isEnabled()
