"""One hyper-parameter as forms and the command line show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.foundation.text import plain_number

Value = bool | int | float | str
Group = Literal["Basics", "Optimiser", "Network", "Augmentation", "Training control"]
GROUPS: tuple[Group, ...] = ("Basics", "Optimiser", "Network", "Augmentation", "Training control")


class OptionError(SightlineError):
    """A value that a hyper-parameter cannot have."""


@dataclass(frozen=True, slots=True)
class Option:
    """One hyper-parameter.

    Attributes:
        key: Field of `Hyperparameters`, and KEY of ``--set KEY=VALUE``.
        label: Name in the form.
        explanation: One plain line for somebody who has never trained a network.
        kind: Kind of value, which decides the editor.
        default: Default value, before a recipe changes it.
        minimum: Lowest value, inclusive; None unless it is a number.
        maximum: Highest value, inclusive; None unless it is a number.
        choices: Value and label of each choice.
        group: Group of the form.
        logarithmic: Whether steps multiply rather than add.
        unit: Unit shown after the number: "pixels", "°"; empty for none.
        off_at_zero: Whether 0 switches it off.
    """

    key: str
    label: str
    explanation: str
    kind: Literal["integer", "number", "switch", "choice"]
    default: Value
    group: Group
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    logarithmic: bool = False
    unit: str = ""
    off_at_zero: bool = False

    def check(self, value: Value) -> None:
        """Reject a value of the wrong kind or out of range.

        Raises:
            OptionError: The sentence names the setting, the value and what is allowed.
        """
        if not self._fits(value):
            shown = plain_number(value) if isinstance(value, float) else value
            raise OptionError(f"{self.label} must be {self._range}, not {shown}.")

    def parse(self, text: str) -> Value:
        """Read a value from a command line.

        Raises:
            OptionError: The text is not a value of this setting.
        """
        value: Value = text
        try:
            if self.kind == "integer":
                value = int(text)
            elif self.kind == "number":
                value = float(text)
            elif self.kind == "switch":
                value = {"true": True, "yes": True, "on": True, "1": True}.get(text.lower()) or {
                    "false": False, "no": False, "off": False, "0": False
                }[text.lower()]  # fmt: skip
        except (ValueError, KeyError) as error:
            raise OptionError(f"{self.label} must be {self._range}, not '{text}'.") from error
        self.check(value)
        return value

    @property
    def allowed(self) -> str:
        """The allowed values in a few words: "a whole number from 0 to 1,000; 0 is off"."""
        return f"{self._range}; 0 is off" if self.off_at_zero else self._range

    @property
    def _range(self) -> str:
        match self.kind:
            case "switch":
                return "on or off"
            case "choice":
                return "one of " + ", ".join(value for value, _label in self.choices)
            case _:
                whole = "a whole number " if self.kind == "integer" else ""
                return f"{whole}from {_bound(self.minimum)} to {_bound(self.maximum)}"

    def _fits(self, value: Value) -> bool:
        match self.kind:
            case "switch":
                return isinstance(value, bool)
            case "choice":
                return value in [choice for choice, _label in self.choices]
            case _:
                numbers = (int,) if self.kind == "integer" else (int, float)
                assert self.minimum is not None
                assert self.maximum is not None
                return (
                    isinstance(value, numbers)
                    and not isinstance(value, bool)
                    and self.minimum <= value <= self.maximum
                )


def _bound(value: float | None) -> str:
    assert value is not None
    return f"{value:,.0f}" if value == int(value) else plain_number(value)
