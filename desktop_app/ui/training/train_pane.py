"""The Train pane: choose pictures, choose a network, train it, see the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from desktop_app.core.datasets.answers import NO_ANSWERS
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.images.folders import PICTURE_EXTENSIONS
from desktop_app.core.images.sources import FileSource
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.records.events import EpochEnded, Finished, PauseChanged, Started
from desktop_app.core.training.runs.naming import name_of_data
from desktop_app.core.training.settings.config import TrainingConfig
from desktop_app.ui.common.controls.widgets import scrolling, vertical
from desktop_app.ui.common.dropping.drop_pane import DropPane
from desktop_app.ui.training.data.data_step import DataStep
from desktop_app.ui.training.elastic import Elastic
from desktop_app.ui.training.model.model_step import ModelStep, plan_words
from desktop_app.ui.training.result.result_step import ResultStep
from desktop_app.ui.training.result.result_words import outcome
from desktop_app.ui.training.run.progress_words import run_words
from desktop_app.ui.training.run.run_step import RunStep
from desktop_app.ui.training.step_page import StepPage
from desktop_app.ui.training.step_section import StepSection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from desktop_app.core.datasets.answers import Answers
    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.images.sources import Source
    from desktop_app.core.training.records.events import TrainingEvent
    from desktop_app.core.training.records.result import TrainingResult
    from desktop_app.core.training.runs.run_record import RunRecord
    from desktop_app.core.training.settings.option import Value
    from desktop_app.workers.classify.messages import TransferProgress
    from desktop_app.workers.training.training_service import TrainingService

_LEAST_FOR_PLOTS = 480
"""Height of the third step in pixels; a lower window is filled by it."""
_BUSY = "Stop the current training to change the data."


class TrainPane(DropPane):
    """Four numbered steps on one page; the whole pane takes a dropped folder or archive.

    Signals:
        classify_requested: Id of the model that the user wants to classify with.
        pictures_opened: List of paths that the user wants to classify, and the id of the model to do it with.
        export_requested: Id of the model that the user wants to export.
        said: Sentence for the status bar, and whether it reports a failure.
        download_requested: Id of the published weights that the user wants.
        cancel_requested: Id of the weights whose download the user cancels.
        sorting_requested: Path of a folder that the user wants to sort into classes.
        similar_requested: Path of a picture, and a list of all pictures of the data set.
    """

    classify_requested = Signal(str)
    pictures_opened = Signal(object, str)
    export_requested = Signal(str)
    said = Signal(str, bool)
    download_requested = Signal(str)
    cancel_requested = Signal(str)
    sorting_requested = Signal(object)
    similar_requested = Signal(object, object)

    def __init__(self, service: TrainingService) -> None:
        super().__init__("Drop to train on these pictures")
        self._service = service
        self._config: TrainingConfig | None = None
        self._repeated: TrainingConfig | None = None
        self._starting = False
        self._epochs = self._epochs_done = 0
        self._result: TrainingResult | None = None
        self._trained_on: DatasetReport | None = None
        self._data = DataStep(service)
        self._model = ModelStep(service)
        self._run = RunStep(service)
        self._use = ResultStep(service)
        titles = ("Data", "Model", "Train", "Results")
        self._sections = tuple(StepSection(number, title) for number, title in enumerate(titles, start=1))
        bodies = (self._data, self._model, Elastic(self._run), self._use)
        for section, body in zip(self._sections, bodies, strict=True):
            section.set_body(body)
            section.toggled.connect(lambda opened, section=section: self._on_toggled(section, opened=opened))
        # Not before each has its body: the Tab key follows the order in which they come to the page.
        self._page = StepPage(self._sections)
        self._scroll = scrolling(self._page)
        self._scroll.verticalScrollBar().valueChanged.connect(
            lambda: self._model.on_scrolled(self._scroll.viewport())
        )
        layout = vertical(self)
        layout.addWidget(self._scroll)
        self._connect_steps()
        self._sections[0].set_open(True)
        self._on_data_changed()
        self._on_running_changed(service.running)

    def _connect_steps(self) -> None:
        data, model, run, use = self._data, self._model, self._run, self._use
        self.sources_arrived.connect(self._on_sources_arrived)
        self.refused.connect(lambda sentence: self.said.emit(sentence, True))
        data.data_requested.connect(self.open_data)
        data.data_changed.connect(self._on_data_changed)
        data.next_requested.connect(lambda: self._advance_to(0))
        data.said.connect(self.said)
        data.sorting_requested.connect(self.sorting_requested)
        data.similar_requested.connect(self.similar_requested)
        model.plan_changed.connect(self._show_state)
        model.download_requested.connect(self.download_requested)
        model.cancel_requested.connect(self.cancel_requested)
        model.next_requested.connect(lambda: self._advance_to(1))
        run.start_requested.connect(self._on_start_requested)
        run.retry_requested.connect(self.apply_retry)
        run.said.connect(self.said)
        use.retry_requested.connect(self.apply_retry)
        use.again_requested.connect(self._on_again_requested)
        use.said.connect(self.said)
        use.similar_requested.connect(data.show_similar)
        use.classify_requested.connect(self.classify_requested)
        use.export_requested.connect(self.export_requested)
        use.pictures_opened.connect(self.pictures_opened)
        self._service.scan_ended.connect(self._on_scan_ended)
        self._service.scan_asked.connect(self._on_scan_asked)
        self._service.running_changed.connect(self._on_running_changed)
        self._service.event_arrived.connect(self._on_event_arrived)

    def open_data(self, path: Path, answers: Answers | None = None) -> None:
        """Check a folder or an archive, to train on it.

        Args:
            path: Path of the data.
            answers: What was decided about how they are read; by default what is kept of them.
        """
        if self._service.running:
            self.said.emit(_BUSY, True)
            return
        led = self._has_keyboard
        self._sections[0].set_open(True)
        if answers is None and self._repeated is not None and self._repeated.data == path:
            answers = _answers_of(self._repeated)
        if answers is None:
            self._service.open_data(path)
        else:
            self._service.open_data(path, answers)
        if led:
            self._data.lead_keyboard()

    def repeat(self, config: TrainingConfig) -> None:
        """Check the data of a run again and fill in its settings, for the user to change and start."""
        self.open_data(config.data, _answers_of(config))
        self._repeated = None if self._service.running else config

    def choose_folder(self) -> None:
        """Ask for a folder to train on."""
        if self._service.running:
            self.said.emit(_BUSY, True)
            return
        self._data.choose_folder()

    def show_download(self, progress: TransferProgress) -> None:
        """Show the progress of a download, when a network here waits for it."""
        self._model.show_download(progress)

    def end_download(self, model_id: str, sentence: str, ok: bool) -> None:
        """Use the weights that have arrived, or say why they have not."""
        self._model.end_download(model_id, sentence, ok)

    def apply_retry(self, changes: Mapping[str, Value]) -> None:
        """Train again with the last settings, except for these hyper-parameters."""
        config = self._config or self._config_of_run() or self._planned()
        if config is None or self._service.running:
            return
        changed = config.hyperparameters.changed(changes)
        if self._model.recipe is not None and self._model.recipe.recipe_id == config.recipe:
            self._model.set_values(changes)
        self._start(config.model_copy(update={"hyperparameters": changed}))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the plots at a readable size, whatever is left of a low window."""
        super().resizeEvent(event)
        self._share_height()

    def showEvent(self, event: QShowEvent) -> None:
        """Notice what has changed while another pane was in front."""
        super().showEvent(event)
        self._model.refresh_estimate()

    # What the user requests

    def _on_sources_arrived(self, sources: Sequence[Source]) -> None:
        files = [source for source in sources if isinstance(source, FileSource)]
        if not files:
            self.said.emit("Training needs a folder or an archive on this computer: drop one here.", True)
        elif self._service.running and len(files) == 1 and _is_picture(files[0].path):
            self._run.try_out(files[0].path)
        elif len(files) > 1:
            self.said.emit("Drop one folder: the one that has a folder for each class.", True)
        else:
            self.open_data(files[0].path)

    def _on_start_requested(self) -> None:
        config = self._planned()
        if config is not None:
            self._start(config)

    def _on_again_requested(self) -> None:
        """Show the settings of the last run, and check its data if step 1 has others or none."""
        config, report = self._config or self._config_of_run(), self._data.report
        if config is None:  # its record has been removed
            self._open_only(1 if report is not None else 0)
        elif (
            report is None or report.source != config.data or (report.answers or NO_ANSWERS) != config.answers
        ):
            self.repeat(config)
        else:
            self._repeated = config
            self._on_data_changed()

    def _start(self, config: TrainingConfig) -> None:
        self._config = config
        self._starting = True
        self._service.start(config)
        self._starting = False

    def _planned(self) -> TrainingConfig | None:
        report, recipe, values = self._data.report, self._model.recipe, self._model.values
        if report is None or recipe is None or values is None:
            return None
        return TrainingConfig(
            data=report.source,
            recipe=recipe.recipe_id,
            task=report.task,
            hyperparameters=values,
            validation_split=self._data.validation_split,
            test_split=self._data.test_split,
            name=self._model.name,
            tensorboard=self._model.tensorboard,
            answers=report.answers or NO_ANSWERS,
        )

    def _config_of_run(self) -> TrainingConfig | None:
        """The configuration of the run that ended last, when another pane resumed it."""
        record = self._record_of(self._result.run_id) if self._result is not None else None
        return record.config if record is not None else None

    def _record_of(self, run_id: str) -> RunRecord | None:
        return next(
            (entry.record for entry in self._service.runs if entry.record.run_id == run_id),
            None,
        )

    @property
    def _past(self) -> str:
        """Name of the last training, when it was on other data than those of step 1; empty otherwise."""
        if self._result is None or self._data.report is self._trained_on:
            return ""
        return self._result.name

    # What the services report

    def _on_data_changed(self) -> None:
        report = self._data.report
        repeated = self._taken_up(report) if report is not None else None
        if repeated is not None:
            self._data.set_split(repeated.validation_split, repeated.test_split)
        if report is not None and not self._data.problem:
            self._model.show_data(report, self._data.planned.train)
            if repeated is not None and not self._missing_of_data():
                self._take_over(repeated)
        if self._past:
            self._sections[3].set_open(False)
        self._show_state()
        self._share_height()

    def _taken_up(self, report: DatasetReport) -> TrainingConfig | None:
        """The run that is to be repeated with these data, once; None when other data have come."""
        config, self._repeated = self._repeated, None
        return config if config is not None and config.data == report.source else None

    def _take_over(self, config: TrainingConfig) -> None:
        """Use the settings of a run whose data are those of step 1."""
        try:
            self._model.take_over(config)
        except SightlineError as error:  # its network is not here any more
            self.said.emit(str(error), True)
            return
        self._open_only(1)
        if self._has_keyboard:
            self._model.lead_keyboard()

    def _on_scan_ended(self) -> None:
        if self._sections[0].is_open and self._has_keyboard and not self._missing_of_data():
            self._data.lead_keyboard()

    def _on_scan_asked(self) -> None:
        self._sections[0].set_open(True)
        if self._has_keyboard:
            self._data.lead_keyboard()

    def _on_running_changed(self, running: bool) -> None:
        for step in (self._data, self._model):
            step.set_read_only(running)
        if running:
            self._result = None
            self._epochs = self._epochs_done = 0
            self._trained_on = self._data.report if self._starting else None
            if not self._starting:
                self._config = None  # another pane has resumed a run
        self._show_state()
        if running:
            self._open_only(2)
            if self._has_keyboard:
                self._run.lead_keyboard()
        elif self._result is not None and self._result.model_id is None:
            self._page.bring_up(self._sections[2], self._scroll)  # an error is shown at its top
            if self._run.keyboard_waits:
                self._run.lead_start()

    def _on_event_arrived(self, event: TrainingEvent) -> None:
        if isinstance(event, Started):
            self._epochs, self._epochs_done = event.epochs, len(event.history)
        elif isinstance(event, EpochEnded):
            self._epochs_done = event.metrics.epoch
        elif isinstance(event, Finished):
            self._on_finished(event)
        if isinstance(event, EpochEnded | PauseChanged | Started):
            self._sections[2].set_summary(self._running_words(), done=False)

    def _on_finished(self, event: Finished) -> None:
        self._result = event.result
        if event.result.model_id is not None:
            self._use.show_result(event.result)
        self._show_state()
        made = event.result.model_id is not None
        # The page is laid out again and scrolled, in several turns: all of that is painted once, at its end.
        self._page.setUpdatesEnabled(False)
        self._sections[3].set_open(made)
        QTimer.singleShot(0, self, lambda: self._page.setUpdatesEnabled(True))
        if made and self._run.keyboard_waits:
            self._use.lead_keyboard()

    def _show_state(self) -> None:
        """Show in each header what was chosen or what is missing."""
        data, model, run, use = self._sections
        data.set_missing("")
        report, missing = self._data.report, self._missing_of_data()
        data.set_summary(self._data.summary, done=report is not None and not missing)
        model.set_missing(missing)
        obstacle = missing or self._model.obstacle
        model.set_summary(self._model.summary, done=not obstacle)
        ready = not obstacle and self._model.values is not None
        running, result, past = self._service.running, self._result, self._past
        made = result is not None and result.model_id is not None
        run.set_missing(missing if not running and result is None else "")
        run.set_summary(self._run_summary(obstacle), done=made and not past)
        self._run.show_past(past)
        self._run.set_startable(ready and not running, obstacle)
        use.set_missing("" if made else "Available after training")
        words = f"Last training: {past}" if past else outcome(result) if result is not None else ""
        use.set_summary(words, done=False)
        if running and self._service.resumed:
            self._show_resumed(self._service.resumed)

    def _show_resumed(self, run_id: str) -> None:
        """Show in the headers the data of a run that was resumed elsewhere; there is nothing to open."""
        record = self._record_of(run_id)
        if record is None or not record.config.recipe:
            return
        config = record.config
        count = record.train + record.validation + record.test
        name = name_of_data(config.data, archive=config.data.is_file())
        recipe = catalogue.get(config.recipe).name
        noun = "labels" if config.task == "multi-label" else "classes"
        self._sections[0].set_missing(f"{name}: {count:,} pictures of {len(record.classes)} {noun}")
        self._sections[1].set_missing(plan_words(recipe, config.hyperparameters))

    def _run_summary(self, obstacle: str) -> str:
        if self._service.running:
            return self._running_words()
        if self._result is not None and not self._past:
            return self._result.headline
        return obstacle or "Ready to start"

    def _running_words(self) -> str:
        return run_words(self._epochs_done, self._epochs, paused=self._service.paused)

    def _missing_of_data(self) -> str:
        """What is missing from the data, in a few words; empty when nothing is."""
        report = self._data.report
        if report is None:
            return self._data.missing
        if sum(1 for entry in report.classes if entry.total) < 2:
            return f"At least two {'classes' if report.combinations is None else 'labels'} are needed"
        return self._data.problem

    # The page

    @property
    def _has_keyboard(self) -> bool:
        """Whether the user works in this pane, and not in another."""
        focus = self.window().focusWidget()
        return self.isVisible() and (focus is None or focus is self or self.isAncestorOf(focus))

    def _advance_to(self, index: int) -> None:
        """Fold a step that is done and open the next."""
        self._sections[index].set_open(False)
        self._sections[index + 1].set_open(True)
        (self._model.lead_keyboard if index == 0 else self._run.lead_start)()

    def _open_only(self, index: int) -> None:
        for position, section in enumerate(self._sections):
            section.set_open(position == index)

    def _on_toggled(self, section: StepSection, *, opened: bool) -> None:
        self._share_height()
        if opened:
            # Only when the layout has made room for it.
            QTimer.singleShot(0, self, lambda: self._page.bring_up(section, self._scroll))

    def _share_height(self) -> None:
        """Give the plots all that is left; before there are data, the drop target."""
        data, _model, run, _use = self._sections
        inviting = data.is_open and self._data.is_roomy
        self._page.share(run if run.is_open else data if inviting else None)
        least = min(_LEAST_FOR_PLOTS, self._scroll.viewport().height() - 16)
        run.setMinimumHeight(least if run.is_open else 0)


def _answers_of(config: TrainingConfig) -> Answers | None:
    """How the data of a run were read; None when it is of an earlier build, which does not say so."""
    return config.answers if "answers" in config.model_fields_set else None


def _is_picture(path: Path) -> bool:
    """Whether a file is meant to be a picture, by its name alone: the window opens no file."""
    return path.suffix.lower() in PICTURE_EXTENSIONS
