"""Which folders are subsets of a data set: by their names and by what is in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.core.datasets.layout.advice import EXPECTED, some
from desktop_app.core.datasets.layout.context import Base, Context
from desktop_app.core.datasets.layout.name_kinds import is_number, is_structural, is_vehicle, is_wrapper
from desktop_app.core.datasets.layout.part_names import guess_part
from desktop_app.core.datasets.layout.part_questions import ask_about_flat, ask_about_parts, offer_part
from desktop_app.core.datasets.report import PART_NAMES, DatasetError, Part
from desktop_app.core.foundation.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_app.core.datasets.layout.tree import Folder

_MOST_WRAPPERS = 64
_ENOUGH = 0.5
"""Share of a folder's classes that the training folder has, too, from which on it is taken for a subset."""

_PARTS: tuple[Part, ...] = ("train", "validation", "test")


@dataclass
class _Named:
    """The folders in one, sorted by what their names say."""

    parts: dict[Folder, Part] = field(default_factory=dict)
    blank: list[Folder] = field(default_factory=list)
    rest: list[Folder] = field(default_factory=list)
    given: bool = False

    def of(self, *parts: Part) -> list[Folder]:
        """The folders of some subsets."""
        return [folder for folder, part in self.parts.items() if part in parts]


def find_parts(context: Context, folder: Folder) -> list[Base] | None:
    """Find the subsets in a folder, and where the classes of each are.

    Folders of subsets that have no classes are noted as unlabeled.

    Args:
        context: The answers, and what is to be said.
        folder: The folder.

    Returns:
        A base for each subset with classes; None when the folders are no subsets.

    Raises:
        DatasetQuestion: They may be.
        DatasetError: There are only subsets, but the training subset or the classes are missing.
    """
    named = _named(context, folder)
    trains, others = named.of("train"), named.of("validation", "test")
    if not named.parts:
        return None
    known = _union(context, trains)
    if not known:
        _refuse_without_classes(context, folder, named)
        return None
    filled = [other for other in others if other.total]
    if not filled and not any(blank.total for blank in named.blank) and not named.given:
        real = _real(known) or _numbers(named, known)
        alike = [kid for kid in named.rest if real and _share(context, kid, real) >= _ENOUGH]
        if alike:
            raise ask_about_parts(context, folder, dict.fromkeys(trains, "train"), alike, named.rest)
        return None
    doubt = "" if named.given else _doubt(context, named, known)
    if doubt == "none":
        return None
    if doubt:
        proposed = {part: named.parts[part] for part in (*trains, *filled)}
        raise ask_about_parts(context, folder, proposed, [], named.rest)
    context.leave_beside([kid for kid in folder.kids if context.is_beside(kid)])
    return _accept(context, named, known)


def part_base(context: Context, folder: Folder, role: str, known: Iterable[str]) -> Folder:
    """Go through the wrappers in a subset, down to the folder that holds its classes.

    Args:
        context: The answers.
        folder: The folder of the subset.
        role: What its name stands for.
        known: Classes of the training subset, by loose keys; a folder of that name is no wrapper.
    """
    known = set(known)
    for _ in range(_MOST_WRAPPERS):
        filled = [kid for kid in folder.filled if not context.is_beside(kid)]
        if folder.pictures or len(filled) != 1 or known & set(context.classes_in(folder)):
            break
        only = filled[0]
        guess = context.guess(only)
        deeper = only.filled
        divides = len(deeper) > 1 and not only.pictures and not all(is_structural(kid.name) for kid in deeper)
        again = guess.role in {role, "unlabeled"} and guess.rest in {(), context.guess(folder).rest}
        if not (is_wrapper(only.name) or again or divides):
            break
        folder = only
    return folder


def unwrapped(context: Context, folder: Folder) -> Folder:
    """Go through folders that only say that there are pictures in them."""
    for _ in range(_MOST_WRAPPERS):
        filled = [kid for kid in folder.filled if not context.is_beside(kid)]
        if folder.pictures or len(filled) != 1 or not is_wrapper(filled[0].name):
            break
        folder = filled[0]
    return folder


def _named(context: Context, folder: Folder) -> _Named:
    found = _Named()
    guesses = {kid: context.guess(kid) for kid in folder.kids}
    plain = {guess.role for guess in guesses.values() if guess.kind == "plain"}
    for kid, guess in guesses.items():
        found.given |= context.meaning(kid) in _PARTS
        if context.is_beside(kid) or guess.role is None:
            if kid.total and not context.is_beside(kid):
                found.rest.append(kid)
        elif guess.role == "unlabeled":
            found.blank.append(kid)
        elif (
            guess.kind == "open" and guess.role in plain
        ):  # eval beside val is the test, holdout beside test not
            found.parts[kid] = "test" if guess.role == "validation" else "validation"
        else:
            found.parts[kid] = guess.role
    return found


def _inner(context: Context, folder: Folder, role: str, known: Iterable[str] = ()) -> dict[str, Folder]:
    return context.classes_in(part_base(context, folder, role, known))


def _union(context: Context, trains: Iterable[Folder]) -> set[str]:
    return {key for folder in trains for key in _inner(context, folder, "train")}


def _share(context: Context, folder: Folder, known: set[str]) -> float:
    """The share of a folder's classes that the training folder has."""
    keys = set(_inner(context, folder, "", known))
    return len(keys & known) / len(keys) if keys else 0.0


