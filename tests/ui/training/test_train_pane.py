from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.records.events import Finished
from tests.ui.fake_training import PETS, config, estimate, report, run, started, training_result
from tests.ui.test_accessibility import nameless
from tests.ui.test_layout import clipped

SIZES = [(1200, 760), (820, 540), (560, 420)]


def opened(pane):
    return [number for number, section in enumerate(pane._sections, start=1) if section.is_open]


def possible(pane):
    return [number for number, section in enumerate(pane._sections, start=1) if section.is_possible]


def drop(pane, *urls):
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    copy, left, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    pane.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), copy, mime, left, keys))
    pane.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, keys))


def test_at_first_only_data_can_be_chosen(pane):
    assert opened(pane) == possible(pane) == [1]
    assert pane._sections[1].header.summary == "Choose pictures first"
    # The drop target takes what the folded steps leave.
    assert pane._sections[0].height() > pane.height() / 2


@pytest.mark.parametrize("url", ["file:///data/pets", "file:///data/pets.tar.gz"])
def test_a_drop_anywhere_is_examined(pane, service, url):
    drop(pane, url)
    assert service.called("open_data") == [(Path(QUrl(url).toLocalFile()),)]


@pytest.mark.parametrize(
    ("urls", "word"),
    [
        (("file:///data/cats", "file:///data/dogs"), "one folder"),
        (("https://example.org/cats.zip",), "on this computer"),
    ],
)
def test_a_drop_of_something_else_is_refused_in_words(pane, service, qtbot, urls, word):
    with qtbot.waitSignal(pane.said) as told:
        drop(pane, *urls)
    assert word in told.args[0]
    assert told.args[1]
    assert service.called("open_data") == []


def test_data_make_the_next_steps_possible(ready):
    assert possible(ready) == [1, 2, 3]
    assert opened(ready) == [1]
    assert [section.header.done for section in ready._sections] == [True, True, False, False]
    assert ready._sections[0].header.summary.startswith("pets: 200 pictures")
    assert ready._sections[2].header.summary == "Ready to start"


def test_an_examination_takes_back_what_depended_on_the_data(ready, service):
    ready._sections[1].set_open(True)
    ready.open_data(Path("/data/other"))
    assert possible(ready) == [1]
    assert opened(ready) == [1]


def test_one_class_is_not_enough(pane, service):
    service.end_scan(report(classes=("cats",)))
    assert possible(pane) == [1]
    assert "two classes" in pane._sections[1].header.summary


def test_next_folds_a_step_and_opens_the_following(ready, qtbot):
    ready._data._report._next.click()
    assert opened(ready) == [2]
    ready._model._next.click()
    assert opened(ready) == [3]
    qtbot.keyClick(ready._sections[0].header, Qt.Key.Key_Return)
    assert opened(ready) == [1, 3]


def test_start_trains_what_the_steps_say(ready, service):
    ready._data._report.split._validation.setValue(30)
    ready._data._report.split._test.setValue(0)
    ready._model.set_values({"epochs": 3, "flip": False})
    ready._model._plan._name.setText("Pets at home")
    ready._model._form.form("Training control").set_values({"tensorboard": True})
    ready._run.start_requested.emit()
    ((planned,),) = service.called("start")
    assert planned.data == PETS
    assert planned.recipe == "pretrained"
    assert planned.hyperparameters == ready._model.values
    assert (planned.hyperparameters.epochs, planned.hyperparameters.flip) == (3, False)
    assert (planned.validation_split, planned.test_split) == (0.3, 0.0)
    assert (planned.name, planned.tensorboard) == ("Pets at home", True)


