"""The decisions on how a data set is read."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from desktop_app.core.foundation.record import Record
from desktop_app.core.images.decoding.reading import AS_STORED, PixelReading

FolderMeaning = Literal["train", "validation", "test", "unlabeled", "class", "ignore"]
"""What a folder stands for: a subset, pictures without labels, a class, or nothing that is used."""

GroupKind = Literal["none", "folder", "above", "name", "time", "column"]

Relative = Annotated[str, Field(min_length=1, max_length=4_096)]
"""A path inside the data folder, with ``/``, written like that of a URI (`stored_name`)."""


class GroupRule(Record):
    """Which pictures belong together, such as those of one patient, and stay in one subset.

    Attributes:
        kind: ``none`` for no groups; ``folder`` for pictures in the same folder ``level`` levels below their
            class; ``above`` for those whose classes are in the same folder ``level`` levels below the data or
            a subset, such as that of a site; ``name`` for pictures whose file names have the same match of
            ``pattern``; ``time`` for pictures taken within ``seconds`` of the one before; ``column`` for
            those with the same value in a column of a table beside them.
        level: Level of the folder, from 1.
        pattern: Regular expression; its first group, else its whole match, names the group.
        seconds: Longest pause within a burst.
        column: Name of the column.
        redraw: Whether the subsets that the folders name are set aside, and others are drawn by group.
    """

    kind: GroupKind = "none"
    level: Annotated[int, Field(ge=1, le=16)] = 1
    pattern: Annotated[str, Field(max_length=200)] = ""
    seconds: Annotated[float, Field(gt=0, le=86_400 * 31)] = 10
    column: Annotated[str, Field(max_length=200)] = ""
    redraw: bool = False

    @model_validator(mode="after")
    def _has_its_pattern(self) -> Self:
        if (self.kind == "name") != bool(self.pattern):
            message = "groups by name have a pattern, others have none"
            raise ValueError(message)
        if (self.kind == "column") != bool(self.column):
            message = "groups by column name one, others do not"
            raise ValueError(message)
        try:
            re.compile(self.pattern)
        except re.error as error:
            message = "the pattern is no regular expression"
            raise ValueError(message) from error
        return self


class Answers(Record):
    """Everything that was decided about a data set; what is None was not, and may be asked.

    Attributes:
        classes_at: Level of the class folders below the chosen folder or its subsets: 1 for their own.
        folders: Meaning of folders that names alone do not tell.
        labels: File with the labels of the pictures beside it; empty for the folders' names although there
            is one.
        several: What is learned of pictures with several labels: the first of each, or all at once.
        without_labels: Whether pictures that a file names without any label are learned to show none of them,
            where a picture may have several.
        masks: Whether pictures that look like masks of others are used.
        groups: Rule for pictures that belong together.
        pixels: How numbers become pictures.
        settled: Keys of the questions that were settled: everything stays as it is.
    """

    classes_at: Annotated[int, Field(ge=1, le=16)] | None = None
    folders: dict[Relative, FolderMeaning] = Field(default_factory=dict)
    labels: Annotated[str, Field(max_length=4_096)] | None = None
    several: Literal["first", "all"] | None = None
    without_labels: Literal["keep", "skip"] | None = None
    masks: bool | None = None
    groups: GroupRule | None = None
    pixels: PixelReading = AS_STORED
    settled: tuple[str, ...] = ()

    def changed(self, **values: object) -> Answers:
        """Copy the answers with some other values, validated."""
        return Answers.model_validate(self.model_dump() | values)

    def settling(self, key: str) -> Answers:
        """Copy the answers with one more question settled: everything stays as it is."""
        return self.changed(settled=tuple(dict.fromkeys((*self.settled, key))))


NO_ANSWERS = Answers()
"""Nothing was decided yet."""
