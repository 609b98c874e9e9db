"""The colours of the window, once for light and once for dark.

Every text colour keeps a contrast of at least 4.5 to 1 on every background that it is used on, and the
outlines of controls 3 to 1 (WCAG 2.2, level AA); a test computes both.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPalette


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colours as ``#rrggbb``.

    Attributes:
        dark: Whether these belong to the dark theme.
        window: Behind everything.
        rail: The navigation rail, the menu bar and the status bar.
        surface: Cards, fields, menus.
        sunken: Tracks, wells and what the pointer is over.
        border: Separates areas; decoration only.
        outline: The edge of a control that only this edge sets apart from its surroundings.
        text: Normal text.
        muted: Less important text.
        accent: Filled buttons, focus rings, links, progress.
        on_accent: Text on ``accent``.
        accent_hover: ``accent`` under the pointer.
        tint: Selections and bars behind text.
        danger: Failures.
        warning: Doubt.
        success: All is well.
    """

    dark: bool
    window: str
    rail: str
    surface: str
    sunken: str
    border: str
    outline: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    tint: str
    danger: str
    warning: str
    success: str


LIGHT = Tokens(
    dark=False,
    window="#f6f7f9",
    rail="#eceef2",
    surface="#ffffff",
    sunken="#eef0f4",
    border="#dadee5",
    outline="#7f8894",
    text="#1a1d21",
    muted="#535b66",
    accent="#0b5fd0",
    on_accent="#ffffff",
    accent_hover="#094fae",
    tint="#d3e4fb",
    danger="#b3261e",
    warning="#7f4d00",
    success="#176e35",
)

DARK = Tokens(
    dark=True,
    window="#1a1c20",
    rail="#141619",
    surface="#23262b",
    sunken="#2c3037",
    border="#383d45",
    outline="#838c98",
    text="#e9ebee",
    muted="#abb2bc",
    accent="#7ab7ff",
    on_accent="#0b1b2e",
    accent_hover="#9ccaff",
    tint="#274668",
    danger="#ff8f86",
    warning="#f5bb5f",
    success="#72d191",
)


def tokens_of(palette: QPalette) -> Tokens:
    """The colours of the theme that a palette belongs to."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