def test_while_a_fit_runs_the_plots_have_the_page(ready, service, qtbot):
    ready.resize(820, 900)
    ready._sections[1].set_open(True)
    ready._run.start_requested.emit()
    assert opened(ready) == [3]
    assert possible(ready) == [1, 2, 3]
    qtbot.waitUntil(lambda: ready._scroll.verticalScrollBar().maximum() == 0)
    folded = ready._sections[0].height()
    qtbot.waitUntil(lambda: ready._sections[2].height() > ready.height() - 5 * folded)
    ready._sections[1].set_open(True)
    assert not ready._model._grid.isEnabled()
    assert not ready._data._report.split.isEnabled()
    service.end()
    assert ready._model._grid.isEnabled()
    assert ready._data._report.split.isEnabled()


@pytest.mark.parametrize(("height", "least"), [(420, 390), (540, 470)])
def test_in_a_low_window_the_plots_are_scrolled_to(ready, service, qtbot, height, least):
    ready.resize(820, height)
    ready._run.start_requested.emit()
    section, bar = ready._sections[2], ready._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0 and section.mapTo(ready, QPoint(0, 0)).y() >= 0)
    assert section.height() >= least
    top = section.mapTo(ready, QPoint(0, 0)).y()
    assert top + section.height() <= height


def test_the_header_counts_the_epochs(ready, service):
    service.begin(epochs=12)
    assert ready._sections[2].header.summary == "Running"
    service.hold()
    assert ready._sections[2].header.summary == "Paused in the first epoch"
    service.hold(paused=False)
    service.end_epoch(3)
    assert ready._sections[2].header.summary == "Epoch 4 of 12"
    service.hold()
    assert ready._sections[2].header.summary == "Paused after epoch 3 of 12"
    service.hold(paused=False)
    assert ready._sections[2].header.summary == "Epoch 4 of 12"


def test_data_cannot_be_exchanged_while_a_fit_runs(ready, service, qtbot):
    ready._run.start_requested.emit()
    with qtbot.waitSignal(ready.said) as told:
        drop(ready, "file:///data/birds")
    assert "Stop the current training" in told.args[0]
    assert service.called("open_data") == []


def test_a_single_picture_is_tried_on_the_network_while_it_learns(ready, service):
    ready._run.start_requested.emit()
    drop(ready, "file:///data/new/rex.jpg")
    assert service.called("try_out") == [(Path("/data/new/rex.jpg"),)]
    assert service.called("open_data") == []


def test_a_model_opens_the_last_step(ready, service):
    ready._run.start_requested.emit()
    service.event_arrived.emit(started())
    service.end(training_result(reason=Reason("pets has been trained.")))
    assert opened(ready) == [3, 4]
    assert ready._sections[2].header.done
    assert ready._sections[2].header.summary == "Finished, 10 epochs"
    assert ready._sections[3].header.summary == "80.0% accurate on 60 test pictures"


def test_a_run_is_repeated_with_its_settings_once_its_data_are_examined(ready, service, qtbot):
    wanted = config(Path("/data/birds"), "digits-cnn", epochs=7, learning_rate=0.01)
    ready.repeat(wanted)
    assert service.called("open_data") == [(Path("/data/birds"),)]
    service.end_scan(report(Path("/data/birds"), ("crow", "owl", "wren")))
    assert ready._model.recipe.recipe_id == "digits-cnn"
    assert ready._model.values.epochs == 7
    assert ready._model.values.learning_rate == 0.01
    assert opened(ready) == [2]
    service.end_scan(report(Path("/data/birds"), ("crow", "owl", "wren")))
    assert ready._model.values.epochs != 7  # only that once


def set_up(data=PETS, **fields):
    """A run with nothing as it is by default."""
    planned = config(data, "cats-dogs-cnn", epochs=7, seed=5, flip=False, class_weights=True)
    own = {"validation_split": 0.35, "test_split": 0.05, "name": "Mine", "tensorboard": True}
    return planned.model_copy(update=own | fields)


@pytest.mark.parametrize("fields", [{}, {"name": "", "tensorboard": False, "validation_split": 0.0}])
def test_a_run_is_repeated_with_all_that_it_was_set_up_with(ready, service, fields):
    ready._model._plan._name.setText("Another")
    wanted = set_up(Path("/data/birds"), **fields)
    ready.repeat(wanted)
    service.end_scan(report(Path("/data/birds"), count=100))
    ready._run.start_requested.emit()
    ((planned,),) = service.called("start")
    assert planned == wanted.model_copy(update={"name": wanted.name or "birds, Tiny CNN"})


