"""Step 2: which network, and how it is trained."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.datasets.report import PARTS
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.library.download.vgg19_weights import BACKBONE_ID
from desktop_app.core.training.outcome.estimate import EstimateRequest
from desktop_app.core.training.recipes import catalogue
from desktop_app.core.training.recipes.shortage import shortage
from desktop_app.core.training.recipes.suggestion import suggest
from desktop_app.core.training.runs.naming import default_name
from desktop_app.ui.common.controls.widgets import button, vertical
from desktop_app.ui.training.model.augmentation_grid import AugmentationGrid
from desktop_app.ui.training.model.plan_panel import PlanPanel
from desktop_app.ui.training.model.recipe_grid import RecipeGrid
from desktop_app.ui.training.model.settings_form import SettingsForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.datasets.report import DatasetReport
    from desktop_app.core.training.outcome.estimate import Estimate
    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.settings.config import TrainingConfig
    from desktop_app.core.training.settings.hyperparameters import Hyperparameters
    from desktop_app.core.training.settings.option import Value
    from desktop_app.workers.classify.messages import TransferProgress
    from desktop_app.workers.training.training_service import TrainingService

_ESTIMATE_AFTER_MS = 400


class ModelStep(QWidget):
    """Cards to choose from, settings, and the plan that results.

    Signals:
        plan_changed: The recipe, the values or their estimate have changed.
        download_requested: Id of the published weights that the user wants.
        cancel_requested: Id of the weights whose download the user cancels.
        next_requested: The user wants to go to the next step.
    """

    plan_changed = Signal()
    download_requested = Signal(str)
    cancel_requested = Signal(str)
    next_requested = Signal()

    def __init__(self, service: TrainingService) -> None:
        super().__init__()
        self._service = service
        self._report: DatasetReport | None = None
        self._pictures = 0
        self._recipe: Recipe | None = None
        self._values: Hyperparameters | None = None
        self._error = ""
        self._asked: EstimateRequest | None = None
        self._estimate: Estimate | None = None
        self._timer = QTimer(self, singleShot=True, interval=_ESTIMATE_AFTER_MS)
        self._timer.timeout.connect(self._ask_for_estimate)
        self._grid = RecipeGrid(catalogue.RECIPES)
        self._grid.recipe_chosen.connect(self._on_recipe_chosen)
        self._plan = PlanPanel()
        weights = self._plan.weights
        weights.download_requested.connect(lambda: self.download_requested.emit(BACKBONE_ID))
        weights.cancel_requested.connect(lambda: self.cancel_requested.emit(BACKBONE_ID))
        weights.untrained_requested.connect(lambda: self.set_values({"random_weights": True}))
        weights.trained_requested.connect(lambda: self.set_values({"random_weights": False}))
        self._preview = AugmentationGrid(service)
        self._form = SettingsForm(self._plan, self._preview)
        self._form.values_changed.connect(self._on_values_changed)
        self._form.defaults_requested.connect(self._set_defaults)
        self._form.forms_made.connect(self._order_tabs)
        self._next = button("Go to training", look="primary")
        self._next.clicked.connect(self.next_requested)
        layout = vertical(self, spacing=24)
        layout.addWidget(self._grid)
        layout.addWidget(self._form)
        layout.addWidget(self._next, 0, Qt.AlignmentFlag.AlignRight)
        layout.addStretch(1)
        service.estimated.connect(self._on_estimated)

    @property
    def recipe(self) -> Recipe | None:
        """The chosen recipe; None before there are data."""
        return self._recipe

    @property
    def values(self) -> Hyperparameters | None:
        """All hyper-parameters; None before there are data and while one of them is not allowed."""
        return self._values

    @property
    def name(self) -> str:
        """What the model will be called."""
        return self._plan.name

    @property
    def tensorboard(self) -> bool:
        """Whether event files are written too."""
        return self._form.tensorboard

    @property
    def obstacle(self) -> str:
        """Why no training can start with this network, as a sentence; empty when it can."""
        if self._error:
            return self._error
        if self._recipe is not None and self._report is not None:
            missing = shortage(self._recipe, self._report)
            if missing is not None:
                return missing.sentence
        problem = self._estimate.problem if self._estimate is not None else None
        return problem.text if problem is not None else ""

    @property
    def summary(self) -> str:
        """One line on what was chosen."""
        if self._recipe is None or self._values is None:
            return self._error
        return plan_words(self._recipe.name, self._values)

    def show_data(self, report: DatasetReport, pictures: int) -> None:
        """Set the network up for a data set with this many training pictures."""
        if report is self._report:
            if pictures != self._pictures:
                self._pictures = pictures
                self._estimate_soon()
            return
        self._report, self._pictures = report, pictures
        self._preview.show_data(report)
        self._choose(suggest(report).recipe_id)

    def take_over(self, config: TrainingConfig) -> None:
        """Choose the network of a run, with the run's settings and its name.

        Raises:
            SightlineError: There is no such network any more.
        """
        recipe, changes = catalogue.offered(config.recipe)
        self._choose(recipe.recipe_id)
        values = config.hyperparameters.model_dump() | dict(changes)
        self.set_values(values | {"tensorboard": config.tensorboard})
        self._plan.set_name(config.name)

    def set_values(self, changes: Mapping[str, Value]) -> None:
        """Change some hyper-parameters, as far as the recipe uses them."""
        self._form.set_values(changes)

    def on_scrolled(self, viewport: QWidget) -> None:
        """Keep the preview beside the sliders that are visible through ``viewport``."""
        if self._preview.isVisible():
            self._preview.keep_in_view(self._preview.mapFrom(viewport, QPoint(0, 0)).y())

    def refresh_estimate(self) -> None:
        """Estimate again, when something that the network needs may have arrived."""
        if self._values is not None and (self._estimate is None or self._estimate.problem):
            self._estimate_soon()

    def show_download(self, progress: TransferProgress) -> None:
        """Show the progress of a download, when it is that of the weights."""
        if progress.model_id == BACKBONE_ID:
            self._plan.show_download(progress)

    def end_download(self, model_id: str, sentence: str, ok: bool) -> None:
        """Check again whether the network can be built, now that a download has ended."""
        if model_id == BACKBONE_ID:
            self._plan.end_download(sentence, ok=ok)
        if ok:
            self.refresh_estimate()

    def lead_keyboard(self) -> None:
        """Put the keyboard where the network is chosen."""
        self._grid.lead_keyboard()

    def set_read_only(self, read_only: bool) -> None:
        """Let the network be looked at but not changed, as during a training."""
        for part in (self._grid, self._plan, self._next):
            part.setEnabled(not read_only)
        self._form.set_read_only(read_only)

    def _choose(self, recipe_id: str) -> None:
        self._grid.choose(recipe_id)
        self._on_recipe_chosen(recipe_id)

    def _on_recipe_chosen(self, recipe_id: str) -> None:
        if self._report is None:
            return
        self._recipe = catalogue.get(recipe_id)
        self._form.show_recipe(self._recipe)
        self._order_tabs()
        source = self._report.source
        self._plan.suggest_name(default_name(source, recipe_id, archive=source != self._report.folder))
        self._set_defaults()
        self._on_values_changed()

    def _order_tabs(self) -> None:
        """Restore the order of the Tab key: it would come to a new form last."""
        controls = self._form.controls(self._plan.controls, [self._preview.shuffle])
        for before, after in pairwise((self._grid.stop, *controls, self._next)):
            QWidget.setTabOrder(before, after)

    def _set_defaults(self) -> None:
        assert self._recipe is not None
        assert self._report is not None
        self._form.set_values(self._recipe.defaults(self._pictures, len(self._report.learnt)).model_dump())

    def _on_values_changed(self) -> None:
        assert self._recipe is not None
        assert self._report is not None
        try:
            defaults = self._recipe.defaults(self._pictures, len(self._report.learnt))
            values = defaults.changed(self._form.values)
            self._recipe.check(values)
            if self._follow(values):
                return  # the form has reported the values that followed
        except SightlineError as error:
            self._values, self._error = None, str(error)
            self._timer.stop()
            self._plan.show_error(self._error)
        else:
            self._values, self._error = values, ""
            self._plan.show_untrained("random_weights" in self._recipe.uses and values.random_weights)
            self._preview.show_settings(values.input_size, self._recipe, values.augmentation)
            self._estimate_soon()
        self.plan_changed.emit()

    def _follow(self, values: Hyperparameters) -> bool:
        """Change what follows from a choice that the user has changed; whether that changed anything."""
        assert self._recipe is not None
        before, now = (self._values or values).model_dump(), values.model_dump()
        chosen = {key: value for key, value in now.items() if value != before[key]}
        follows = {key: value for key, value in self._recipe.follow(chosen).items() if key not in chosen}
        if all(now[key] == value for key, value in follows.items()):
            return False
        self._form.set_values(follows)
        return True

    def _estimate_soon(self) -> None:
        self._estimate = self._asked = None
        self._plan.show_waiting()
        self._timer.start()

    def _ask_for_estimate(self) -> None:
        if self._recipe is None or self._values is None or self._report is None:
            return
        classes, count = self._report.learnt, self._pictures
        others = sum(map(self._report.count, PARTS)) - count
        self._asked = EstimateRequest(
            self._recipe.recipe_id, self._values, len(classes), count, others, self._report.task
        )
        self._service.estimate(self._asked)

    def _on_estimated(self, estimate: Estimate) -> None:
        if estimate.request == self._asked:
            self._estimate = estimate
            self._plan.show_estimate(estimate)
            self.plan_changed.emit()


def plan_words(recipe: str, values: Hyperparameters) -> str:
    """Say in one line which network is trained, on pictures of which size and how long."""
    size, epochs = values.input_size, values.epochs
    times = "epoch" if epochs == 1 else "epochs"
    return f"{recipe}, {size} \N{MULTIPLICATION SIGN} {size} pixels, {epochs:,} {times}"
