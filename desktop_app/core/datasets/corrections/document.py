"""``corrections.json``: what a person decided about the labels of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from desktop_app.core.datasets.decision import Action, Decision
from desktop_app.core.foundation.migration import DocumentKind
from desktop_app.core.foundation.stored_path import StoredPath

if TYPE_CHECKING:
    from collections.abc import Mapping

CORRECTIONS = DocumentKind(())
"""There is one version so far."""


class Correction(BaseModel):
    """A decision about one picture, which holds as long as the file has the same content.

    Attributes:
        path: Path of the file in the data folder, written like that of a URI: any name fits.
        sha256: SHA-256 of the file's content, in hexadecimal.
        action: What is done with the picture.
        label: Name of its class; empty unless it is relabeled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    action: Action
    label: str = ""

    @model_validator(mode="after")
    def _has_its_class(self) -> Self:
        if (self.action == "relabel") != bool(self.label):
            message = "a relabeled picture has a class, another one has none"
            raise ValueError(message)
        return self

    @property
    def decision(self) -> Decision:
        """The decision without the file."""
        return Decision(self.action, self.label)


class Corrections(BaseModel):
    """The contents of ``corrections.json``, replaced whole at every change.

    Attributes:
        data: Data folder or archive that they are about.
        corrections: Decisions, each about another picture, sorted by path.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    data: StoredPath
    corrections: tuple[Correction, ...] = ()

    def changed(self, changes: Mapping[str, Correction | None]) -> Corrections:
        """Replace decisions by their paths; None takes one back."""
        found: dict[str, Correction | None] = {entry.path: entry for entry in self.corrections}
        found |= changes
        entries = tuple(entry for _path, entry in sorted(found.items()) if entry is not None)
        return self.model_copy(update={"corrections": entries})
