"""The window: a rail of panes, a menu bar, a status line."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from desktop_app.core.foundation import paths
from desktop_app.core.foundation.errors import StorageError
from desktop_app.core.images.sources import FileSource
from desktop_app.ui.actions import WindowActions
from desktop_app.ui.classify.classify_pane import ClassifyPane
from desktop_app.ui.common.controls.widgets import horizontal
from desktop_app.ui.common.folders import open_folder
from desktop_app.ui.common.nav_rail import NavRail
from desktop_app.ui.common.status_line import StatusLine
from desktop_app.ui.common.style.icons import renew_icons
from desktop_app.ui.common.style.theme import Theme, ThemeChoice
from desktop_app.ui.engine_choice import EngineChoosing
from desktop_app.ui.later_parts import LaterParts
from desktop_app.ui.library.import_flow import ImportFlow
from desktop_app.ui.model_choice import ModelChoice
from desktop_app.ui.pane_stack import PaneEntry, PaneStack
from desktop_app.ui.seen_choice import SeenChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.images.sources import Source
    from desktop_app.core.settings import Settings, SettingsStore
    from desktop_app.ui.batch.batch_pane import BatchPane
    from desktop_app.ui.common.notify import Notifier
    from desktop_app.ui.services import WindowServices
    from desktop_app.ui.training.train_pane import TrainPane
    from desktop_app.workers.classify.messages import ModelStatus
    from desktop_app.workers.service.label_service_status import LabelServiceStatus

_SHUTDOWN_SECONDS = 1.5
_FIT_SECONDS = 20.0
"""A fit ends after the current batch and a checkpoint."""
_CLASSIFY, _BATCH, _TRAIN = 0, 1, 2


class MainWindow(QMainWindow):
    """Holds the panes, and handles what concerns more than one of them.

    Args:
        services: The services for pictures, models, devices, trainings, batches and the local API.
        later: Whether to make what is not painted only when it is needed, or `complete` asks for it.
        settings_store: The preferences, already loaded.
        notifier: Reports the end of a training or a batch while another window is in front.
        parent: Qt's owner, if any.

    Signals:
        closed: The window has closed, and all threads were asked to end.
    """

    closed = Signal()

    def __init__(
        self,
        services: WindowServices,
        settings_store: SettingsStore,
        notifier: Notifier,
        parent: QWidget | None = None,
        *,
        later: bool = False,
    ) -> None:
        super().__init__(parent)
        self._session = services.session
        self._library = services.library
        self._devices = services.devices
        self._later = LaterParts(services, self)
        self._store = settings_store
        self._notifier = notifier
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._service_dialog: QDialog | None = None
        self._theme = Theme(application, self)
        self._theme.apply(settings_store.settings.theme)
        self._theme.changed.connect(lambda: renew_icons(self))

        self.setWindowTitle("Sightline")
        self.setMinimumSize(640, 440)
        self._imports = ImportFlow(self._library, self)
        self._classify = ClassifyPane(self._session, self._library, self._imports)
        self._entries = (
            PaneEntry("Classify", "classify", lambda: self._classify),
            PaneEntry("Batch", "batch", self._make_batch_pane),
            PaneEntry("Train", "train", self._make_train_pane),
            PaneEntry("Runs", "runs", self._make_runs_pane),
            PaneEntry("Models", "models", self._make_models_pane),
        )
        self._panes = PaneStack(self._entries)
        self._models = ModelChoice(services, self._classify, settings_store, self)
        self._status = StatusLine()
        self._actions = WindowActions(self, [entry.title for entry in self._entries])
        self._seen = SeenChoice(self._session, self._classify, self._actions, self)
        self._engine = EngineChoosing(services, self._classify, self)
        self._build()
        self._connect_actions()
        self._connect_services()
        self._restore_geometry()
        self.show_pane(_CLASSIFY)
        if not later:
            self._later.complete()

    # What others may ask

    def open_sources(self, sources: Sequence[Source], pane: str = "") -> None:
        """Classify pictures from the command line or a second start, and come to the front.

        Args:
            sources: The pictures to classify, or one folder or archive to train on in the Train pane.
            pane: The lower-case title of the pane to show; an unknown one shows the pictures.
        """
        titles = [entry.title.lower() for entry in self._entries]
        shown = titles.index(pane) if pane in titles else _CLASSIFY
        self.show_pane(shown)
        if shown == _TRAIN and len(sources) == 1 and isinstance(sources[0], FileSource):
            self.show_train_pane().open_data(sources[0].path)
        elif sources:
            self._classify.add(sources)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        if QGuiApplication.platformName() != "offscreen":  # which only says that it cannot
            self.raise_()
        self.activateWindow()

    def look_for_unfinished(self) -> None:
        """Report what an earlier window left unfinished."""
        self._later.unfinished.look()

    def complete(self, then: Callable[[], None]) -> None:
        """Make what the window does not paint, bit by bit, and call a function when all is there."""
        self._later.begin(then)

    def whole_services(self) -> WindowServices:
        """The services, all of them connected."""
        return self._later.complete()

    def show_message(self, text: str, error: bool = False) -> None:
        """Show a message in the status bar for some seconds."""
        self._status.show_message(text, error=error)

    def show_pane(self, index: int) -> None:
        """Show a pane, made when it is shown for the first time."""
        self._panes.show_pane(index)
        self._rail.check(index)
        self._actions.panes[index].setChecked(True)

    def make_panes(self) -> None:
        """Make every pane that was not shown yet."""
        for index in range(len(self._entries)):
            self._panes.made(index)

    def show_batch_pane(self) -> BatchPane:
        """Show the Batch pane at once, so that it sees what happens next."""
        pane = cast("BatchPane", self._panes.made(_BATCH))
        self.show_pane(_BATCH)
        return pane

    def show_train_pane(self) -> TrainPane:
        """Show the Train pane at once, so that it sees what happens next."""
        pane = cast("TrainPane", self._panes.made(_TRAIN))
        self.show_pane(_TRAIN)
        return pane

    # Construction

    def _build(self) -> None:
        self._rail = NavRail()
        for entry in self._entries:
            self._rail.add(entry.title, entry.icon)
        centre = QWidget()
        layout = horizontal(centre, spacing=0)
        layout.addWidget(self._rail)
        layout.addWidget(self._panes, 1)
        self.setCentralWidget(centre)
        self.setStatusBar(self._status)

    def _make_batch_pane(self) -> QWidget:
        from desktop_app.ui.batch.batch_pane import BatchPane

        pane = BatchPane(self._later.complete().batch, self._library, self._session.model_status.model_id)
        pane.said.connect(self._on_said)
        pane.classify_requested.connect(lambda paths: self.open_sources([FileSource(path) for path in paths]))
        pane.download_requested.connect(self._offer_download)
        pane.similar_requested.connect(self._later.similar_flow.show_in_job)
        self._session.model_changed.connect(lambda status: pane.show_current(status.model_id))
        return pane

    def _make_train_pane(self) -> QWidget:
        from desktop_app.ui.training.train_pane import TrainPane

        pane = TrainPane(self._later.complete().training)
        pane.said.connect(self._on_said)
        pane.classify_requested.connect(self._classify_with)
        pane.pictures_opened.connect(
            lambda pictures, model_id: self._classify_with(model_id, tuple(pictures))
        )
        pane.export_requested.connect(self._later.export)
        pane.download_requested.connect(self._library.download)
        pane.cancel_requested.connect(self._library.cancel_download)
        pane.similar_requested.connect(self._later.similar_flow.show)
        pane.sorting_requested.connect(self._later.similar_flow.sort)
        self._library.transfer_progressed.connect(pane.show_download)
        self._library.transfer_ended.connect(pane.end_download)
        return pane

    def _make_runs_pane(self) -> QWidget:
        from desktop_app.ui.runs.runs_pane import RunsPane

        pane = RunsPane(self._later.complete().training)
        pane.said.connect(self._on_said)
        pane.classify_requested.connect(self._classify_with)
        pane.train_pane_requested.connect(self.show_train_pane)
        pane.export_requested.connect(self._later.export)
        pane.again_requested.connect(lambda config: self.show_train_pane().repeat(config))
        return pane

    def _make_models_pane(self) -> QWidget:
        from desktop_app.ui.library.models_pane import ModelsPane

        pane = ModelsPane(self._library, self._imports, self._session.model_status.model_id)
        pane.model_chosen.connect(self._models.choose)
        pane.export_requested.connect(self._later.export)
        pane.said.connect(self._on_said)
        self._session.model_changed.connect(lambda status: pane.show_current(status.model_id))
        return pane

    def _connect_actions(self) -> None:
        actions, classify = self._actions, self._classify
        for action, slot in (
            (actions.open, classify.open_pictures),
            (actions.open_folder, classify.open_folder),
            (actions.paste, classify.paste),
            (actions.save, classify.save_results),
            (actions.copy, classify.copy_result),
        ):
            action.triggered.connect(lambda _checked=False, slot=slot: self._in_classify(slot))
        actions.batch.triggered.connect(lambda: self.show_batch_pane().choose_folder())
        actions.train.triggered.connect(lambda: self.show_train_pane().choose_folder())
        actions.quit.triggered.connect(self.close)
        actions.clear.triggered.connect(self._session.clear)
        actions.cancel.triggered.connect(self._session.cancel)
        actions.preferences.triggered.connect(self._show_preferences)
        actions.full_screen.toggled.connect(self._on_full_screen_toggled)
        actions.label_service.triggered.connect(self._show_label_service)
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.logs.triggered.connect(lambda: open_folder(paths.logs()))
        actions.updates.triggered.connect(self._check_for_updates)
        actions.about.triggered.connect(self._show_about)
        for index, action in enumerate(actions.panes):
            action.triggered.connect(lambda _checked=False, index=index: self.show_pane(index))
        for choice, action in actions.themes.items():
            action.triggered.connect(lambda _checked=False, choice=choice: self._save(theme=choice))
        self._check_theme(self._store.settings.theme)
        self._seen.chosen.connect(lambda changes: self._save(**changes))
        self._seen.said.connect(self._on_said)
        self._seen.show(self._store.settings)
        self._rail.pane_chosen.connect(self.show_pane)
        self._rail.preferences_requested.connect(self._show_preferences)

    def _connect_services(self) -> None:
        self._classify.model_chosen.connect(self._models.choose)
        self._classify.said.connect(self._on_said)
        self._classify.pictures_changed.connect(self._on_pictures_changed)
        self._status.cancel_requested.connect(self._session.cancel)
        self._session.message.connect(self.show_message)
        self._session.model_changed.connect(self._on_model_changed)
        self._session.progress_changed.connect(self._status.show_progress)
        self._models.chosen.connect(lambda model_id: self._save(model_id=model_id))
        self._models.pictures_opened.connect(
            lambda paths: self.open_sources([FileSource(path) for path in paths])
        )
        self._models.said.connect(self._on_said)
        self._library.operation_ended.connect(lambda text, ok: self.show_message(text, error=not ok))
        self._library.transfer_ended.connect(lambda _id, text, ok: self.show_message(text, error=not ok))
        self._connect_later_parts()
        self._status.training_requested.connect(lambda: self.show_pane(_TRAIN))
        self._status.batch_requested.connect(lambda: self.show_pane(_BATCH))
        self._status.service_requested.connect(self._show_label_service)
        self._status.export_requested.connect(self._later.show_export)
        self._classify.batch_requested.connect(self._classify_in_batch)
        self._devices.status_changed.connect(self._status.show_device)
        if self._devices.status is not None:
            self._status.show_device(self._devices.status)
        self._on_model_changed(self._session.model_status)
        self._on_pictures_changed(bool(self._session.items()))

    def _connect_later_parts(self) -> None:
        later = self._later
        later.said.connect(self._on_said)
        later.training_told.connect(self._status.show_training)
        later.training_ended.connect(lambda title, text: self._tell_end(_TRAIN, title, text))
        later.model_kept.connect(self._on_model_kept)
        later.batch_told.connect(self._status.show_batch)
        later.batch_ended.connect(lambda title, text: self._tell_end(_BATCH, title, text))
        later.export_told.connect(self._status.show_export)
        later.export_ended.connect(lambda title, text: self._tell_end(-1, title, text))
        later.service_changed.connect(self._on_service_changed)
        later.data_created.connect(lambda folder: self.show_train_pane().open_data(folder))
        later.pictures_opened.connect(lambda paths: self.open_sources([FileSource(path) for path in paths]))
        later.may_close.connect(self.close)

    def _restore_geometry(self) -> None:
        settings = self._store.settings
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self.resize(min(1120, screen.width()), min(720, screen.height()))
        # restoreGeometry itself brings a window back that would lie outside of all screens.
        self.restoreGeometry(_from_base64(settings.window_geometry))
        self.restoreState(_from_base64(settings.window_state))

    # Requests of the user

    def _in_classify(self, slot: Callable[[], None]) -> None:
        self.show_pane(_CLASSIFY)
        slot()

    def _classify_in_batch(self, folders: Sequence[Path]) -> None:
        """Classify pictures that were dropped one by one as a job."""
        self._session.clear()
        self.show_batch_pane().begin(folders)

    def _offer_download(self, model_id: str) -> None:
        self.show_pane(_CLASSIFY)
        self._classify.offer_download(model_id)

    def _classify_with(self, model_id: str, pictures: Sequence[Path] = ()) -> None:
        """Classify these pictures with a newly trained model."""
        self.show_pane(_CLASSIFY)
        self._models.choose_trained(model_id, pictures)

    def _save(self, **update: object) -> None:
        self._apply(self._store.settings.changed(**update))

    def _apply(self, settings: Settings) -> None:
        """Apply changed settings and save them."""
        before = self._store.settings
        try:
            self._store.save(settings)
        except StorageError as error:
            self.show_message(error.reason.sentence, error=True)
        if settings.theme != before.theme:
            self._theme.apply(settings.theme)
            self._check_theme(settings.theme)
        if (settings.fit, settings.allow_private_hosts) != (before.fit, before.allow_private_hosts):
            self._session.set_options(settings.fit, allow_private_hosts=settings.allow_private_hosts)
            self._later.complete().batch.set_fit(settings.fit)
        self._engine.apply(settings, before)
        self._seen.show(settings)

    def _on_preferences_changed(self, chosen: Settings) -> None:
        # Only what the dialog shows: a download may have changed the model while it was open.
        names = ("theme", "fit", "engine", "precision", "allow_private_hosts")
        self._save(**{name: getattr(chosen, name) for name in names})

    def _check_theme(self, choice: ThemeChoice) -> None:
        self._actions.themes[choice].setChecked(True)

    def _on_full_screen_toggled(self, checked: bool) -> None:
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if checked else self.windowState() & ~full)

    def _show_preferences(self) -> None:
        from desktop_app.ui.dialogs.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self._store.settings, self)
        dialog.settings_changed.connect(self._on_preferences_changed)
        self._engine.explain_in(dialog)
        dialog.empty_trash_requested.connect(self._library.empty_trash)
        dialog.empty_trash_requested.connect(self._later.complete().training.empty_runs_trash)
        self._open(dialog)

    def _show_label_service(self) -> None:
        if self._service_dialog is None:
            from desktop_app.ui.service.service_dialog import ServiceDialog

            model_id = self._session.model_status.model_id
            self._service_dialog = ServiceDialog(
                self._later.complete().label_service, self._library, model_id, self
            )
        self._service_dialog.show()
        self._service_dialog.raise_()
        self._service_dialog.activateWindow()

    def _show_shortcuts(self) -> None:
        from desktop_app.ui.dialogs.shortcuts_dialog import ShortcutsDialog

        self._open(ShortcutsDialog(self.menuBar(), self))

    def _show_about(self) -> None:
        from desktop_app.ui.dialogs.about_dialog import AboutDialog

        dialog = AboutDialog(self)
        dialog.licences_requested.connect(lambda: self._show_licences(dialog))
        self._open(dialog)

    def _show_licences(self, parent: QWidget) -> None:
        from desktop_app.ui.dialogs.licences_dialog import LicencesDialog

        self._open(LicencesDialog(self._later.complete().about, parent))

    def _check_for_updates(self) -> None:
        from desktop_app.core.foundation.build_info import build_info
        from desktop_app.ui.dialogs.updates_dialog import UpdatesDialog

        self._open(UpdatesDialog(self._later.complete().about, build_info().updates_url, self))

    @staticmethod
    def _open(dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Reports of the services

    def _on_service_changed(self, status: LabelServiceStatus) -> None:
        """Show that the local API is on, also while its dialog is closed."""
        self._status.show_service("Local API" if status.listening is not None else "", status.sentence)

    def _on_said(self, text: str, error: bool) -> None:
        self.show_message(text, error=error)

    def _on_model_kept(self, model_id: str) -> None:
        """Offer a trained model at once; a resumed run may have replaced one that is loaded."""
        self._session.forget_model(model_id)
        self._library.refresh()

    def _tell_end(self, pane: int, title: str, sentence: str) -> None:
        """Report the end of a training or a batch where the user is."""
        if self.isActiveWindow():
            if self._panes.shown != pane:  # which says it itself
                self.show_message(sentence)
        else:
            self._notifier.notify(self, title, sentence)

    def _on_model_changed(self, status: ModelStatus) -> None:
        self._status.show_model(status)

    def _on_pictures_changed(self, any_pictures: bool) -> None:
        for action in (self._actions.save, self._actions.copy, self._actions.clear, self._actions.cancel):
            action.setEnabled(any_pictures)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the menu right when the system, or the last run, makes the window fill the screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._notifier.withdraw()
        if event.type() == QEvent.Type.WindowStateChange:
            self._actions.full_screen.setChecked(self.isFullScreen())

    # The end

    def end(self) -> None:
        """Close without a question, as the system or the terminal asks; a training can be resumed."""
        self._later.closing.decide()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what to do with a training; then remember the window, cancel all work and end the threads.

        This takes two seconds at most, and longer when a training has to be left resumable.
        """
        if not self._later.nothing_keeps_open():
            event.ignore()
            return
        self._save(window_geometry=_to_base64(self.saveGeometry()), window_state=_to_base64(self.saveState()))
        self.hide()  # the user is done with it, whatever the threads still do
        self._later.end()
        services = self._later.complete()
        deadline = time.monotonic() + (_FIT_SECONDS if services.training.running else _SHUTDOWN_SECONDS)
        services.training.shutdown(0)  # the fit begins to end while the others do
        services.batch.shutdown(0)  # the job holds every result so far and can be resumed
        services.label_service.stop()
        for service in (
            *(services.session, services.library, services.devices, services.training),
            *(services.batch, services.label_service, services.about, services.similar, services.exports),
        ):
            service.shutdown(max(0.0, deadline - time.monotonic()))
        event.accept()
        self.closed.emit()


def _to_base64(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode("ascii")


def _from_base64(text: str) -> QByteArray:
    return QByteArray(base64.b64decode(text))
