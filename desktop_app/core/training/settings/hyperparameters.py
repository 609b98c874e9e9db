"""The values that a person may set before a fit, validated."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
from desktop_app.core.foundation.errors import SightlineError
from desktop_app.core.training.settings.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_app.core.training.settings.option import Value

Optimizer = Literal["adam", "adamw", "sgd", "rmsprop"]
Schedule = Literal["constant", "cosine", "exponential", "one-cycle", "plateau"]
Backbone = Literal["imagenet-both", "imagenet-better", "imagenet-small", "vgg19"]
Head = Literal["automatic", "linear", "hidden"]


class HyperparameterError(SightlineError):
    """A hyper-parameter is unknown or out of range."""


def _bounded(key: str) -> Any:
    """The range of a numeric field, from the table that the form shows too."""
    option = OPTIONS[key]
    return Field(ge=option.minimum, le=option.maximum)


class Hyperparameters(BaseModel):
    """Every hyper-parameter of every recipe; a recipe says which it uses. See `options.OPTIONS`.

    Units: pixels, epochs, pictures; rates, chances and relative amounts as fractions; angles in degrees.
    Those with a default here are missing in the files of earlier versions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    input_size: int = _bounded("input_size")
    epochs: int = _bounded("epochs")
    batch_size: int = _bounded("batch_size")
    optimizer: Optimizer
    learning_rate: float = _bounded("learning_rate")
    schedule: Schedule
    momentum: float = _bounded("momentum")
    weight_decay: float = _bounded("weight_decay")
    label_smoothing: float = _bounded("label_smoothing")
    units: int = _bounded("units")
    dropout: float = _bounded("dropout")
    l2: float = _bounded("l2")
    flip: bool
    flip_vertical: bool
    rotation: float = _bounded("rotation")
    zoom: float = _bounded("zoom")
    shear: float = _bounded("shear")
    shift: float = _bounded("shift")
    reshaped: float = _bounded("reshaped")
    brightness: float = _bounded("brightness")
    contrast: float = _bounded("contrast")
    saturation: float = _bounded("saturation")
    erase: float = _bounded("erase")
    degrade: float = _bounded("degrade")
    early_stopping: int = _bounded("early_stopping")
    class_weights: bool
    mixed_precision: bool
    fine_tune_epochs: int = _bounded("fine_tune_epochs")
    fine_tune_learning_rate: float = _bounded("fine_tune_learning_rate")
    random_weights: bool
    seed: int = _bounded("seed")
    backbone: Backbone = "imagenet-better"
    head: Head = "automatic"
    copies: int = Field(0, ge=0, le=OPTIONS["copies"].maximum)
    fine_tune_below: float = Field(1.0, ge=0, le=1)

    def changed(self, changes: Mapping[str, Value]) -> Hyperparameters:
        """Copy the hyper-parameters with some other values, validated.

        Raises:
            HyperparameterError: A name is unknown or a value out of range; the sentence says which and what
                is allowed.
        """
        for key, value in changes.items():
            if key not in OPTIONS:
                known = ", ".join(OPTIONS)
                raise HyperparameterError(f"There is no setting '{key}'.", f"The settings are: {known}.")
            OPTIONS[key].check(value)
        try:
            return Hyperparameters.model_validate(self.model_dump() | dict(changes))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise HyperparameterError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}.") from error

    @property
    def augmentation(self) -> AugmentationSettings:
        """The random changes of the training pictures."""
        names = (field.name for field in fields(AugmentationSettings))
        return AugmentationSettings(**{name: getattr(self, name) for name in names})


def default_hyperparameters() -> Hyperparameters:
    """The defaults of the table, before a recipe changes some."""
    return Hyperparameters.model_validate({key: option.default for key, option in OPTIONS.items()})
