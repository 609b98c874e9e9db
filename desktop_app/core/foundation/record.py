"""The base of everything that is kept as JSON."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record that refuses fields which it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