def _real(keys: Iterable[str]) -> set[str]:
    """The names that classes may have: not those of subsets, dates and the like, alike everywhere."""
    return {key for key in keys if not is_structural(key) and guess_part(key).role is None}


def _numbers(named: _Named, keys: set[str]) -> set[str]:
    """The numbers that several folders have, as those of persons; none beside vehicles, as a train is one."""
    if any(is_vehicle(kid.name) for kid in named.rest) or not all(map(is_number, keys)):
        return set()
    return keys


def _fitting_names(context: Context, folders: Iterable[Folder]) -> bool:
    """Whether names differ in nothing but the words for subsets."""
    return len({context.guess(folder).rest for folder in folders}) == 1


def _doubt(context: Context, named: _Named, known: set[str]) -> str:
    """Weigh whether folders are subsets, by what is in them and by their names.

    Returns:
        Empty where they are beyond doubt; "ask" where they may be; "none" where the names differ in more
        than the words for subsets, as those of classes do ("test tube", "training shoes").
    """
    parts = [folder for folder in named.parts if folder.total]
    others = [folder for folder in parts if named.parts[folder] != "train"]
    shares = [_share(context, folder, known) for folder in others if _inner(context, folder, "", known)]
    alike = bool(shares) and min(shares) >= _ENOUGH
    rests = {context.guess(folder).rest for folder in parts}
    if len(rests) > 1:
        if not alike or not _real(known):
            return "none"
        return "" if len(rests - {()}) == 1 and not named.rest else "ask"
    if alike:
        return ""
    weak = any(context.guess(folder).kind == "weak" for folder in parts)
    if named.rest:
        return "" if not weak and max(shares, default=0.0) > 0 else "ask"
    return "ask" if weak and any(rests) else ""


def _accept(context: Context, named: _Named, known: set[str]) -> list[Base]:
    bases: list[Base] = []
    order = sorted(named.parts.items(), key=lambda entry: _PARTS.index(entry[1]))
    for folder, part in order:
        base = part_base(context, folder, part, known if part != "train" else ())
        keys = context.classes_in(base)
        alone = len(keys) == 1 and len(known) > 1 and not known & set(keys)
        only = next(iter(keys.values())) if alone else None
        inner = _named(context, base) if part == "train" else _Named()
        if _union(context, inner.of("train")) and (below := find_parts(context, base)):
            bases += below  # trainval/train and trainval/val
        elif not keys:
            context.leave_unlabeled(folder, part)
        elif part != "train" and only is not None and context.meaning(only) is None:
            name = printable(only.name)
            context.leave_unlabeled(folder, part, f"in '{name}', which is no class of the training folder")
        else:
            bases.append(Base(base, part))
    for part in _PARTS:
        same = [folder for folder in named.of(part) if folder.total]
        if len({context.guess(folder).rest for folder in same}) > 1:
            context.warnings.append(f"{context.names(same)} are all used as {PART_NAMES[part]} pictures.")
    for folder in named.blank:
        context.leave_unlabeled(folder, None)
    for folder in named.rest:
        context.warnings.append(f"'{context.name(folder)}' is skipped: it belongs to no split.")
        if _share(context, folder, known) >= _ENOUGH:
            context.questions.append(offer_part(context, folder))
    return bases


def _refuse_without_classes(context: Context, folder: Folder, named: _Named) -> None:
    """Raise what is missing where the names are those of subsets."""
    filled = [kid for kid in (*named.parts, *named.blank) if kid.total]
    roles = {named.parts[kid] for kid in filled if kid in named.parts}
    if "train" not in roles:
        _ask_for_training(context, folder, named)
    if len(roles) < 2 or not _fitting_names(context, filled):
        return
    where = f"{printable(str(folder.path))} is split into {', '.join(printable(kid.name) for kid in filled)}"
    around = [*folder.kids, *(kid for part in filled for kid in part.kids)]
    around += folder.parent.kids if folder.parent is not None else []
    beside = [context.name(kid) for kid in around if context.is_beside(kid)]
    seen = f" Beside the pictures: {some(beside)}, as data with masks or boxes have." if beside else ""
    if "train" in roles and not named.rest:
        raise DatasetError(f"{where}, but there are no class folders in them.{seen}", EXPECTED)
    flat = not any(kid.filled for kid in filled)
    if "train" in roles and flat and all(context.guess(kid).kind != "weak" for kid in filled):
        raise ask_about_flat(context, folder, filled, named.rest)
    if "train" not in roles and not named.rest:
        raise DatasetError(f"{where}, but has no training folder.{seen}", EXPECTED)


def _ask_for_training(context: Context, folder: Folder, named: _Named) -> None:
    """Ask whether a folder with the classes of the subsets beside it is the one to train on.

    Raises:
        DatasetQuestion: There is one.
    """
    parts = {kid: part for kid, part in named.parts.items() if kid.total}
    known = _real({key for kid in parts for key in _inner(context, kid, "")})
    alike = [kid for kid in named.rest if known and _share(context, kid, known) >= _ENOUGH]
    if alike:
        largest = max(alike, key=lambda kid: kid.total)
        others = [kid for kid in named.rest if kid is not largest]
        raise ask_about_parts(context, folder, {**parts, largest: "train"}, [], others)
