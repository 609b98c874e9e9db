"""A field for a number that draws its own arrows and takes scientific notation."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox

from desktop_app.core.foundation.text import plain_number
from desktop_app.ui.common.style.icons import paint_icon
from desktop_app.ui.common.style.tokens import tokens_of

_ARROW = 12
_INSET = 6
_DECIMALS = 12
"""Beyond the smallest rate that can be set."""
_SMALLEST_POWER = -6
"""The first step upward from zero."""
_ROUND = (1.0, 2.0, 5.0)
_MOST = 1e12
"""A limit that nobody exceeds by mistake, still shown digit by digit."""
OFF = "off"
"""The word for 0 where it switches something off."""


class NumberBox(QDoubleSpinBox):
    """A whole number or a fraction within limits.

    Args:
        name: The accessible name.
        low: The minimum.
        high: The maximum; a larger number that is typed stays, so that the form can say what is allowed.
        whole: Whether there are no fractions.
        logarithmic: Whether the arrows go 1, 2, 5, 10 (whole numbers: 1, 2, 4, 8) instead of by equal steps.
        unit: The unit shown after the number.
        off_at_zero: Whether 0 is shown as `OFF`; it can be typed either way.
        strict: Whether more than ``high`` cannot be typed at all, where there is no room for a sentence.
    """

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        whole: bool,
        logarithmic: bool = False,
        unit: str = "",
        off_at_zero: bool = False,
        strict: bool = False,
    ) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._whole = whole
        self._logarithmic = logarithmic
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel, scrolling past, takes the keyboard
        self.lineEdit().setTextMargins(_INSET, 0, 0, 0)  # the stylesheet cannot
        self.setDecimals(0 if whole else _DECIMALS)
        self.setRange(*((low, high) if strict else (min(low, 0.0), max(high, _MOST))))
        self.setSingleStep(1 if whole or high - low > 10 else 0.01 if high - low < 2 else 0.1)
        if unit:
            self.setSuffix(unit if unit in {"°", "%"} else f" {unit}")
        if off_at_zero:
            self.setSpecialValueText(OFF)  # is shown at the least value, which is 0

    def textFromValue(self, value: float) -> str:
        """The number in its shortest form."""
        return f"{round(value):,}" if self._whole else plain_number(value)

    def valueFromText(self, text: str) -> float:
        """Read what `validate` let pass."""
        number = self._number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept numbers only; one out of range may stay."""
        bare = self._bare(text)
        number = self._number(text)
        state = QValidator.State.Acceptable
        if self._is_off(text):
            pass
        elif bare and self.specialValueText().startswith(bare):
            state = QValidator.State.Intermediate
        elif number is None or (self._whole and bare != str(round(number))):
            unfinished = not bare or (not self._whole and _is_beginning(bare))
            state = QValidator.State.Intermediate if unfinished else QValidator.State.Invalid
        elif number > self.maximum() or number < min(0.0, self.minimum()):
            state = QValidator.State.Invalid
        elif number < self.minimum():
            state = QValidator.State.Intermediate  # the next digit may make it large enough
        return state, text, position

    def fixup(self, text: str) -> str:
        """Take the nearest allowed value, or the old one when nothing was typed."""
        number = self._number(text)
        allowed = self.value() if number is None else min(max(number, self.minimum()), self.maximum())
        return self.textFromValue(allowed)

    def stepBy(self, steps: int) -> None:
        """Step up or down, by factors if the box is logarithmic."""
        value = self.value()
        for _ in range(abs(steps)):
            if not self._logarithmic:
                value += math.copysign(self.singleStep(), steps)
            else:
                value = self._next(value) if steps > 0 else self._previous(value)
        self.setValue(min(max(value, self._low), self._high))
        self.selectAll()

    def stepEnabled(self) -> QDoubleSpinBox.StepEnabledFlag:
        """The directions in which a step stays within the limits."""
        result = self.StepEnabledFlag.StepNone
        if self.value() < self._high:
            result |= self.StepEnabledFlag.StepUpEnabled
        if self.value() > self._low:
            result |= self.StepEnabledFlag.StepDownEnabled
        return result

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Replace the word for 0 by what is typed, since no digit can stand beside it."""
        if self._is_off(self.text()) and (event.text().isprintable() and event.text()):
            self.lineEdit().selectAll()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past must not change a number."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field, then the arrows."""
        super().paintEvent(event)
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle = self.width() - _ARROW - 7, self.height() / 2
        enabled = self.stepEnabled()
        for icon, top, flag in (
            ("chevron-up", middle - _ARROW, self.StepEnabledFlag.StepUpEnabled),
            ("chevron-down", middle, self.StepEnabledFlag.StepDownEnabled),
        ):
            colour = tokens.muted if enabled & flag and self.isEnabled() else tokens.border
            paint_icon(painter, icon, colour, QRectF(left, top, _ARROW, _ARROW))

    def _next(self, value: float) -> float:
        if self._whole:
            return 2.0 ** (math.floor(math.log2(value)) + 1) if value >= 1 else 1.0
        if value < 10.0**_SMALLEST_POWER and self._low == 0:
            return 10.0**_SMALLEST_POWER
        power = math.floor(math.log10(value) + 1e-9)
        mantissa = value / 10.0**power
        above = next((step for step in _ROUND if step > mantissa * (1 + 1e-9)), 10.0)
        return above * 10.0**power

    def _previous(self, value: float) -> float:
        if self._whole:
            return 2.0 ** (math.ceil(math.log2(value)) - 1) if value > 1 else self._low
        if value <= 10.0**_SMALLEST_POWER * (1 + 1e-9) and self._low == 0:
            return 0.0
        power = math.floor(math.log10(value) + 1e-9)
        mantissa = value / 10.0**power
        below = next((step for step in reversed(_ROUND) if step < mantissa * (1 - 1e-9)), 0.5)
        return below * 10.0**power

    def _is_off(self, text: str) -> bool:
        return bool(text) and self._bare(text) == self.specialValueText()

    def _number(self, text: str) -> float | None:
        return 0.0 if self._is_off(text) else _number(self._bare(text))

    def _bare(self, text: str) -> str:
        bare = text.removesuffix(self.suffix()).strip()
        return bare.replace(",", "" if self._whole else ".")


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and set(text) <= set("0123456789.eE+-") else None


def _is_beginning(text: str) -> bool:
    """Whether digits behind it would make it a number, as behind "." or "1e-"."""
    return _number(text + "0") is not None
