"""The configuration of a training: everything that is needed to repeat a run."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from desktop_app.core.datasets.answers import NO_ANSWERS, Answers
from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.settings.hyperparameters import Hyperparameters


def clean_name(name: str) -> str:
    """Turn what was typed into a name of one line that every screen and every file can show."""
    return printable(" ".join(name.split()))


def _cleaned(name: object) -> object:
    return clean_name(name) if isinstance(name, str) else name


Fraction = Annotated[float, Field(ge=0, le=0.9)]
Name = Annotated[str, BeforeValidator(_cleaned), Field(max_length=MAX_NAME)]


class TrainingConfig(BaseModel):
    """One planned run; picklable, and stored in its ``run.json``.

    Attributes:
        data: Folder or archive with one folder of pictures per class.
        recipe: Id of a recipe.
        task: Kind of the task; see `training.task.catalogue`.
        hyperparameters: Values of all hyper-parameters.
        validation_split: Fraction of the training pictures that choose the best epoch; used only where the
            folders have no validation split of their own.
        test_split: Fraction of all pictures for the final figures; used only where the folders name no split.
        name: Name of the run and its model, cleaned; empty for one made from recipe and data.
        corrections: Whether the user's corrections of the data set are applied.
        answers: What was decided about how the data set is read.
        tensorboard: Whether event files for TensorBoard are written too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[2] = 2
    data: StoredPath
    recipe: str
    task: str = "classification"
    hyperparameters: Hyperparameters
    validation_split: Fraction = 0.2
    test_split: Fraction = 0.1
    name: Name = ""
    corrections: bool = True
    answers: Answers = NO_ANSWERS
    tensorboard: bool = False