def test_a_run_is_repeated_although_the_split_of_before_was_not_possible(ready, service):
    ready._data._report.split._test.setValue(99)
    ready.repeat(set_up())
    service.end_scan(report(count=100))
    assert opened(ready) == [2]
    assert (ready._data.validation_split, ready._data.test_split) == (0.35, 0.05)
    assert ready._model.values.epochs == 7


def test_training_again_restores_what_the_run_had(ready, service):
    ready.repeat(set_up())
    service.end_scan(report(count=100))
    ready._run.start_requested.emit()
    service.end()
    ready._data._report.split._validation.setValue(10)
    ready._model.set_values({"epochs": 3, "tensorboard": False})
    ready._model._plan._name.setText("Another")
    ready._use._again.click()
    assert opened(ready) == [2]
    ready._run.start_requested.emit()
    (first,), (second,) = service.called("start")
    assert first == second == set_up()


def test_training_again_examines_the_data_of_a_run_that_was_resumed_elsewhere(ready, service):
    wanted = set_up(Path("/data/birds"))
    service.runs = (run("run-7", config=wanted),)
    service.resume("run-7")
    service.end(training_result(run_id="run-7"))
    ready._use._again.click()
    assert service.called("open_data") == [(Path("/data/birds"),)]
    service.end_scan(report(Path("/data/birds"), count=100))
    assert ready._model.values.epochs == 7
    assert ready._data.validation_split == 0.35


def test_a_run_whose_data_were_gone_is_repeated_once_they_are_back(ready, service):
    ready.repeat(set_up(Path("/data/birds")))
    service.scan_failed.emit(Reason("The folder /data/birds is not there.", "Put it back."))
    ready._data._failure.again_requested.emit()
    assert service.called("open_data") == [(Path("/data/birds"),)] * 2
    service.end_scan(report(Path("/data/birds"), count=100))
    assert ready._data.validation_split == 0.35
    assert ready._model.values.epochs == 7


@pytest.mark.parametrize(("data", "recipe"), [("/data/other", "mlp"), ("/data/birds", "gone")])
def test_other_data_and_unknown_networks_are_not_repeated(ready, service, data, recipe):
    ready.repeat(config(Path("/data/birds"), recipe, epochs=7))
    service.end_scan(report(Path(data), ("crow", "owl", "wren")))
    assert ready._model.values.epochs != 7


def test_nothing_is_repeated_while_a_training_runs(ready, service, qtbot):
    service.begin()
    with qtbot.waitSignal(ready.said):
        ready.repeat(config(Path("/data/birds"), "mlp"))
    assert service.called("open_data") == []


def test_training_again_leads_to_the_settings(ready, service):
    ready._run.start_requested.emit()
    service.event_arrived.emit(started())
    service.end()
    ready._use._again.click()
    assert opened(ready) == [2]
    assert ready._model._grid.isAncestorOf(ready.focusWidget())


@pytest.mark.parametrize("status", ["failed", "cancelled", "interrupted"])
def test_an_end_without_a_model_does_not(ready, service, status):
    ready._run.start_requested.emit()
    service.end(training_result(status))
    assert opened(ready) == [3]
    assert possible(ready) == [1, 2, 3]
    assert not ready._sections[2].header.done


def test_the_order_of_the_last_two_signals_does_not_matter(ready, service):
    ready._run.start_requested.emit()
    service.running = False
    service.running_changed.emit(False)
    service.event_arrived.emit(Finished(training_result()))
    assert opened(ready) == [3, 4]


def test_a_new_fit_takes_the_old_result_away(ready, service):
    ready._run.start_requested.emit()
    service.end()
    ready._run.start_requested.emit()
    assert possible(ready) == [1, 2, 3]
    assert opened(ready) == [3]


