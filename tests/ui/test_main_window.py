import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QPushButton

from desktop_app import cli
from desktop_app.core.batch.run.pace import Progress
from desktop_app.core.batch.run.runner import Summary
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.sources import FileSource
from desktop_app.core.settings import Settings
from desktop_app.ui.common.files.file_dialog import FileDialog
from desktop_app.ui.dialogs.about_dialog import AboutDialog
from desktop_app.ui.dialogs.licences_dialog import LicencesDialog
from desktop_app.ui.main_window import MainWindow
from desktop_app.workers.classify.messages import ModelPhase, TransferProgress
from tests.ui.fake_training import config, run, training_result
from tests.ui.fakes import entry, missing_vgg19
from tests.ui.panes import open_pane, shown


def test_the_keyboard_turns_to_the_panes(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window._panes.shown == 1
    assert window._actions.panes[1].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window._panes.currentWidget() is window._classify


def test_sources_from_outside_bring_the_classify_pane(window, session):
    open_pane(window, "Models")
    source = FileSource(Path("/pictures/cat.jpg"))
    window.open_sources([source])
    assert session.called("add") == [((source,),)]
    assert shown(window) == "Classify"


def test_a_start_may_ask_for_a_pane(window, session):
    assert tuple(entry.title.lower() for entry in window._entries) == cli.PANES
    source = FileSource(Path("/pictures/cat.jpg"))
    window.open_sources([source], "models")
    assert shown(window) == "Models"
    assert session.called("add") == [((source,),)]
    window.open_sources([], "of a newer version")
    assert shown(window) == "Classify"


def test_one_folder_for_the_train_pane_is_data_to_train_on(window, session, monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(window.show_train_pane(), "open_data", opened.append)
    window.open_sources([FileSource(tmp_path)], "train")
    assert opened == [tmp_path]
    assert shown(window) == "Train"
    assert session.called("add") == []


def test_a_second_start_without_pictures_adds_none(window, session):
    window.open_sources([])
    assert session.called("add") == []


def test_choosing_a_model_is_remembered_and_answers_the_current_picture_again(
    window, session, library, store
):
    library.change(entry(), entry("flowers", "Flowers", origin="imported"))
    session.add_files("a.jpg", "b.jpg")
    window._classify._work.step(1)
    picker = window._classify._toolbar.picker
    picker.activated.emit(picker.findData("flowers"))
    assert session.called("set_model") == [("flowers", 2)]
    assert store.load().model_id == "flowers"


def test_when_the_model_that_answers_is_removed_the_default_one_takes_over(window, session, library, store):
    library.change(entry(), entry("flowers", "Flowers", origin="imported"), missing_vgg19())
    store.save(Settings(model_id="flowers"))
    session.become(ModelPhase.READY, model_id="flowers", name="Flowers")
    session.add_files("a.jpg")
    library.change(entry(), missing_vgg19())
    assert session.called("set_model") == [(None, 1)]
    assert store.load().model_id is None


def test_a_removed_model_that_did_not_answer_changes_nothing(window, session, library):
    library.change(entry(), entry("flowers", "Flowers", origin="imported"))
    library.change(entry())
    assert session.called("set_model") == []


def test_the_download_is_offered_when_the_remembered_model_is_missing(
    qtbot, services, library, store, notifier
):
    store.save(Settings(model_id="vgg19"))
    window = MainWindow(services, store, notifier)
    qtbot.addWidget(window)
    window.show()
    library.change(entry(), missing_vgg19())
    assert window._classify._prompt.isVisible()


def test_geometry_is_remembered(window, store, qtbot, services, notifier):
    window.resize(731, 602)
    window.close()
    assert base64.b64decode(store.load().window_geometry)
    again = MainWindow(services, store, notifier)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (731, 602)


def test_damaged_geometry_is_ignored(qtbot, services, store, notifier):
    store.save(Settings(window_geometry=base64.b64encode(b"nonsense").decode()))
    window = MainWindow(services, store, notifier)
    qtbot.addWidget(window)
    assert window.width() >= 640


def test_closing_ends_all_services(window, session, library, devices, training, qtbot):
    with qtbot.waitSignal(window.closed):
        window.close()
    assert session.called("shutdown") == [()]
    assert training.called("shutdown")
    assert library.called("shutdown") == [()]
    assert devices.calls == [("shutdown",)]


def test_a_full_disk_is_told_and_the_choice_still_takes_effect(window, store, session, monkeypatch):
    def refuse(_settings):
        raise StorageError("The disk is full.", "Make room.")

    monkeypatch.setattr(store, "save", refuse)
    window._apply(store.settings.changed(fit="crop"))
    assert window._status.text() == "The disk is full. Make room."
    assert session.called("set_options") == [("crop", False)]


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_the_theme_can_be_forced_from_the_menu(window, store, choice):
    window._actions.themes[choice].trigger()
    assert store.load().theme == choice
    assert window.palette().window().color().lightness() < 128 or choice == "light"
    assert window._actions.themes[choice].isChecked()


def test_changed_preferences_take_effect_at_once(window, session, store):
    window._actions.preferences.trigger()
    dialog = window.findChild(QDialog)
    dialog._hosts.click()
    assert session.called("set_options") == [(None, True)]
    assert store.load().allow_private_hosts
    dialog.accept()


@pytest.mark.parametrize("name", ["about", "shortcuts", "updates"])
def test_help_dialogs_open(window, name):
    getattr(window._actions, name).trigger()
    dialog = window.findChild(QDialog)
    assert dialog.isVisible()
    dialog.accept()


def test_licences_are_read_from_about(window, about):
    window._actions.about.trigger()
    dialog = window.findChild(AboutDialog)
    (licences,) = [
        button for button in dialog.findChildren(QPushButton) if button.text().startswith("All components")
    ]
    assert about.calls == []
    licences.click()
    assert dialog.findChild(LicencesDialog).isVisible()
    assert about.calls == [("list_licences",)]
    dialog.findChild(LicencesDialog).accept()
    dialog.accept()


def test_updates_are_asked_for_where_the_build_says(window, about, monkeypatch):
    assert about.calls == []
    monkeypatch.setenv("SIGHTLINE_UPDATES_URL", "https://example.org/latest.json")
    window._actions.updates.trigger()
    assert about.calls == [("check_for_updates", "https://example.org/latest.json")]
    window.findChild(QDialog).accept()


def test_full_screen_comes_and_goes(window):
    window._actions.full_screen.trigger()
    assert window.isFullScreen()
    window._actions.full_screen.trigger()
    assert not window.isFullScreen()


def test_actions_about_pictures_wait_for_pictures(window, session):
    assert not window._actions.save.isEnabled()
    session.add_files("a.jpg")
    assert window._actions.save.isEnabled()
    window._actions.clear.trigger()
    assert session.called("clear") == [()]
    assert not window._actions.save.isEnabled()


def test_every_shortcut_is_there_once(window):
    keys = [action.shortcut().toString() for action in window.findChildren(QAction)]
    keys = [key for key in keys if key]
    assert len(keys) == len(set(keys))
    assert {
        "Ctrl+O",
        "Ctrl+Shift+O",
        "Ctrl+V",
        "Ctrl+S",
        "Ctrl+C",
        "Ctrl+,",
        "Ctrl+1",
        "Ctrl+5",
        "Ctrl+B",
        "Ctrl+T",
        "F11",
    } <= {*keys}


def test_the_services_messages_reach_the_status_bar(window, session, library):
    session.message.emit("No pictures in 'X'.")
    assert window._status.text() == "No pictures in 'X'."
    library.operation_ended.emit("Exported to flowers.sightline.", True)
    assert window._status.text() == "Exported to flowers.sightline."


def test_loading_is_shown_until_the_model_is_ready(window, session):
    session.become(ModelPhase.LOADING, "Starting TensorFlow…")
    assert window._status.text() == "Starting TensorFlow…"
    session.become(ModelPhase.READY)
    assert window._status.text() == ""


def test_the_store_takes_what_qt_saves(window):
    assert isinstance(window.saveGeometry(), QByteArray)
    Settings(window_geometry=base64.b64encode(window.saveGeometry().data()).decode())


def test_preferences_leave_a_model_alone_that_was_chosen_meanwhile(window, store):
    window._actions.preferences.trigger()
    dialog = window.findChild(QDialog)
    window._models.choose("flowers")
    dialog._hosts.click()
    assert store.load().model_id == "flowers"
    assert store.load().allow_private_hosts
    dialog.accept()


def test_the_menu_knows_that_the_window_fills_the_screen(window):
    window.showFullScreen()
    assert window._actions.full_screen.isChecked()
    window.showNormal()
    assert not window._actions.full_screen.isChecked()


def test_panes_come_in_their_order(window):
    assert [action.text() for action in window._actions.panes] == [
        "Classify",
        "Batch",
        "Train",
        "Runs",
        "Models",
    ]
    assert [action.shortcut().toString() for action in window._actions.panes] == [
        f"Ctrl+{number}" for number in (1, 2, 3, 4, 5)
    ]


def test_a_trained_model_is_offered_at_once(window, session, library, training):
    training.begin()
    training.end()
    assert session.called("forget_model") == [("pets-cats-dogs-cnn",)]
    assert library.called("refresh") == [()]


def test_a_run_without_a_model_changes_no_list(window, library, training):
    training.begin()
    training.end(training_result("failed"))
    assert library.called("refresh") == []


def test_classify_with_a_model_that_is_listed(window, session, training):
    open_pane(window, "Train").classify_requested.emit("everyday")
    assert session.called("set_model") == [("everyday", None)]
    assert shown(window) == "Classify"


def test_classify_with_a_model_that_has_just_been_made(window, session, library, store):
    open_pane(window, "Runs").classify_requested.emit("pets")
    assert library.called("refresh") == [()]
    assert session.called("set_model") == []
    library.change(entry(), entry("pets", "Pets", origin="trained"))
    assert session.called("set_model") == [("pets", None)]
    assert store.load().model_id == "pets"


def test_classify_with_a_model_that_was_removed_is_told(window, session, library):
    open_pane(window, "Runs").classify_requested.emit("pets")
    library.change(entry())
    assert session.called("set_model") == []
    assert window._status.text() == "The model pets is no longer in the library."


@pytest.mark.parametrize("listed", [True, False])
def test_mistakes_are_looked_at_with_the_model_that_made_them(window, session, library, listed):
    train = open_pane(window, "Train")
    if listed:
        library.change(entry(), entry("pets", "Pets", origin="trained"))
    train.pictures_opened.emit([Path("/data/a.jpg"), Path("/data/b.jpg")], "pets")
    if not listed:
        assert session.called("add") == []
        library.change(entry(), entry("pets", "Pets", origin="trained"))
    assert [call[0] for call in session.calls if call[0] in {"set_model", "add"}] == ["set_model", "add"]
    assert session.called("set_model") == [("pets", None)]
    ((sources,),) = session.called("add")
    assert [source.path for source in sources] == [Path("/data/a.jpg"), Path("/data/b.jpg")]
    assert shown(window) == "Classify"


def test_the_menu_leads_to_training(window, training, monkeypatch):
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_: "/data/pets")
    window._actions.train.trigger()
    assert shown(window) == "Train"
    assert training.called("open_data") == [(Path("/data/pets"),)]


def test_a_resumed_run_is_shown_where_it_trains(window, training):
    training.change_runs(run("r1", state="interrupted", epochs=2))
    open_pane(window, "Runs")._actions.resume.trigger()
    assert training.called("resume") == [("r1",)]
    assert shown(window) == "Train"


def test_the_status_line_tells_of_a_training_and_leads_to_it(window, training, qtbot):
    button = window._status._training
    assert not button.isVisible()
    training.begin(epochs=25)
    training.end_epoch(1)
    assert button.text() == "Training 1/25"
    button.click()
    assert shown(window) == "Train"
    training.end()
    assert not button.isVisible()


def test_an_interrupted_training_is_told_of_once(window, training):
    assert training.called("refresh_runs") == []
    window.look_for_unfinished()
    assert training.called("refresh_runs") == [()]
    training.change_runs(run("r1", "Pets", state="interrupted"), run("r2"))
    assert window._status.text() == "Training 'Pets' was interrupted. Resume it in Runs."
    window.show_message("")
    training.change_runs(run("r1", "Pets", state="interrupted"))
    assert window._status.text() == ""


@pytest.mark.parametrize(
    ("states", "said"), [(("finished",), ""), (("interrupted",) * 3, "3 trainings were interrupted. ")]
)
def test_what_is_unfinished_is_counted(window, training, states, said):
    training.change_runs(*(run(f"r{number}", state=state) for number, state in enumerate(states)))
    assert window._status.text().startswith(said)
    assert bool(window._status.text()) is bool(said)


def test_the_train_pane_says_the_end_of_its_training_itself(window, training, monkeypatch):
    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    train = open_pane(window, "Train")
    training.begin()
    training.end()
    assert window._status.text() == ""
    assert train._run._end.isVisible()


@pytest.mark.parametrize("active", [True, False])
def test_the_end_of_a_training_is_told_where_the_user_is(window, training, notifier, monkeypatch, active):
    monkeypatch.setattr(window, "isActiveWindow", lambda: active)
    training.begin()
    training.end()
    sentence = training_result().reason.text
    if active:
        assert (window._status.text(), notifier.told) == (sentence, [])
    else:
        assert notifier.told == [("Training finished: pets cats-dogs-cnn", sentence)]


def test_removed_runs_are_deleted_for_good_with_the_models(window, library, training):
    window._actions.preferences.trigger()
    dialog = window.findChild(QDialog)
    dialog.empty_trash_requested.emit()
    assert (library.called("empty_trash"), training.called("empty_runs_trash")) == ([()], [()])
    dialog.accept()


def test_the_weights_that_a_network_starts_from_are_downloaded_from_the_train_pane(window, library, qtbot):
    pane = open_pane(window, "Train")
    pane.download_requested.emit("vgg19-backbone")
    assert library.called("download") == [("vgg19-backbone",)]
    progress = TransferProgress("vgg19-backbone", 1, 4, 1.0, 3.0, "Downloading: 1 of 4")
    library.transfer_progressed.emit(progress)
    weights = pane._model._plan.weights
    assert weights.downloading
    pane.cancel_requested.emit("vgg19-backbone")
    assert library.called("cancel_download") == [("vgg19-backbone",)]
    library.end_download("vgg19-backbone", "It was stopped.", ok=False)
    assert not weights.downloading


def test_a_batch_is_begun_from_the_menu(window, batch, monkeypatch):
    monkeypatch.setattr(FileDialog, "open_folder", lambda *_: "/data/pets")
    window._actions.batch.trigger()
    assert shown(window) == "Batch"
    assert batch.called("begin") == [((Path("/data/pets"),), "everyday")]


def test_pictures_of_a_batch_are_looked_at_in_classify(window, session):
    open_pane(window, "Batch").classify_requested.emit([Path("/data/a.jpg")])
    assert session.called("add") == [((FileSource(Path("/data/a.jpg")),),)]
    assert shown(window) == "Classify"


def test_the_download_of_a_model_for_a_batch_is_offered_where_models_are_downloaded(window, pane):
    open_pane(window, "Batch").download_requested.emit("vgg19")
    assert shown(window) == "Classify"
    assert pane._prompt.isVisible()


def test_the_status_line_tells_of_a_batch_and_leads_to_it(window, batch):
    button = window._status._batch
    assert not button.isVisible()
    batch.running = True
    batch.running_changed.emit(True)
    batch.open_job()
    batch.progressed.emit(Progress(255, 0, 500, 500, 50.0, 5.0))
    assert button.text() == "Batch 51%"
    button.click()
    assert shown(window) == "Batch"
    batch.running_changed.emit(False)
    assert not button.isVisible()


@pytest.mark.parametrize(("active", "pane"), [(True, "Classify"), (True, "Batch"), (False, "Batch")])
def test_the_end_of_a_batch_is_told_where_the_user_is(window, batch, notifier, monkeypatch, active, pane):
    monkeypatch.setattr(window, "isActiveWindow", lambda: active)
    open_pane(window, pane)
    batch.open_job()
    batch.ended.emit(Summary(finished=True, answered=490, failed=0, left=0, seconds=10.0))
    sentence = "490 pictures, 49.0 per second."
    assert window._status.text() == (f"Finished: {sentence}" if pane == "Batch" else sentence)
    assert notifier.told == ([] if active else [("Batch finished: pets", sentence)])


def test_messages_of_the_batch_service_reach_the_status_bar(window, batch):
    batch.message.emit("Wrote 10 rows.", True)
    assert window._status.text() == "Wrote 10 rows."


def test_the_window_takes_its_services_with_it(window, batch, label_service, about, qtbot):
    batch.running = True
    with qtbot.waitSignal(window.closed):
        window.close()
    assert batch.called("shutdown")
    assert ("stop",) in label_service.calls
    assert ("shutdown",) in label_service.calls
    assert ("shutdown",) in about.calls


def test_a_run_is_trained_again_in_the_train_pane(window, training):
    wanted = config()
    open_pane(window, "Runs").again_requested.emit(wanted)
    assert shown(window) == "Train"
    assert training.called("open_data") == [(wanted.data,)]
