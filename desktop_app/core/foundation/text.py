"""Names, counts, sizes, percentages and durations as text, the same wherever they are shown."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")
_NO_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Lone surrogates that names in Windows may have; the others stand for bytes, as `os.fsdecode` does it."""
_SMALLEST_PLAIN = 1e-6
"""Numbers below this are written in scientific notation."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with what it counts: "1 picture", "12,000 pictures".

    Args:
        number: How many.
        noun: One of them.
        plural: Several of them; the noun with an s by default.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def percent(share: float) -> str:
    """Write a share (0..1) as a percentage with one decimal: "75.0%"."""
    return f"{100 * share:.1f}%"


def printable(text: str) -> str:
    """Replace what a terminal, a label or UTF-8 cannot carry (lone surrogates, control characters)."""
    text = _NO_BYTES.sub("\N{REPLACEMENT CHARACTER}", text)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


def natural_key(name: str) -> tuple[list[tuple[int, int | str]], str]:
    """Sort key that reads digits as numbers and ignores case; the name itself settles ties."""
    parts = _DIGITS.split(name.casefold())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part], name


def plain_number(value: float) -> str:
    """Write a fraction with six digits at most, without a power of ten down to a millionth: "0.00001"."""
    if value and abs(value) < _SMALLEST_PLAIN:
        mantissa, _, power = f"{value:.6g}".partition("e")
        return f"{mantissa}e{int(power)}"
    if abs(value) >= 1:
        return f"{value:.6g}"
    return f"{float(f'{value:.6g}'):.12f}".rstrip("0").rstrip(".")


def amount(value: float) -> str:
    """Write an amount with about four digits for a person: "12.4", "1,235", "0.00124"."""
    if abs(value) >= 1e12:
        return f"{value:.4g}"
    if abs(value) >= 999.95:
        return f"{value:,.0f}"
    return plain_number(float(f"{value:.4g}"))


def readable_size(count: float) -> str:
    """Write a number of bytes as file managers do: decimal units, "3.4 MB" and "575 MB"."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            amount = count / factor
            return f"{amount:.1f} {unit}" if amount < 99.95 else f"{amount:,.0f} {unit}"
    return counted(max(round(count), 0), "byte")


def duration(seconds: float) -> str:
    """Write how long a prediction took."""
    return f"{1000 * seconds:.0f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def pixel_size(width: int, height: int) -> str:
    """Write the size of a picture."""
    return f"{width:,} \N{MULTIPLICATION SIGN} {height:,}"


def breakable(text: str) -> str:
    """Let a label break long names and paths: after their separators, and anywhere after 16 characters.

    Decimal numbers stay whole.
    """
    text = re.sub(r"([/\\_\-@=&?]|(?<!\d)\.|\.(?!\d))(?=\w)", "\\1\N{ZERO WIDTH SPACE}", text)
    return re.sub(r"([^\s\N{ZERO WIDTH SPACE}]{16})(?=[^\s])", "\\1\N{ZERO WIDTH SPACE}", text)


def remaining(seconds: float) -> str:
    """Write an estimate of a time to wait, as roughly as it is known."""
    if seconds < 60:
        return f"{max(5 * round(seconds / 5), 1)} s"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def time_span(seconds: float) -> str:
    """Write how long a training or a job took."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
