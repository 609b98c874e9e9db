"""What else names of folders say: wrappers, dates, numbers, groups of pictures, masks and annotations."""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.core.datasets.layout import name_words
from desktop_app.core.datasets.layout.part_names import MOST_NAMES, guess_part, plain, words_of
from desktop_app.core.images.folders import PICTURE_EXTENSIONS

_WRAPPERS = frozenset(name_words.WRAPPERS.split())
_COLLECTIONS = frozenset(name_words.COLLECTIONS.split())
_EXTRAS = frozenset(name_words.EXTRAS.split())
_GROUPS = frozenset(name_words.GROUPS.split())
_ID_LETTERS = frozenset(name_words.ID_LETTERS.split())
_MONTH_WORDS = frozenset(name_words.MONTHS.split())
_TIME = r"([-_ tT]*\d\d[-_.:h]?\d\d([-_.:m]?\d\d)?)?"
_DATE = re.compile(
    rf"(19|20)\d\d([-_. ]?(0[1-9]|1[0-2])([-_. ]?(0[1-9]|[12]\d|3[01]){_TIME})?)?"
    r"|(0?[1-9]|[12]\d|3[01])[-_. ](0?[1-9]|1[0-2])[-_. ](19|20)?\d\d"
    r"|(0[1-9]|1[0-2])[-_. ](19|20)\d\d"
)
_NUMBER = re.compile(r"[\W_]*\d+[\W_]*")
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{8,}([-_][0-9a-f]{4,})*")
_SIZE = re.compile(r"\d+ ?(x|\u00d7|by) ?\d+( ?px)?|\d+ ?(x|px|dpi|mp)|x ?\d+|\d{3,4}p")
"""Sizes in pixels and magnifications: "64x64", "40X", "1080p"."""

_COPY = re.compile(
    r"(?P<name>.+?)(\s*\(\d+\)|\s+[2-9]"
    r"|[\s_-]+(copy|kopie|copie|copia|kopia|копия|副本|コピー)([\s_]*(\d+|\(\d+\)))?"
    r"|\s*\([^)]*conflict[^)]*\)|[._-]sync-conflict.*)",
    re.IGNORECASE,
)
_NEW_FOLDERS = frozenset(
    plain(name)
    for name in (
        *(
            "new folder",
            "untitled folder",
            "neuer ordner",
            "nouveau dossier",
            "dossier sans titre",
            "новая папка",
        ),
        *(
            "nueva carpeta",
            "carpeta sin titulo",
            "nuova cartella",
            "nova pasta",
            "新建文件夹",
            "新しいフォルダー",
        ),
        *("nieuwe map", "nowy folder", "yeni klasor", "새 폴더", "مجلد جديد"),
    )
)

_DCIM = re.compile(r"\d{3}[a-z_0-9]{5}")
"""Folders of cameras (DCF): "100CANON"."""
_ID = re.compile(r"([a-z]{1,4})[-_ ]?\d{1,6}([-_ ]\d{1,6})?")

_PICTURE_ENDINGS = tuple(sorted(PICTURE_EXTENSIONS))
_SIDES = frozenset(name_words.SIDES.split())
_BESIDE = frozenset(f"{name_words.MASKS} {name_words.ANNOTATIONS}".split())
_DOUBTFUL = frozenset(name_words.DOUBTFUL.split())
_SET_ASIDE = frozenset(name_words.SET_ASIDE.split(","))
_FOLDS = frozenset({"fold", "folds", "kfold", "cv", "crossval", "split", "splits"})
_VEHICLES = frozenset(name_words.VEHICLES.split())
_TWO_WORDS = {
    ("ground", "truth"): "groundtruth",
    ("segmentation", "class"): "masks",
    ("segmentation", "object"): "masks",
    ("image", "sets"): "annotations",
}


@lru_cache(maxsize=MOST_NAMES)
def is_wrapper(name: str) -> bool:
    """Whether a folder's name only says that there are pictures in it: "images", "JPEGImages", "pics"."""
    words = words_of(name)
    joined = "".join(words)
    return joined in _WRAPPERS or (bool(words) and all(word in _WRAPPERS for word in words))


def is_collection(name: str) -> bool:
    """Whether a name means any pictures, so that no class is called so; "photo" may be one."""
    return "".join(words_of(name)) in _COLLECTIONS