def test_a_run_that_was_resumed_elsewhere_is_watched_here(pane, service):
    service.resume("run-7")
    assert opened(pane) == [3]
    assert possible(pane) == [1, 3]
    service.end(training_result(run_id="run-7"))
    assert opened(pane) == [3, 4]


def test_a_retry_changes_only_what_it_says(ready, service):
    ready._model.set_values({"epochs": 3})
    ready._run.start_requested.emit()
    service.end(training_result("failed"))
    ready._model.set_values({"epochs": 8})
    ready._run.retry_requested.emit({"batch_size": 16})
    (first,), (second,) = service.called("start")
    assert second.hyperparameters == first.hyperparameters.changed({"batch_size": 16})
    assert second.model_copy(update={"hyperparameters": first.hyperparameters}) == first
    assert ready._model.values.batch_size == 16


def test_a_retry_of_a_resumed_run_takes_that_runs_settings(pane, service):
    wanted = config(Path("/data/birds"), "mlp", epochs=4)
    service.runs = (run("run-6"), run("run-7", config=wanted))
    service.resume("run-7")
    service.end(training_result("failed", run_id="run-7"))
    pane._use.retry_requested.emit({"learning_rate": 0.0001})
    ((planned,),) = service.called("start")
    assert planned.data == Path("/data/birds")
    assert planned.hyperparameters == wanted.hyperparameters.changed({"learning_rate": 0.0001})


def test_a_retry_does_not_start_a_second_fit(ready, service):
    ready._run.start_requested.emit()
    ready._run.retry_requested.emit({"batch_size": 16})
    assert len(service.called("start")) == 1


def test_an_obstacle_keeps_the_fit_from_starting_and_is_told(ready, service, monkeypatch):
    told = []
    monkeypatch.setattr(ready._run, "set_startable", lambda *arguments: told.append(arguments))
    ready._model._timer.timeout.emit()
    (request,) = service.called("estimate")[-1]
    service.estimated.emit(estimate(request, problem=Reason("It cannot be built.")))
    assert told[-1] == (False, "It cannot be built.")
    assert not ready._sections[1].header.done
    ready._model.set_values({"epochs": 2})
    assert told[-1] == (True, "")


def test_requests_of_the_steps_reach_the_window(ready, qtbot):
    for inner, outer, value in (
        (ready._use.classify_requested, ready.classify_requested, ["pets"]),
        (ready._use.pictures_opened, ready.pictures_opened, [[Path("/a.jpg")], "pets"]),
        (ready._model.download_requested, ready.download_requested, ["vgg19-backbone"]),
        (ready._model.cancel_requested, ready.cancel_requested, ["vgg19-backbone"]),
    ):
        with qtbot.waitSignal(outer) as told:
            inner.emit(*value)
        assert told.args == value


def test_the_preview_stays_beside_the_slider_that_is_moved(ready, qtbot):
    ready.resize(1000, 540)
    ready._advance_to(0)
    ready._model._form._toggle.click()
    form, preview, view = (
        ready._model._form.form("Augmentation"),
        ready._model._preview,
        ready._scroll.viewport(),
    )
    qtbot.waitUntil(lambda: preview.mapTo(ready, QPoint(0, 0)).x() > form.width())
    for _ in range(5):
        QApplication.processEvents()
    height = ready._page.height()
    lowest = form.row("degrade").editor
    ready._scroll.ensureWidgetVisible(lowest)
    bar = ready._scroll.verticalScrollBar()
    bar.setValue(bar.value() + 10)

    def shown():
        pictures = preview._pictures
        top = pictures.mapTo(view, QPoint(0, 0)).y()
        return top >= 0 and top + pictures.height() <= view.height()

    qtbot.waitUntil(shown)
    assert ready._page.height() == height
    bar.setValue(0)
    qtbot.waitUntil(lambda: preview._layout.contentsMargins().top() == 0)


