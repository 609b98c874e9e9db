"""All hyper-parameters of a recipe: the basic ones, and the others folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.core.training.settings.option import GROUPS, Group, Option
from desktop_app.ui.common.controls.side_by_side import SideBySide
from desktop_app.ui.common.controls.widgets import button, horizontal, vertical
from desktop_app.ui.common.style.icons import set_icon
from desktop_app.ui.training.model.option_form import OptionForm
from desktop_app.ui.training.model.option_needs import idle_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop_app.core.training.recipes.recipe import Recipe
    from desktop_app.core.training.settings.option import Value

_TENSORBOARD = Option(
    "tensorboard",
    "TensorBoard logs",
    "Also writes the curves for TensorBoard, which shows them in a browser.",
    "switch",
    False,
    "Training control",
)
"""An option that is no hyper-parameter: it changes nothing about the model."""


class SettingsForm(QWidget):
    """A form for each group; made again for each recipe, the folded ones when they are first unfolded.

    Args:
        beside_basics: Widget beside the basic settings.
        beside_augmentation: Widget beside the sliders for random changes of pictures.

    Signals:
        values_changed: A value has changed.
        defaults_requested: The user wants the recipe's own values back.
        forms_made: New controls were made.
    """

    values_changed = Signal()
    defaults_requested = Signal()
    forms_made = Signal()

    def __init__(self, beside_basics: QWidget, beside_augmentation: QWidget) -> None:
        super().__init__()
        self._forms: dict[Group, OptionForm] = {}
        self._folded: dict[Group, list[Option]] = {}
        self._held: dict[str, Value] = {}  # the values of those
        self._slots = {group: _Slot() for group in GROUPS}
        self._beside_augmentation = beside_augmentation
        self._toggle = button("Advanced settings", "chevron-right", look="inline")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._on_advanced_toggled)
        self._defaults = button(
            "Reset to defaults", "undo", tip="Set everything to values that work well with this network"
        )
        self._defaults.clicked.connect(self.defaults_requested)

        row = horizontal(spacing=8)
        row.addWidget(self._toggle)
        row.addStretch(1)
        row.addWidget(self._defaults)
        self._advanced = QWidget()
        inside = vertical(self._advanced, spacing=24)
        inside.addWidget(SideBySide(self._slots["Augmentation"], beside_augmentation))
        inside.addWidget(SideBySide(self._slots["Network"], self._slots["Optimiser"]))
        inside.addWidget(SideBySide(self._slots["Training control"], QWidget()))
        self._advanced.hide()
        layout = vertical(self, spacing=16)
        layout.addWidget(SideBySide(self._slots["Basics"], beside_basics))
        layout.addLayout(row)
        layout.addWidget(self._advanced)

    @property
    def values(self) -> dict[str, Value]:
        """The values by key; only those that the recipe uses."""
        return {key: value for key, value in self._all.items() if key != _TENSORBOARD.key}

    @property
    def _all(self) -> dict[str, Value]:
        shown = {key: value for form in self._forms.values() for key, value in form.values.items()}
        return shown | self._held

    def controls(
        self, beside_basics: Sequence[QWidget], beside_augmentation: Sequence[QWidget]
    ) -> list[QWidget]:
        """All controls in the order of the Tab key.

        Args:
            beside_basics: Controls beside the basic settings.
            beside_augmentation: Controls beside the sliders.
        """
        forms = {group: form.controls for group, form in self._forms.items()}
        order: list[QWidget] = [*forms.pop("Basics", []), *beside_basics, self._toggle, self._defaults]
        order += [*forms.pop("Augmentation", []), *beside_augmentation]
        for group in ("Network", "Optimiser", "Training control"):
            order += forms.pop(group, [])
        return order

    @property
    def tensorboard(self) -> bool:
        """Whether event files are written too."""
        return bool(self._all.get(_TENSORBOARD.key))

    def show_recipe(self, recipe: Recipe) -> None:
        """Offer what this recipe uses; `set_values` comes next."""
        tensorboard = self.tensorboard  # which does not depend on the recipe
        self._forms = {}
        self._folded = {}
        for slot in self._slots.values():
            slot.put(None)
        for option in (*recipe.options(), _TENSORBOARD):
            self._folded.setdefault(option.group, []).append(option)
        self._held = {option.key: option.default for option in recipe.options()}
        self._held[_TENSORBOARD.key] = tensorboard
        self._beside_augmentation.setVisible("Augmentation" in self._folded)
        self._make("Basics")
        if self._toggle.isChecked():
            self._unfold()

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show these values; `values_changed` is emitted once."""
        before = self.values
        self._held.update({key: value for key, value in values.items() if key in self._held})
        self.blockSignals(True)
        for form in self._forms.values():
            form.set_values(values)
        self.blockSignals(False)
        self._rest()
        if self.values != before:
            self.values_changed.emit()

    def form(self, group: Group) -> OptionForm:
        """The form of a group that the recipe has."""
        self._make(group)
        return self._forms[group]

    def set_read_only(self, read_only: bool) -> None:
        """Let the settings be looked at but not changed."""
        for part in (*self._slots.values(), self._defaults):
            part.setEnabled(not read_only)

    def _make(self, group: Group) -> None:
        """Make the form of a group, unless the recipe has none or it is there already."""
        options = self._folded.pop(group, None)
        if options is None:
            return
        form = OptionForm(group, options)
        form.set_values({option.key: self._held.pop(option.key) for option in options})
        form.values_changed.connect(self._rest)
        form.values_changed.connect(self.values_changed)
        self._forms[group] = form
        self._slots[group].put(form)
        self._rest()

    def _rest(self) -> None:
        reasons = idle_reasons(self.values)
        for form in self._forms.values():
            form.set_idle(reasons)

    def _unfold(self) -> None:
        """Make the folded forms now: all of them at once would delay a report that arrives."""
        for group in tuple(self._folded):
            self._make(group)
        self.forms_made.emit()

    def _on_advanced_toggled(self, opened: bool) -> None:
        if opened:
            self._unfold()
        set_icon(self._toggle, "chevron-down" if opened else "chevron-right")
        self._advanced.setVisible(opened)


class _Slot(QWidget):
    """A frame for a form, hidden while it has none."""

    def __init__(self) -> None:
        super().__init__()
        self._form: OptionForm | None = None
        self._layout = vertical(self)

    def put(self, form: OptionForm | None) -> None:
        """Replace the form."""
        if self._form is not None:
            self._layout.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form = form
        if form is not None:
            self._layout.addWidget(form)
            form.show()  # at once: until then the Tab key would skip it
        self.setVisible(form is not None)
