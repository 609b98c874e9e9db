"""One hyper-parameter of the form: its name, what it does, and the editor for its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.core.training.settings.option import OptionError
from desktop_app.ui.common.controls.check_box import CheckBox
from desktop_app.ui.common.controls.explained import Explained
from desktop_app.ui.common.controls.number_box import NumberBox
from desktop_app.ui.common.controls.picker import Picker
from desktop_app.ui.common.controls.slider import Slider
from desktop_app.ui.common.controls.widgets import horizontal

if TYPE_CHECKING:
    from desktop_app.core.training.settings.option import Option, Value

_SLIDER_STEPS = 100
_SLIDER, _GAP = 72, 8


class OptionRow(QObject):
    """Makes the widgets of an option; the form lays out ``words`` and ``editor``.

    Signals:
        value_changed: The user, or `set_value`, has changed the value.
    """

    value_changed = Signal()

    def __init__(self, option: Option, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.option = option
        self.words = Explained(option.label, option.explanation)
        self._box: NumberBox | None = None
        self._slider: Slider | None = None
        self._switch: CheckBox | None = None
        self._picker: Picker | None = None
        self.editor = self._make_editor()
        if self._switch is None:
            # Equally wide in all forms, so that all editors line up.
            self.editor.setFixedWidth(_SLIDER + _GAP + _box_width(self.editor))

    @property
    def controls(self) -> list[QWidget]:
        """What the Tab key stops at, in its order."""
        parts: tuple[QWidget | None, ...] = (self._slider, self._box, self._switch, self._picker)
        return [part for part in parts if part is not None]

    @property
    def value(self) -> Value:
        """The value in the editor, in the option's type."""
        if self._switch is not None:
            return self._switch.isChecked()
        if self._picker is not None:
            return str(self._picker.currentData())
        assert self._box is not None
        number = self._box.value()
        return round(number) if self.option.kind == "integer" else number

    def set_value(self, value: Value) -> None:
        """Show a value that the option allows."""
        if self._switch is not None:
            self._switch.setChecked(bool(value))
        elif self._picker is not None:
            self._picker.setCurrentIndex(self._picker.findData(value))
        elif self._box is not None:
            self._box.setValue(float(value))

    def set_idle(self, reason: str) -> None:
        """Disable the editor while the value has no effect, and say why; empty: it has."""
        for part in (self.words, self.editor):
            part.setEnabled(not reason)
        self.words.setToolTip(reason)
        for control in self.controls:
            control.setToolTip(reason or self._tip)

    def _make_editor(self) -> QWidget:
        match self.option.kind:
            case "switch":
                result: QWidget = self._make_switch()
            case "choice":
                result = self._make_picker()
            case _:
                result = self._make_number()
        return result

    def _make_switch(self) -> CheckBox:
        self._switch = CheckBox()
        self._switch.setAccessibleName(self.option.label)
        self._describe(self._switch)
        self._switch.toggled.connect(self.value_changed)
        return self._switch

    def _make_picker(self) -> Picker:
        self._picker = Picker(self.option.label)
        self._describe(self._picker)
        for value, words in self.option.choices:
            self._picker.addItem(words, value)
        view = self._picker.view()
        # A long choice must not make the form wide: its beginning is enough, the list shows all of it.
        view.setMinimumWidth(view.sizeHintForColumn(0) + 24)
        self._picker.currentIndexChanged.connect(self.value_changed)
        return self._picker

    def _make_number(self) -> QWidget:
        option = self.option
        assert option.minimum is not None
        assert option.maximum is not None
        self._box = NumberBox(
            option.label,
            option.minimum,
            option.maximum,
            whole=option.kind == "integer",
            logarithmic=option.logarithmic,
            unit=option.unit,
            off_at_zero=option.off_at_zero,
        )
        self._describe(self._box)
        self._box.valueChanged.connect(self._check)
        self._box.valueChanged.connect(self.value_changed)
        if option.kind == "integer" or option.logarithmic:
            return self._box
        self._slider = Slider(f"{option.label}, slider")
        self._slider.setRange(0, _SLIDER_STEPS)
        self._slider.setPageStep(_SLIDER_STEPS // 10)
        self._describe(self._slider)
        self._slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._slider.valueChanged.connect(self._on_slider_moved)
        self._box.valueChanged.connect(self._on_number_changed)
        self._box.setFixedWidth(_box_width(self._box))
        result = QWidget()
        layout = horizontal(result, spacing=_GAP)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._box)
        return result

    def _check(self) -> None:
        """Say under the name what is allowed, as what was typed stays as it is."""
        try:
            self.option.check(self.value)
        except OptionError as error:
            self.words.show_problem(str(error))
        else:
            self.words.show_problem("")

    def _describe(self, editor: QWidget) -> None:
        editor.setAccessibleDescription(self.option.explanation)
        editor.setToolTip(self._tip)

    @property
    def _limits(self) -> tuple[float, float]:
        assert self.option.minimum is not None
        assert self.option.maximum is not None
        return self.option.minimum, self.option.maximum

    @property
    def _tip(self) -> str:
        if self.option.kind in {"switch", "choice"}:
            return ""
        text = self.option.allowed
        return f"{text[0].upper()}{text[1:]}"

    def _on_slider_moved(self, position: int) -> None:
        assert self._box is not None
        low, high = self._limits
        self._box.setValue(round(low + (high - low) * position / _SLIDER_STEPS, 6))

    def _on_number_changed(self, number: float) -> None:
        """Follow what was typed without rounding it to a step of the slider."""
        assert self._box is not None
        assert self._slider is not None
        low, high = self._limits
        number = min(max(number, low), high)
        self._slider.blockSignals(True)
        self._slider.setValue(round(_SLIDER_STEPS * (number - low) / (high - low)) if high > low else 0)
        self._slider.blockSignals(False)


def _box_width(widget: QWidget) -> int:
    """Width of a number beside a slider."""
    return widget.fontMetrics().horizontalAdvance("0.0000°") + 48
