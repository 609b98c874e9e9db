"""Pictures that are the same, or look the same, among very many.

Two pictures look the same when their difference hashes differ in at most `MOST_BITS` of 128 bits and their
looks differ, after brightness and contrast are evened out, by at most `MOST_DIFFERENCE` (root mean square, in
standard deviations). The hash is the one of Neal Krawetz ("Kind of Like That", The Hacker Factor Blog, 2013),
taken along rows and along columns. Hash and look together were tried on photos and on 12,000 handwritten
digits: photos saved again with less quality or at another size were found (99% within 5 bits and 0.025), and
none of the 72 million pairs of different digits, of which hundreds are within the bits alone.

To find the pairs, the bits are dealt out to more bands than may differ, so that two hashes within the limit
have a band in common (Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing",
CVPR 2012). Sorted by a band, such pairs lie close together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from desktop_app.core.datasets.examine.picture_facts import LOOK_SIDE
from desktop_app.core.foundation.cancellation import NEVER, CancelToken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_BITS = 6
MOST_DIFFERENCE = 0.04
MIN_CONTRAST = 16
"""Least difference (0..255) of a look's darkest and lightest point; flatter ones are not compared."""

MOST_NEIGHBOURS = 128
"""Pictures with an equal band that each one is compared with: the limit on work when very many are alike."""

_BANDS = MOST_BITS + 1
_CHUNK = 4096
_WORD = 64


def group_exact(digests: Sequence[bytes]) -> NDArray[np.int64]:
    """Number equal files alike.

    Args:
        digests: Digests, one for each file.

    Returns:
        int64 ``(N,)``: for each file the index of the first one with the same digest.
    """
    first: dict[bytes, int] = {}
    return np.fromiter(
        (first.setdefault(digest, i) for i, digest in enumerate(digests)), np.int64, len(digests)
    )


def group_alike(
    looks: NDArray[np.uint8], groups: NDArray[np.int64], cancel: CancelToken = NEVER
) -> NDArray[np.int64]:
    """Join groups whose pictures look the same, directly or by way of others.

    Args:
        looks: uint8 ``(N, 81)``: `PictureFacts.look` of each picture.
        groups: int64 ``(N,)``: for each picture the index of the first one of its group.
        cancel: Token checked now and then.

    Returns:
        int64 ``(N,)`` like ``groups``, with fewer groups.

    Raises:
        Cancelled: The user cancelled.
    """
    candidates = np.nonzero((groups == np.arange(len(groups))) & (_contrast(looks) >= MIN_CONTRAST))[0]
    rows, columns = difference_hashes(looks[candidates])
    roots = np.arange(len(candidates))
    for band in range(_BANDS):
        keys = _band(rows, columns, band)
        order = np.lexsort((columns, rows, keys))
        for distance in range(1, MOST_NEIGHBOURS + 1):
            cancel.check()
            one, other = order[:-distance], order[distance:]
            together = keys[one] == keys[other]
            if not together.any():
                break
            one, other = one[together], other[together]
            apart = roots[one] != roots[other]
            one, other = one[apart], other[apart]
            near = _bits_apart(rows, columns, one, other) <= MOST_BITS
            one, other = one[near], other[near]
            same = _look_alike(looks, candidates[one], candidates[other])
            roots = join(roots, one[same], other[same])
    merged = np.arange(len(groups))
    merged[candidates] = candidates[roots]
    return np.asarray(merged[groups])


def join(roots: NDArray[np.int64], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Unite groups.

    Args:
        roots: First member of each one's group, int64 ``(N,)``.
        one: Members of groups, int64 ``(P,)``.
        other: Members of the groups to unite them with, int64 ``(P,)``.

    Returns:
        int64 ``(N,)`` like ``roots``.
    """
    roots = roots.copy()
    while len(one):
        low = np.minimum(roots[one], roots[other])
        high = np.maximum(roots[one], roots[other])
        apart = low != high
        one, other, low, high = one[apart], other[apart], low[apart], high[apart]
        np.minimum.at(roots, high, low)
        while not np.array_equal(roots, shorter := roots[roots]):
            roots = shorter
    return roots


def difference_hashes(looks: NDArray[np.uint8]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hash looks by whether each point is lighter than the one before it.

    Args:
        looks: uint8 ``(N, 81)``.

    Returns:
        uint64 ``(N,)`` for neighbours in rows, and the same for neighbours in columns.
    """
    points = looks.reshape(-1, LOOK_SIDE, LOOK_SIDE)
    rows = points[:, :-1, 1:] > points[:, :-1, :-1]
    columns = points[:, 1:, :-1] > points[:, :-1, :-1]
    return _packed(rows), _packed(columns)


def _packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    packed = np.packbits(bits.reshape(-1, _WORD), axis=1)
    return np.asarray(np.ascontiguousarray(packed).view(np.uint64).reshape(-1))


def _contrast(looks: NDArray[np.uint8]) -> NDArray[np.int16]:
    if not len(looks):
        return np.zeros(0, np.int16)
    return np.asarray(looks.max(axis=1).astype(np.int16) - looks.min(axis=1))


def _band(rows: NDArray[np.uint64], columns: NDArray[np.uint64], band: int) -> NDArray[np.uint64]:
    """Take every seventh bit, from all over the picture: neighbouring bits are too often the same."""
    mask = np.uint64(sum(1 << bit for bit in range(band, _WORD, _BANDS)))
    picked = columns & mask
    return np.asarray((rows & mask) | (picked << np.uint64(1)) | (picked >> np.uint64(_WORD - 1)))


def _bits_apart(
    rows: NDArray[np.uint64],
    columns: NDArray[np.uint64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.uint8]:
    differing = (rows[one] ^ rows[other], columns[one] ^ columns[other])
    return np.asarray(np.bitwise_count(differing[0]) + np.bitwise_count(differing[1]))


def _look_alike(
    looks: NDArray[np.uint8], one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Compare pairs of looks; in pieces, because floating point takes four times their memory."""
    pieces = [
        _evened(looks[one[start : start + _CHUNK]]) - _evened(looks[other[start : start + _CHUNK]])
        for start in range(0, len(one), _CHUNK)
    ]
    squares = [np.mean(piece**2, axis=1) for piece in pieces]
    return np.concatenate([np.zeros(0), *squares]) <= MOST_DIFFERENCE**2


def _evened(looks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring looks to mean 0 and standard deviation 1."""
    points = looks.astype(np.float32)
    points -= points.mean(axis=1, keepdims=True)
    return np.asarray(points / points.std(axis=1, keepdims=True))
