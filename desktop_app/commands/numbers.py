"""Numbers on the command line."""

from __future__ import annotations

import argparse
import math
from typing import TypeVar

_MAX_SPLIT = 0.9
"""The range of `core.training.config.Fraction`, which help must not wait for."""
_MAX_PORT = 65_535


def positive(text: str) -> int:
    """Read a whole number from 1."""
    return _number(text, int, 1, None)


def port(text: str) -> int:
    """Read the number of a port."""
    return _number(text, int, 0, _MAX_PORT)


def fraction(text: str) -> float:
    """Read a share of the pictures."""
    return _number(text, float, 0, _MAX_SPLIT)


def share(text: str) -> float:
    """Read a share of something, from 0 to 1."""
    return _number(text, float, 0, 1)


_Number = TypeVar("_Number", int, float)


def _number(text: str, kind: type[_Number], low: float, high: float | None) -> _Number:
    """Read a number.

    Raises:
        argparse.ArgumentTypeError: It is none, or not within the limits; the words say what is allowed.
    """
    try:
        number = kind(text)
    except ValueError:
        number = None
    if number is None or not low <= number <= (math.inf if high is None else high):
        what = "a whole number" if kind is int else "a number"
        limits = f"of {low} or more" if high is None else f"from {low} to {high}"
        raise argparse.ArgumentTypeError(f"'{text}' is not {what} {limits}")
    return number
