"""The colours of curves, distinct in light and dark and for people who see fewer colours.

Blue and orange first, which every common colour blindness leaves apart, then the other hues of Okabe and Ito
(Color Universal Design, 2008), darkened or lightened until they keep 3 to 1 on the card (WCAG 2.2, 1.4.11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.ui.common.style.tokens import Tokens

_LIGHT = ("#0b5fd0", "#c04a00", "#00795c", "#9c3f86", "#7a5c00", "#2a7fa3", "#5a5f66")
_DARK = ("#7ab7ff", "#ffb057", "#5fd3a8", "#f0a0d8", "#e6d65a", "#7fd6f2", "#b9bec6")
COLOURS = len(_LIGHT)
"""Number of curves with distinct colours."""


def curve_colours(tokens: Tokens) -> tuple[str, ...]:
    """The colours in the order in which curves take them, as ``#rrggbb``."""
    return _DARK if tokens.dark else _LIGHT
