"""DICOM and NIfTI by content: neither need begin with a mark of its own."""

from __future__ import annotations

from typing import Literal

_REPRESENTATIONS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT OB OF OW PN SH SL SQ SS ST TM UC UI UL UN UR US UT".split()
)
_LONG = frozenset(b"OB OF OW SQ UC UN UR UT".split())
_FIRST_GROUPS = (2, 8)
_LONGEST_FIRST_VALUE = 512

_NIFTI_1, _NIFTI_2 = 348, 540


def is_dicom(head: bytes) -> bool:
    """Whether a file is DICOM: with its mark behind 128 bytes, or beginning with its first data element."""
    if head[128:132] == b"DICM":
        return True
    return _begins_with_elements(head, "little") or _begins_with_elements(head, "big")


def _begins_with_elements(head: bytes, order: Literal["little", "big"]) -> bool:
    """Whether two data elements in ascending order begin a file (PS3.5, 7.1), as before the third version."""
    first = _tag(head, 0, order)
    if len(head) < 24 or first[0] not in _FIRST_GROUPS or first[1] > 0x100:
        return False
    representation = head[4:6]
    if representation in _LONG:
        value, length = 12, int.from_bytes(head[8:12], order)
    elif representation in _REPRESENTATIONS:
        value, length = 8, int.from_bytes(head[6:8], order)
    elif order == "little":
        value, length = 8, int.from_bytes(head[4:8], order)
    else:
        return False
    following = _tag(head, value + length, order)
    return length <= _LONGEST_FIRST_VALUE and length % 2 == 0 and first < following < (first[0] + 6, 0x10000)


def _tag(head: bytes, at: int, order: Literal["little", "big"]) -> tuple[int, int]:
    return int.from_bytes(head[at : at + 2], order), int.from_bytes(head[at + 2 : at + 4], order)


def is_nifti(head: bytes) -> bool:
    """Whether an unpacked file is one whole NIfTI volume, version 1 or 2."""
    size = _header_size(head)
    return (size == _NIFTI_1 and head[344:348] == b"n+1\0") or (size == _NIFTI_2 and head[4:8] == b"n+2\0")


def is_nifti_pair(head: bytes) -> bool:
    """Whether it is the header alone of a NIfTI or Analyze volume; the numbers are in a second file."""
    size = _header_size(head)
    if size == _NIFTI_2:
        return head[4:8] == b"ni2\0"
    return size == _NIFTI_1 and (head[344:348] == b"ni1\0" or head[38:39] == b"r")


def _header_size(head: bytes) -> int:
    """The size that a header states of itself, in either byte order; 0 for none of NIfTI's."""
    sizes = (int.from_bytes(head[:4], "little"), int.from_bytes(head[:4], "big"))
    return next((size for size in sizes if size in {_NIFTI_1, _NIFTI_2}), 0)
