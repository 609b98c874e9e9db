"""The pictures of a folder that are most like one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.core.features.extract import BUILT_IN, cache_file, features_of
from desktop_app.core.features.neighbours import nearest
from desktop_app.core.foundation.ahead import InPlace
from desktop_app.core.foundation.errors import UnreadableImage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop_app.core.features.extract import Compute, FeatureSource
    from desktop_app.core.foundation.ahead import MakeExecutor


@dataclass(frozen=True, slots=True)
class SimilarPictures:
    """Pictures by their likeness to one.

    Attributes:
        picture: The picture that the others are compared with.
        paths: The others, the most similar first.
        cosines: Cosine of the features of each with those of the picture, -1..1.
        unreadable: Number of pictures that cannot be read.
    """

    picture: Path
    paths: tuple[Path, ...]
    cosines: tuple[float, ...]
    unreadable: int = 0


def find_similar(
    picture: Path,
    paths: Sequence[Path],
    *,
    make_compute: Callable[[], Compute],
    source: FeatureSource = BUILT_IN,
    top: int | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
    make_executor: MakeExecutor = InPlace,
) -> SimilarPictures:
    """Order pictures by their likeness to one; features are kept for the next time.

    Args:
        picture: The picture to compare with; it is left out of the result.
        paths: The pictures to compare.
        make_compute: As for `features_of`.
        source: What it loads.
        top: How many to return; all by default.
        on_progress: As for `features_of`.
        check: Callback between steps; what it raises ends the work.
        make_executor: Factory of the executor whose threads read.

    Raises:
        UnreadableImage: The picture cannot be read.
        ModelError: The network is missing or damaged.
        EngineError: TensorFlow does not start.
    """
    reasons: dict[Path, str] = {}
    others = [path for path in dict.fromkeys(paths) if path != picture]
    features = features_of(
        [picture, *others],
        make_compute=make_compute,
        cache=cache_file(source),
        source=source,
        on_progress=on_progress,
        on_bad=reasons.__setitem__,
        check=check,
        make_executor=make_executor,
    )
    if not features.good[0]:
        raise UnreadableImage(reasons[picture])
    found = nearest(features.vectors[0], features.vectors[1:], top, features.good[1:], check)
    return SimilarPictures(
        picture,
        tuple(others[row] for row in found.rows.tolist()),
        tuple(found.cosines.tolist()),
        len(reasons),
    )
