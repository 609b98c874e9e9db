"""Removes from logs and reports whatever identifies the user."""

from __future__ import annotations

import functools
import getpass
import re
import sys
from pathlib import Path

_LINK_SECRETS = re.compile(r"(https?://)(?:[^\s/@'\"]*@)?([^\s?#'\"<>]*)(\?[^\s#'\"<>]*)?", re.IGNORECASE)
_SHORTEST_NAME = 3
"""Shorter user names are replaced inside paths only: as a word they could be anything."""


def scrub(text: str) -> str:
    """Replace the user's home folder and name by ``~``, and drop passwords and queries from links.

    The queries of links carry access tokens; the rest of a link is needed to understand a report.
    """
    text = _LINK_SECRETS.sub(_plain_link, text)
    for pattern in _user_patterns():
        text = pattern.sub("~", text)
    return text


def _plain_link(match: re.Match[str]) -> str:
    return match[1] + match[2] + ("?..." if match[3] else "")


@functools.cache
def _user_patterns() -> tuple[re.Pattern[str], ...]:
    try:
        # The home folder as it is named and as it really is; longest first.
        home = Path.home()
        homes = sorted({str(home), str(home.resolve())}, key=len, reverse=True)
    except (RuntimeError, OSError):
        homes = []
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name for this user id, as in some containers
        name = ""
    return user_patterns(homes, name, ignore_case=sys.platform == "win32")


def user_patterns(homes: list[str], name: str, *, ignore_case: bool = False) -> tuple[re.Pattern[str], ...]:
    """Make the patterns that find the user in a text.

    Args:
        homes: The home folder in its spellings.
        name: The user's name on this computer; may be empty.
        ignore_case: Whether upper and lower case are the same, as in file names on Windows.
    """
    flags = re.IGNORECASE if ignore_case else 0
    # "/" is the home of some service accounts, and a part of every path.
    spelled = [spelling for home in homes if len(home) > 1 for spelling in _spellings(home)]
    patterns = [re.compile(re.escape(spelling) + r"(?![\w-])", flags) for spelling in spelled]
    if len(name) >= _SHORTEST_NAME:
        patterns.append(re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", flags))
    elif name:
        patterns.append(re.compile(rf"(?<=[/\\]){re.escape(name)}(?=[/\\])", flags))
    return tuple(patterns)


def _spellings(home: str) -> list[str]:
    """The path unchanged, with slashes, and with the doubled backslashes of a quoted string."""
    return list(dict.fromkeys((home, home.replace("\\", "\\\\"), home.replace("\\", "/"))))