def states(pane, service):
    """Bring the pane into one state after the other."""
    yield
    service.open_data(PETS)
    yield
    service.scan_failed.emit(Reason("/data/pets holds no folders with pictures.", "Make one for each class."))
    yield
    service.end_scan(report(classes=("cats", "dogs", "a class with quite a long name as people give them")))
    yield
    pane._advance_to(0)
    yield
    pane._model._form._toggle.click()
    yield
    pane._model._grid._cards["pretrained"].click()
    pane._model._timer.timeout.emit()
    (request,) = service.called("estimate")[-1]
    problem = Reason("VGG19's weights are not here.", "Download them.")
    fields = {"seconds_per_epoch": None, "problem": problem, "needs_download": True}
    service.estimated.emit(estimate(request, parameters=0, **fields))
    yield


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_nothing_is_cut_off_or_wider_than_the_page(pane, service, size):
    pane.resize(*size)
    for _ in states(pane, service):
        for _ in range(4):
            QApplication.processEvents()
        assert clipped(pane) == []
        assert pane._page.minimumSizeHint().width() <= pane._scroll.viewport().width()
        assert pane._page.width() <= pane._scroll.viewport().width()


def test_every_control_has_a_name_for_a_screen_reader(pane, service):
    for _ in states(pane, service):
        assert [found for found in nameless(pane) if found.isVisible()] == []


def test_the_old_run_is_not_taken_for_the_result_of_new_data(ready, service):
    ready._run.start_requested.emit()
    service.begin()
    service.end()
    assert opened(ready) == [3, 4]
    service.end_scan(report(Path("/data/birds"), count=100))
    assert 4 not in opened(ready)
    headers = [section.header for section in ready._sections]
    assert (headers[2].summary, headers[2].done) == ("Ready to start", False)
    assert headers[3].summary == "Last training: pets cats-dogs-cnn"
    assert ready._run._past.text().replace("\N{ZERO WIDTH SPACE}", "") == headers[3].summary
    assert not ready._run._past.isHidden()
    ready._run.start_requested.emit()
    assert ready._run._past.isHidden()


def test_a_resumed_run_says_in_the_headers_what_it_learns_from(pane, service):
    wanted = config(Path("/data/birds"), "mlp", epochs=4, input_size=32)
    service.runs = (run("run-6"), run("run-7", config=wanted))
    service.resume("run-7")
    headers = [section.header for section in pane._sections]
    assert headers[0].summary == "birds: 660 pictures of 2 classes"
    assert "32 \N{MULTIPLICATION SIGN} 32 pixels, 4 epochs" in headers[1].summary
    assert possible(pane) == [3]
    service.end(training_result("failed", run_id="run-7"))
    assert possible(pane)[0] == 1
    assert headers[1].summary == "Choose pictures first"


def test_a_number_out_of_range_keeps_start_disabled_and_says_why(ready, qtbot):
    box = ready._model._form.form("Basics").row("epochs")._box
    box.selectAll()
    qtbot.keyClicks(box, "99999")
    reason = "Epochs must be a whole number from 1 to 10,000, not 99999."
    assert not ready._run._start.isEnabled()
    assert ready._run._reason.text() == reason
    assert ready._sections[2].header.summary == reason
    box.setValue(3)
    assert ready._run._start.isEnabled()


def test_a_split_that_is_not_possible_asks_for_no_estimate_and_keeps_the_training_from_starting(
    pane, service, qtbot
):
    service.end_scan(report(count=100))
    qtbot.waitUntil(lambda: bool(service.called("estimate")))
    asked = len(service.called("estimate"))
    pane._data._report.split._test.setValue(999)
    assert not pane._sections[1].is_possible
    assert not pane._sections[2].is_possible
    assert not pane._model._timer.isActive()
    pane._data._report.split._test.setValue(50)
    qtbot.waitUntil(lambda: len(service.called("estimate")) > asked)
    assert pane._sections[2].is_possible
    assert [request.pictures for (request,) in service.called("estimate")] == [140, 60]
