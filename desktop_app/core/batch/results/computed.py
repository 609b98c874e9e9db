"""What computed the predictions of a job, in words: one engine, or several that differ a little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.foundation.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_app.core.inference.choice import AnsweredBy

_EARLIER = "an earlier version of Sightline"
_DIFFER = (
    "The same picture may have slightly different probabilities by another engine, precision or processor."
)


def computed_sentence(engines: Sequence[tuple[AnsweredBy | None, int]], *, always: bool = False) -> str:
    """Say what computed how many predictions.

    Args:
        engines: As `JobReader.engines` counts them.
        always: Whether to say it of a job that one thing computed, too.

    Returns:
        Such as "1,200 by OpenVINO, float32; 40 by TensorFlow, float32. ..."; empty where one thing computed
        all, unless ``always``.
    """
    counts = _counts(engines)
    if not counts or (len(counts) == 1 and not always):
        return ""
    with_place = len({place for _words, place in counts if place}) > 1
    parts = [
        f"{count:,} by {words}{f' on {place}' if place and with_place else ''}"
        for (words, place), count in sorted(counts.items(), key=lambda entry: -entry[1])
    ]
    return f"{'; '.join(parts)}.{f' {_DIFFER}' if len(parts) > 1 else ''}"


def mixing_sentence(engines: Sequence[tuple[AnsweredBy | None, int]], by: AnsweredBy) -> str:
    """Say before a job is resumed that its results so far were computed by something else.

    Args:
        engines: As `JobReader.engines` counts them.
        by: What is to compute the rest.

    Returns:
        A sentence; empty where the same computed all so far.
    """
    others = {key: count for key, count in _counts(engines).items() if key != _key(by)}
    if not others:
        return ""
    count = sum(others.values())
    were = "was" if count == 1 else "were"
    named = " and ".join(f"{words}{f' on {place}' if place else ''}" for words, place in others)
    return (
        f"{counted(count, 'picture')} {were} classified by {named}; the rest is classified by {by.words} on "
        f"{by.place}. {_DIFFER}"
    )


def _counts(engines: Sequence[tuple[AnsweredBy | None, int]]) -> dict[tuple[str, str], int]:
    """Count by what answers depend on: the number of cores is not among it."""
    counts: dict[tuple[str, str], int] = {}
    for by, count in engines:
        key = (_EARLIER, "") if by is None else _key(by)
        counts[key] = counts.get(key, 0) + count
    return counts


def _key(by: AnsweredBy) -> tuple[str, str]:
    return by.words, by.place
