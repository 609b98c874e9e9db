"""Damaging files on purpose: the mutations of usual fuzzers, reproducible from a seed."""

from __future__ import annotations

import random
import zlib

INTERESTING = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]


def mutate(files: dict[str, bytes], seed: int) -> tuple[str, bytes]:
    """Damage one of some files: the name of the file, and its bytes with one to eight mutations."""
    dice = random.Random(seed)
    name = dice.choice(list(files))
    data = bytearray(files[name])
    for _ in range(dice.choice([1, 1, 2, 4, 8])):
        dice.choice(MUTATIONS)(data, dice)
        if dice.random() < 0.05:
            splice(data, files[dice.choice(list(files))], dice)
    if data.startswith(b"\x89PNG") and dice.random() < 0.7:
        repair_png(data)
    return name, bytes(data)


def flip_bit(data: bytearray, dice: random.Random) -> None:
    if data:
        data[_somewhere(data, dice)] ^= 1 << dice.randrange(8)


def set_byte(data: bytearray, dice: random.Random) -> None:
    if data:
        data[_somewhere(data, dice)] = dice.randrange(256)


def set_number(data: bytearray, dice: random.Random) -> None:
    """Overwrite 1, 2 or 4 bytes, in either byte order, with a number at the edge of something."""
    size = dice.choice([1, 2, 4])
    start = _somewhere(data, dice)
    value = dice.choice(INTERESTING) % 256**size
    data[start : start + size] = value.to_bytes(size, dice.choice(["big", "little"]))


def cut_end(data: bytearray, dice: random.Random) -> None:
    del data[_somewhere(data, dice) :]


def cut_middle(data: bytearray, dice: random.Random) -> None:
    start = _somewhere(data, dice)
    del data[start : start + dice.choice([1, 4, 16, 256])]


def repeat(data: bytearray, dice: random.Random) -> None:
    start = _somewhere(data, dice)
    piece = data[start : start + dice.choice([1, 4, 16, 256])]
    data[start:start] = piece * dice.choice([1, 2, 16])


def splice(data: bytearray, other: bytes, dice: random.Random) -> None:
    """Copy a piece of another file over this one."""
    start, size = dice.randrange(len(other)), dice.choice([4, 16, 256])
    where = _somewhere(data, dice)
    data[where : where + size] = other[start : start + size]


def repair_png(data: bytearray) -> None:
    """Make the checksums right again, so that the damage gets past them."""
    at = 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + size
        if end + 4 > len(data):
            return
        data[end : end + 4] = zlib.crc32(data[at + 4 : end]).to_bytes(4, "big")
        at = end + 4


MUTATIONS = [flip_bit, flip_bit, set_byte, set_number, set_number, cut_end, cut_middle, repeat]


def _somewhere(data: bytearray, dice: random.Random) -> int:
    """A place in the file; every second time in its first 256 bytes, where the headers are."""
    end = len(data) if dice.random() < 0.5 else min(len(data), 256)
    return dice.randrange(end) if end else 0