@lru_cache(maxsize=MOST_NAMES)
def is_date(name: str) -> bool:
    """Whether a name is a date, a month or a year: "2023-05-01", "May 2023"."""
    if _DATE.fullmatch(name.strip()):
        return True
    words = words_of(name)
    return (
        bool(words)
        and len(words) <= 2
        and any(word in _MONTH_WORDS for word in words)
        and all(word in _MONTH_WORDS for word in words)
    )


@lru_cache(maxsize=MOST_NAMES)
def is_number(name: str) -> bool:
    """Whether a name is a number and no date."""
    return bool(_NUMBER.fullmatch(name))


@lru_cache(maxsize=MOST_NAMES)
def is_group(name: str) -> bool:
    """Whether a name counts groups of pictures: "site1", "camera B", "patient_07", "batch-3", a letter."""
    lowered = plain(name).strip()
    match = _ID.fullmatch(lowered)
    if match and (match[1] in _ID_LETTERS or match[1] in _GROUPS):
        return True
    if _DCIM.fullmatch(lowered) and any(character.isalpha() for character in lowered):
        return True
    words = words_of(name)
    has_number = any(character.isdigit() for character in name)
    named = [word for word in words if word in _GROUPS]
    if not named:
        return False
    others = [word for word in words if word not in _GROUPS]
    beside = [word for word in others if len(word) == 1 or word in _SIDES]  # camera B, cam_north
    return len(others) <= 1 if has_number else bool(beside) and len(beside) == len(others)


def original_of(name: str) -> str:
    """The name that a copy of a folder was made from: "cats" for "cats - Copy"; empty for none."""
    match = _COPY.fullmatch(name.strip())
    return match["name"].strip() if match else ""


def is_unnamed(name: str) -> bool:
    """Whether a name is what systems give to new folders: "New folder (2)"."""
    plain_name = plain(original_of(name) or name.strip())
    return plain_name in _NEW_FOLDERS


def is_fold(name: str) -> bool:
    """Whether a name counts the folds of a cross-validation: "fold1", "CV-2", "split_3"."""
    return any(character.isdigit() for character in name) and bool(_FOLDS.intersection(words_of(name)))


def is_set_aside(name: str) -> bool:
    """Whether a name says that somebody put the pictures aside: "backup", "to delete"."""
    return " ".join(words_of(name)) in _SET_ASIDE


@lru_cache(maxsize=MOST_NAMES)
def is_size(name: str) -> bool:
    """Whether a name is a size or a magnification: "64x64", "40X"."""
    return bool(_SIZE.fullmatch(plain(name).strip()))


@lru_cache(maxsize=MOST_NAMES)
def is_structural(name: str) -> bool:
    """Whether a folder below a class sorts its pictures by time, person or number, and names no class."""
    if is_date(name) or is_number(name) or is_group(name) or is_wrapper(name) or is_size(name):
        return True
    if _HEX.fullmatch(plain(name)) or name.lower().endswith(_PICTURE_ENDINGS):
        return True
    words = words_of(name)
    return bool(words) and all(word in _EXTRAS or word in _WRAPPERS for word in words)


@lru_cache(maxsize=MOST_NAMES)
def is_neutral(name: str) -> bool:
    """Whether a folder above the classes says where pictures come from, and names no class."""
    return is_date(name) or is_group(name)


@lru_cache(maxsize=MOST_NAMES)
def is_beside_name(name: str) -> bool:
    """Whether a name says that masks or annotations are in a folder: "masks", "train_labels"."""
    return _all_of(name, _BESIDE)


@lru_cache(maxsize=MOST_NAMES)
def is_doubtful_name(name: str) -> bool:
    """Whether a name may say that, or that programs and results are in it, but may be a class: "mask"."""
    return _all_of(name, _DOUBTFUL)


def is_vehicle(name: str) -> bool:
    """Whether a name is that of a vehicle, as "train" may be."""
    return any(word in _VEHICLES for word in words_of(name))


def _all_of(name: str, known: frozenset[str]) -> bool:
    words = _rest_of(name)
    return any(word in known for word in words) and all(word in known or word in _WRAPPERS for word in words)


def _rest_of(name: str) -> tuple[str, ...]:
    guess = guess_part(name)
    words = guess.rest if guess.role is not None else words_of(name)
    joined = words[:2]
    return (_TWO_WORDS[joined], *words[2:]) if joined in _TWO_WORDS else words
