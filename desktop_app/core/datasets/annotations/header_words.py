"""What the names of a table's columns say about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.datasets.report import Part

_NO_LETTERS = re.compile(r"[\W_]+")
_LABELS = frozenset(
    (
        *("label", "labels", "labelname", "labelid", "class", "classes", "classname", "classid"),
        *("category", "categories", "categoryname", "categoryid", "target", "targets", "y", "breed"),
        *("species", "diagnosis", "dx", "disease", "finding", "findings", "findinglabels", "tag", "tags"),
        *("groundtruth", "genus", "family", "grade", "type", "kind", "annotation", "imageclass"),
        *("imagelabel", "classlabel", "sign", "emotion", "synset", "wnid", "attributeids", "labelgroup"),
        *("categoria", "clase", "etiqueta", "classe", "klasse", "kategorie", "etikett", "etiquette"),
        *("rotulo", "类别", "标签", "ラベル", "метка", "класс"),
    )
)
_SEVERAL = frozenset(("tags", "labels", "attributes", "attributeids", "findings", "findinglabels", "targets"))
_SIZES = frozenset(
    (
        *("width", "height", "imagewidth", "imageheight", "xmin", "ymin", "xmax", "ymax", "x", "w", "h"),
        *("x1", "y1", "x2", "y2", "x0", "y0", "roix1", "roiy1", "roix2", "roiy2", "bbox", "area", "left"),
        *("top", "right", "bottom", "filesize", "regioncount", "regionid", "size", "index", "unnamed0"),
        *("fold", "kfold", "confidence", "score", "probability"),
    )
)
_PARTS = frozenset(
    ("split", "splits", "set", "subset", "part", "partition", "dataset", "usage", "phase", "evaluationstatus")
)
_PART_NAMES: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "tr", "trainset", "trainingset"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "va", "publictest", "validationset"), "validation"),
    **dict.fromkeys(("test", "testing", "eval", "te", "holdout", "privatetest", "testset"), "test"),
}
_PART_FLAGS: dict[str, tuple[Part, Part]] = {
    **dict.fromkeys(("isvalid", "isval", "isvalidation"), ("validation", "train")),
    **dict.fromkeys(("istest", "testset"), ("test", "train")),
    **dict.fromkeys(("istrain", "istraining", "trainset"), ("train", "test")),
}
"""Subsets of the pictures with a one and of those with a zero, by the column's name."""

_ONES = frozenset(("1", "1.0", "true", "yes"))
_ZEROS = frozenset(("0", "0.0", "false", "no"))
_COUNTED_PARTS = frozenset(
    ("split", "splits", "splitid", "subset", "partition", "partitionid", "kfold", "fold")
)
_DOUBTS = frozenset(
    (
        "confidence",
        "probability",
        "score",
        "sure",
        "certainty",
        "ispositive",
        "present",
        "presence",
        "negative",
    )
)
_ASIDE = frozenset(
    (
        *("photographer", "author", "artist", "creator", "credit", "credits", "owner", "user", "username"),
        *("uploader", "source", "license", "licence", "copyright", "attribution", "url", "md5", "hash"),
        *("camera", "cameraid", "device", "scanner", "annotator", "annotatorid", "rater", "site", "siteid"),
        *("hospital", "institution", "patient", "patientid", "subject", "subjectid", "participant"),
        *("lesionid", "studyid", "caseid", "slideid", "videoid", "clipid", "seqid", "sequence", "frame"),
        *("date", "time", "datetime", "timestamp", "year", "month", "day", "hour", "location", "locationid"),
        *("latitude", "longitude", "lat", "lon", "lng", "country", "city", "age", "weight", "weights"),
        *("quality", "resolution", "format", "mode", "comment"),
        *("comments", "note", "notes", "remark", "remarks"),
    )
)
_BOXES = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x1", "y1", "x2", "y2"),
    ("left", "top", "right", "bottom"),
)


def plain_title(title: str) -> str:
    """A column's name without case, spaces and signs."""
    return _NO_LETTERS.sub("", title.casefold())


def names_labels(title: str) -> bool:
    """Whether a column of this name usually holds labels."""
    return plain_title(title) in _LABELS


def names_several(title: str) -> bool:
    """Whether a column of this name usually holds several labels in a cell."""
    return plain_title(title) in _SEVERAL


def names_measures(title: str) -> bool:
    """Whether a column of this name holds sizes, positions or numbers of rows."""
    return plain_title(title) in _SIZES


def is_index(title: str) -> bool:
    """Whether a column of this name counts the rows."""
    return plain_title(title) in {"", "index", "unnamed0", "row", "no", "number", "fold", "kfold"}


def names_parts(title: str) -> bool:
    """Whether a column of this name says which subset a picture belongs to."""
    return plain_title(title) in _PARTS


def counts_parts(title: str) -> bool:
    """Whether numbers in a column of this name count subsets, and are no labels."""
    return plain_title(title) in _COUNTED_PARTS


def names_other_things(title: str) -> bool:
    """Whether a column of this name says where pictures come from or how good they are."""
    return plain_title(title) in _ASIDE


def names_doubt(title: str) -> bool:
    """Whether a column of this name says how sure a label is: a zero may deny it."""
    return plain_title(title) in _DOUBTS


def part_of_cell(title: str, value: str) -> Part | None:
    """The subset that a cell of a column names, in words or by a one or a zero ("is_valid").

    Args:
        title: Name of the column.
        value: The cell.
    """
    flags = _PART_FLAGS.get(plain_title(title))
    if flags is None:
        return part_named(value) if names_parts(title) else None
    lowered = value.strip().casefold()
    return flags[0] if lowered in _ONES else flags[1] if lowered in _ZEROS else None


def part_named(value: str) -> Part | None:
    """The subset that a cell names; None when it names none."""
    return _PART_NAMES.get(plain_title(value))


def box_columns(titles: Sequence[str]) -> tuple[int, int, int, int] | None:
    """Columns with the left, upper, right and lower edge of a box; None without such columns."""
    plain = [plain_title(title) for title in titles]
    for names in _BOXES:
        if all(name in plain for name in names):
            left, upper, right, lower = (plain.index(name) for name in names)
            return left, upper, right, lower
    return None
