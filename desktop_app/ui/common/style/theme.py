"""Light and dark: follows the system unless the user forces one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette

from desktop_app.ui.common.style.stylesheet import stylesheet
from desktop_app.ui.common.style.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

STYLE = "Fusion"
"""The style of all widgets, which the style sheet is made for."""
DRESSED = "has_style"
"""Property of an application that was started with the style already."""

ThemeChoice = Literal["system", "light", "dark"]
THEMES: tuple[tuple[ThemeChoice, str], ...] = (
    ("system", "Follow the system"),
    ("light", "Light"),
    ("dark", "Dark"),
)


class Theme(QObject):
    """Dresses the application; `changed` comes after the palette and the stylesheet are in place."""

    changed = Signal()

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._choice: ThemeChoice = "system"
        self._applied: Tokens | None = None
        if not application.property(DRESSED):
            application.setStyle(STYLE)
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    @property
    def tokens(self) -> Tokens:
        """The colours that the choice leads to at this moment."""
        if self._choice == "system":
            dark = self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def apply(self, choice: ThemeChoice) -> None:
        """Switch to the choice and dress the application; does nothing when it wears it already."""
        self._choice = choice
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        # Native parts (title bar, file dialogs) follow too, where the platform can.
        self._application.styleHints().setColorScheme(schemes.get(choice, Qt.ColorScheme.Unknown))
        self._dress()

    def _on_scheme_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        tokens = self.tokens
        if tokens is self._applied:
            return
        self._applied = tokens
        self._application.setPalette(palette(tokens))
        self._application.setStyleSheet(stylesheet(tokens))
        self.changed.emit()


def palette(tokens: Tokens) -> QPalette:
    """The palette from which the style and the painting widgets take their colours."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.sunken,
        role.Mid: tokens.border,
        role.Dark: tokens.outline,
        role.Shadow: tokens.border,
    }
    result = QPalette()
    for key, colour in colours.items():
        result.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.outline))
    return result
