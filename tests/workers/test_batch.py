"""The service: jobs run, are shown, stopped and gone on with, and every request returns at once."""

from __future__ import annotations

import pytest

from desktop_app.core.batch.filters import RowFilter, Sort
from tests.core.batch.fakes import make_folder
from tests.workers.batch_fakes import TIMEOUT, Told, install, library_in, use_fakes


@pytest.fixture
def models(monkeypatch):
    models = use_fakes(monkeypatch)
    yield models
    models.load_goes_on.set()
    models.answers_go_on.set()


@pytest.fixture
def library(tmp_path):
    library = library_in(tmp_path)
    install(library, tmp_path, "colours", "others")
    return library


@pytest.fixture
def make(qtbot, models, library):
    made = []

    def service():
        made.append(Told(library))
        return made[-1]

    yield service
    ended = [service.shutdown(10) for service in made]
    assert all(ended)


@pytest.fixture
def service(make):
    return make()


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "pictures", 12)


def finish(qtbot, service, *sources, model_id="colours"):
    with qtbot.waitSignal(service.running_changed, timeout=TIMEOUT, check_params_cb=lambda on: not on):
        service.begin(sources, model_id)


def test_a_folder_becomes_a_job_that_is_shown(qtbot, service, folder):
    finish(qtbot, service, folder)
    assert service.opened.name == "pictures"
    assert service.opened.spec.sources == (folder,)
    assert service.all("running_changed") == [True, False]
    assert service.all("model_loading") == ["Colours", ""]
    assert service.last("ended").finished
    assert service.last("ended").answered == 12
    assert service.last("progressed").done == 12
    with qtbot.waitSignal(service.view_ready, timeout=TIMEOUT) as viewed:
        service.ask_view(RowFilter(label=2), Sort("path", descending=True))
    (view,) = viewed.args
    assert (view.filter, view.sort) == (RowFilter(label=2), Sort("path", descending=True))
    assert list(view.numbers) == [9, 6, 3, 12]
    with qtbot.waitSignal(service.rows_ready, timeout=TIMEOUT) as read:
        service.ask_rows(view.numbers)
    assert [row.number for row in read.args[0]] == [9, 6, 3, 12]
    assert {row.prediction.top.label for row in read.args[0]} == {"blue"}
