"""What to train, on what, how: everything that a run needs to be done again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from desktop_app.core.foundation.stored_path import StoredPath
from desktop_app.core.foundation.text import printable
from desktop_app.core.library.card_limits import MAX_NAME
from desktop_app.core.training.settings.hyperparameters import Hyperparameters


def clean_name(name: str) -> str:
    """Make of what somebody typed a name of one line that every screen and every file can carry."""
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
        task: Kind of what is learned; see `training.task.catalogue`.
        hyperparameters: All of them.
        validation_split: Part of the training pictures to choose the best epoch with; used only where the
            folders bring no validation part of their own.
        test_split: Part of all pictures for the final figures; used only where the folders name no parts.
        name: Of the run and its model, cleaned; empty for one made from recipe and data.
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
    tensorboard: bool = False
